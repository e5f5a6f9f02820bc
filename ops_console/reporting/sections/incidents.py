"""What broke, how badly, and how fast it was restored."""

from ops_console.contracts.document import Block, Line, Lines, Note, Section, Table
from ops_console.core import units
from ops_console.reporting import pieces
from ops_console.reporting.efforts import Reviews
from ops_console.reporting.evidence import IncidentRow, Incidents
from ops_console.reporting.snapshot import Snapshot

KEY = "mttr"
NAMED = 6
TOLD = {"person": "confirmed by a person", "explicit": "linked at the source", "rollback": "rolled back"}


def incidents(snapshot: Snapshot) -> Section | None:
    readings = snapshot.known(KEY)
    known = [reading for reading in readings if pieces.is_connected(reading)]
    if not known:
        return pieces.section("incidents", "Incidents", pieces.not_connected(readings))
    found = snapshot.evidence.incidents
    blocks: list[Block] = [
        Lines(tuple(Line(said) for said in (_counts(found, snapshot), _reviews(snapshot.evidence.reviews)) if said)),
        pieces.figures([*readings, *(found for found in snapshot.tier_1 if found.key == KEY and found.target)]),
        *(chart for reading in known for chart in pieces.chart(reading)),
        *_table(found, snapshot),
        *_suggestions(found),
        *pieces.sources(snapshot, known),
    ]
    return pieces.section("incidents", "Incidents", blocks)


def _counts(found: Incidents, snapshot: Snapshot) -> str:
    earlier = units.period_name(snapshot.period.previous().label)
    before = "" if found.before is None else f" ({earlier} {found.before})"
    if not found.total:
        return f"No incidents began in {units.period_title(snapshot.facts.period)}{before}"
    split = ", ".join(f"{severity or 'without severity'} {count}" for severity, count in found.by_severity)
    return f"{found.total} began: {split}{before}"


def _reviews(found: Reviews) -> str:
    """`Reviews in 72 h: 1 of 2, late INC-142; 1 still in time`"""
    if not (found.due or found.waiting):
        return ""
    named = ", ".join(found.late[:NAMED]) + (f" and {len(found.late) - NAMED} more" if len(found.late) > NAMED else "")
    known = [f"{found.in_time} of {found.due}" + (f", late {named}" if named else "")] if found.due else []
    known += [
        f"{count} {word}" for count, word in ((found.waiting, "still in time"), (found.waived, "waived")) if count
    ]
    return f"Reviews in 72 h: {'; '.join(known)}"


def _table(found: Incidents, snapshot: Snapshot) -> list[Table]:
    if not found.rows:
        return []
    return [
        Table(
            caption=f"Incidents that began in {units.period_title(snapshot.facts.period)}",
            columns=("Incident", "Severity", "Model or service", "Began", "Restored after", "Cause"),
            rows=tuple(_row(row, snapshot) for row in found.rows),
            numeric=frozenset({4}),
            note=pieces.more(found.total, len(found.rows), snapshot.url("/incidents")),
        )
    ]


def _row(row: IncidentRow, snapshot: Snapshot) -> tuple[str, ...]:
    name = row.title if row.reference in row.title else f"{row.reference} {row.title}"
    began = row.began_at.astimezone(snapshot.zone)
    when = f"{units.short_day(began.date(), snapshot.period.last_day)} {began:%H:%M}"
    return (name, row.severity or "not told", row.subject, when, _restored(row, snapshot), _cause(row))


def _restored(row: IncidentRow, snapshot: Snapshot) -> str:
    if row.restored_at is None or row.restored_at > snapshot.facts.taken_at or row.is_open_again:
        return "still open"
    return units.duration((row.restored_at - row.began_at).total_seconds() + row.broken_again_ms / 1000)


def _cause(row: IncidentRow) -> str:
    """A cause is told when it is confirmed, and by whom."""
    if not row.cause:
        return "not confirmed"
    told = TOLD.get(row.cause_told_by, row.cause_told_by)
    return f"{row.cause} ({told})" if told else row.cause


def _suggestions(found: Incidents) -> list[Note]:
    if not found.suggestions:
        return []
    said, those = ("link waits", "it makes") if found.suggestions == 1 else ("links wait", "they make")
    return [
        Note(
            f"{found.suggestions} suggested {said} for a person to confirm. Until then {those} no release a failed one."
        )
    ]
