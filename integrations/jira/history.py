"""What the history of an issue says of its course.

Done is decided by the category of the status and by the resolution, and since when by the first of both since the issue
was last reopened: moving from one done status to another, as new workflows make whole projects do, completes nothing
again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from integrations.jira.account import Item

NEW, ACTIVE, DONE = "new", "indeterminate", "done"
CATEGORIES = {2: NEW, 3: DONE, 4: ACTIVE}
"""Ids are the same everywhere; keys were seen in the language of the site, and wrong."""
Categories = Mapping[str, Item]


class Move(NamedTuple):
    """One change of status or resolution. `status` is where it went, `left` where it came from, by id and name."""

    at: datetime
    left: tuple[str, str] | None = None
    status: tuple[str, str] | None = None
    resolved: bool | None = None
    is_new_workflow: bool = False


@dataclass(frozen=True, slots=True)
class Course:
    """When an issue was first taken on, since when it is done, and which way it went."""

    accepted_at: datetime | None
    done_at: datetime | None
    reopened_at: datetime | None
    moves: Sequence[Move]

    def reached(self, names: frozenset[str], after: datetime | None = None) -> datetime | None:
        """When it first came to a status of one of these names."""
        into = (each for each in self.moves if each.status and each.status[1].casefold() in names)
        return next((each.at for each in into if after is None or each.at > after), None)

    def spent(self, names: frozenset[str], until: datetime | None) -> timedelta:
        """How long it lay in statuses of these names; a stay that goes on is not counted yet."""
        total, since = timedelta(), None
        for each in self.moves:
            if each.status is None or (until is not None and each.at > until):
                continue
            if since is not None:
                total += each.at - since
            since = each.at if each.status[1].casefold() in names else None
        return total


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def category(status: Item) -> str:
    """What kind of status it is."""
    told = status.get("statusCategory") or {}
    return CATEGORIES.get(told.get("id", 0)) or str(told.get("key") or ACTIVE)


def course(issue: Item, histories: Sequence[Item], categories: Categories) -> Course:
    fields, moves = issue["fields"], _moves(histories)
    current = fields["status"]
    kinds = {**{number: category({"statusCategory": each}) for number, each in categories.items()}}
    kinds[str(current.get("id"))] = category(current)
    accepted_at = next((m.at for m in moves if m.status and kinds.get(m.status[0], ACTIVE) != NEW), None)
    done_at, reopened_at = _completion(moves, kinds)
    if done_at is None and category(current) == DONE:
        done_at = ended(fields)
    elif done_at is not None and category(current) != DONE and not fields.get("resolution"):
        done_at = None
    return Course(accepted_at, done_at, reopened_at, moves)


def ended(fields: Item) -> datetime:
    """When it was done, by its fields alone."""
    told = fields.get("statuscategorychangedate") or fields.get("resolutiondate") or fields["updated"]
    return instant(told)


def _completion(moves: Sequence[Move], kinds: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    done_at = reopened_at = None
    for each in moves:
        came_from, came_to = (kinds.get(side[0]) if side else None for side in (each.left, each.status))
        if came_to == DONE or each.resolved:
            done_at = done_at or each.at
        elif each.resolved is False or (came_from == DONE and not each.is_new_workflow):
            reopened_at = each.at if done_at else reopened_at
            done_at = None
    return done_at, reopened_at


def _moves(histories: Sequence[Item]) -> list[Move]:
    found = [_move(each) for each in sorted(histories, key=lambda each: (instant(each["created"]), int(each["id"])))]
    return [each for each in found if each.status or each.resolved is not None]


def _move(history: Item) -> Move:
    """Items name their field by id, or where they lack that by its name."""
    items: dict[str, Any] = {}
    for each in history.get("items") or ():
        items[str(each.get("fieldId") or each.get("field")).casefold()] = each
    status, resolution = items.get("status"), items.get("resolution")
    return Move(
        instant(history["created"]),
        (str(status.get("from")), str(status.get("fromString"))) if status else None,
        (str(status.get("to")), str(status.get("toString"))) if status else None,
        bool(resolution.get("to")) if resolution else None,
        "workflow" in items,
    )
