"""How catalog entries stood over time: every statement about an entry, applied in the order it was stated.

Because all statements are kept, facts may arrive in any order and end in the same entry and the same intervals.
A statement says nothing of the fields it leaves out: an empty cell never wipes what another source knows. What a
person said of a field wins over every source, earlier or later, until it is withdrawn.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlmodel import Session

from ops_console.contracts.vocabulary import ModelKind
from ops_console.core.clock import EPOCH, milliseconds
from ops_console.core.columns import FOREVER
from ops_console.ingest.outdated import Span, mark_milliseconds
from ops_console.ingest.tables import among, chunks, entries, intervals, rewrite, statements

TIMED = ("tier", "team", "owner", "lifecycle", "primary_metric")
"""The fields whose history matters: figures are read with the values they had then."""
LISTS = ("environments", "guardrails", "paved_road", "monitors", "depends_on")
KEPT = (
    "name",
    "kind",
    *TIMED,
    "service",
    "on_call",
    "escalation",
    "runbook_url",
    "primary_metric_direction",
    "business_kpi",
    "rollback_tested_on",
    *LISTS,
    "url",
)
ADDED_UP = ("paved_road", "monitors")
"""What several sources know a part of: each one's list is its own, and they count together."""
WITHDRAWN = "withdrawn"
"""In what a person states: the fields of which the sources have their say again."""
BEGINNING, END = milliseconds(EPOCH), milliseconds(FOREVER)

Statement = Row[Any]
Interval = tuple[int, int, tuple[Any, ...]]


def apply_statements(session: Session, entry_ids: Collection[int]) -> None:
    """Bring entries and their intervals to what all statements about them say; mark what changed."""
    for part in chunks(sorted(entry_ids)):
        said = statements_about(session, part)
        _update_entries(session, said)
        _update_intervals(session, said)


def statements_about(session: Session, entry_ids: Collection[int]) -> dict[int, list[Statement]]:
    """All that was stated of entries, in order."""
    said: dict[int, list[Statement]] = defaultdict(list)
    order = (statements.c.stated_at, statements.c.source, statements.c.external_id)
    for row in session.execute(select(statements).where(among(statements.c.entry_id, entry_ids)).order_by(*order)):
        said[row.entry_id].append(row)
    return said


def steps(said: list[Statement]) -> Iterator[tuple[Statement, dict[str, Any]]]:
    """Each statement with what held of the entry from then on."""
    told: dict[str, Any] = {}
    lists: dict[str, dict[str, list[str]]] = defaultdict(dict)
    by_person: dict[str, Any] = {}
    for statement in said:
        stated = {name: value for name, value in statement.attributes.items() if name in KEPT}
        if statement.made_by is not None:
            for name in statement.attributes.get(WITHDRAWN, ()):
                by_person.pop(name, None)
            by_person |= stated
        else:
            for name in ADDED_UP:
                if name in stated:
                    lists[name][statement.source] = stated[name]
                    stated[name] = sorted({each for known in lists[name].values() for each in known})
            told |= stated
        yield statement, told | by_person


def _update_entries(session: Session, said: dict[int, list[Statement]]) -> None:
    kept = session.execute(select(entries).where(among(entries.c.id, said))).all()
    changed: list[dict[str, Any]] = []
    touched: list[Span] = []
    for row in kept:
        values = _as_stated(said[row.id])
        if any(getattr(row, name) != value for name, value in values.items()):
            changed.append({"id": row.id, **{name: getattr(row, name) for name in KEPT}, **values})
            touched += _there_otherwise(row, values)
    rewrite(session, entries, changed)
    mark_milliseconds(session, "models", touched)


def _there_otherwise(row: Row[Any], values: dict[str, Any]) -> Iterator[Span]:
    """Where an entry was a model and now is not, or was none, although its history is the same: it was deleted, it is a
    service, or nobody had registered it.
    """
    ended = {row.deleted_at, values["deleted_at"]}
    if len(ended) > 1:
        yield min(at for at in ended if at is not None), END
    if row.provisional or (row.kind == ModelKind.SERVICE) != (values["kind"] == ModelKind.SERVICE):
        yield BEGINNING, END


def _as_stated(said: list[Statement]) -> dict[str, Any]:
    values: dict[str, Any] = {name: [] if name in LISTS else None for name in KEPT if name != "name"}
    *_, (_, held) = steps(said)
    values |= held
    tested = values["rollback_tested_on"]
    last = next((each for each in reversed(said) if each.made_by is None), said[-1])
    return values | {
        "rollback_tested_on": date.fromisoformat(tested) if tested else None,
        "provisional": False,
        "source": last.source,
        "external_id": last.external_id,
        "updated_at": said[-1].stated_at,
        "deleted_at": last.stated_at if last.deleted else None,
    }


def _update_intervals(session: Session, said: dict[int, list[Statement]]) -> None:
    kept: dict[int, list[Interval]] = defaultdict(list)
    rows = session.execute(
        select(intervals)
        .where(among(intervals.c.entry_id, said))
        .order_by(intervals.c.entry_id, intervals.c.valid_from)
    )
    for row in rows:
        kept[row.entry_id].append((row.valid_from, row.valid_to, tuple(getattr(row, name) for name in TIMED)))
    wanted = {entry: intervals_of(told) for entry, told in said.items()}
    changed = {entry: found for entry, found in wanted.items() if found != kept[entry]}
    if not changed:
        return
    session.execute(delete(intervals).where(among(intervals.c.entry_id, changed)))
    session.execute(insert(intervals), [_row(entry, found) for entry in changed for found in changed[entry]])
    mark_milliseconds(session, "models", (s for entry in changed for s in differences(kept[entry], changed[entry])))


def _row(entry: int, interval: Interval) -> dict[str, Any]:
    began, ended, values = interval
    return {"entry_id": entry, "valid_from": began, "valid_to": ended, **dict(zip(TIMED, values, strict=True))}


def intervals_of(said: list[Statement]) -> list[Interval]:
    """Touching intervals over all time. What was first stated of a field holds back to the beginning."""
    first: dict[str, Any] = {}
    for statement in reversed(said):
        first |= {name: statement.attributes[name] for name in TIMED if name in statement.attributes}
    stated: set[str] = set()
    current, since = _values(first), BEGINNING
    found: list[Interval] = []
    for statement, held in steps(said):
        stated |= statement.attributes.keys()
        following = _values({name: held.get(name) if name in stated else first.get(name) for name in TIMED})
        if following != current:
            if statement.stated_at > since:
                found.append((since, statement.stated_at, current))
            current, since = following, statement.stated_at
    return _joined([*found, (since, END, current)])


def _joined(found: list[Interval]) -> list[Interval]:
    """Without edges at which nothing changes: statements of one instant may cancel each other."""
    joined: list[Interval] = []
    for began, ended, values in found:
        if joined and joined[-1][2] == values:
            began = joined.pop()[0]
        joined.append((began, ended, values))
    return joined


def _values(standing: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(standing.get(name) for name in TIMED)


def differences(old: list[Interval], new: list[Interval]) -> list[Span]:
    """The stretches in which two histories of one entry differ."""
    edges = sorted({edge for began, ended, _ in old + new for edge in (began, ended)})
    return [(began, ended) for began, ended in pairwise(edges) if _at(old, began) != _at(new, began)]


def _at(history: list[Interval], instant: int) -> tuple[Any, ...] | None:
    return next((values for began, ended, values in history if began <= instant < ended), None)
