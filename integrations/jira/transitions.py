"""What a transition that Jira offers leads to, and what must be said with it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from integrations.jira.account import Account, Item, name_of
from integrations.jira.history import ACTIVE, DONE, NEW, category
from ops_console.contracts.tracker import Standing

CATEGORY = {Standing.OPEN: NEW, Standing.IN_PROGRESS: ACTIVE, Standing.DONE: DONE, Standing.DROPPED: DONE}
Move = tuple[str, Mapping[str, Any]]


def ways(offered: Sequence[Item], kind: str, target: Standing, here: Account) -> Iterator[Move]:
    for each in offered:
        if category(each["to"]) != kind:
            continue
        fields = _fields(each, target, here)
        if fields is not None:
            yield str(each["id"]), fields


def _fields(transition: Item, target: Standing, here: Account) -> Mapping[str, Any] | None:
    """What must be said with it; nothing where it wants what is not known here."""
    wanted = dict(transition.get("fields") or {})
    resolution = wanted.pop("resolution", None)
    if any(each.get("required") and not each.get("hasDefaultValue") for each in wanted.values()):
        return None
    if CATEGORY[target] != DONE:
        return {}
    if resolution is None:
        says_so = name_of(transition["to"]).casefold() in here.dropped
        return {} if says_so == (target is Standing.DROPPED) else None
    fitting = (
        each
        for each in resolution.get("allowedValues") or ()
        if (name_of(each).casefold() in here.dropped) == (target is Standing.DROPPED)
    )
    chosen = next(fitting, None)
    return None if chosen is None else {"resolution": {"id": str(chosen["id"])}}
