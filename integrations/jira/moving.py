"""Moving an issue through its workflow: Jira offers transitions from where it stands, and each may want fields."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from integrations.jira.account import Account, Item, name_of
from integrations.jira.api import Jira
from integrations.jira.history import ACTIVE, DONE, NEW, category
from integrations.jira.issues import is_dropped
from ops_console.contracts.tracker import Standing

STANDINGS = {NEW: Standing.OPEN, ACTIVE: Standing.IN_PROGRESS}
CATEGORY = {Standing.OPEN: NEW, Standing.IN_PROGRESS: ACTIVE, Standing.DONE: DONE, Standing.DROPPED: DONE}
STEPS = 4
"""More a workflow seldom needs from one end to the other."""
Move = tuple[str, Mapping[str, Any]]


def standing(fields: Item, here: Account) -> Standing:
    """How far it is, by the category of its status, and where that is done by its resolution."""
    kind = category(fields["status"])
    if kind == DONE:
        return Standing.DROPPED if is_dropped(fields, here) else Standing.DONE
    return STANDINGS.get(kind, Standing.IN_PROGRESS)


def moved(jira: Jira, number: str, target: Standing, here: Account) -> str:
    """Move it there, over others where there is no direct way; why not, where it cannot be."""
    seen: set[str] = set()
    for _ in range(STEPS):
        issue = jira.issue(number, ["status", "resolution"])
        if issue is None:
            return "The issue is gone."
        if standing(issue["fields"], here) == target:
            return ""
        seen.add(category(issue["fields"]["status"]))
        step = _step(_offered(jira, number), target, seen, here)
        if step is None:
            return f"Its workflow offers no way to {target.replace('_', ' ')} that asks for nothing else."
        name, fields = step
        said = {"transition": {"id": name}} | ({"fields": fields} if fields else {})
        jira.send("POST", f"issue/{number}/transitions", said, f"the status of {issue['key']}")
    return f"Its workflow does not lead to {target.replace('_', ' ')}."


def _offered(jira: Jira, number: str) -> Sequence[Item]:
    question = {"expand": "transitions.fields"}
    told = jira.asked(lambda: jira.client._get_json(f"issue/{number}/transitions", question), "its transitions")
    return list(told.get("transitions") or ())


def _step(offered: Sequence[Item], target: Standing, seen: set[str], here: Account) -> Move | None:
    """The way to the target, else to somewhere on the way where it has not been."""
    direct = next(_ways(offered, CATEGORY[target], target, here), None)
    around = (NEW, ACTIVE) if target is Standing.OPEN else (ACTIVE, NEW)
    others = (way for kind in around if kind not in seen for way in _ways(offered, kind, STANDINGS[kind], here))
    return direct or next(others, None)


def _ways(offered: Sequence[Item], kind: str, target: Standing, here: Account) -> Iterator[Move]:
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
