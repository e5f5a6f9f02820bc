"""What was done so that it does not happen again, and whether it helped."""

from ops_console.contracts.document import Block, Figure, Line, Lines, Section, Table, Tone
from ops_console.core import units
from ops_console.reporting import pieces
from ops_console.reporting.efforts import Actions, InitiativeRow, Initiatives, OverdueAction
from ops_console.reporting.snapshot import Snapshot

KEY = "reliability_improvements"
TITLE = "Reliability initiatives and outcomes"


def reliability(snapshot: Snapshot) -> Section | None:
    readings = snapshot.known(KEY)
    known = [reading for reading in readings if pieces.is_connected(reading)]
    made = promised(snapshot.evidence.actions, snapshot)
    if not (known or made):
        return pieces.section("reliability", TITLE, pieces.not_connected(readings)) if readings else None
    blocks: list[Block] = [
        pieces.figures(known, *made),
        *_delivered(snapshot.evidence.initiatives, snapshot),
        *_proven(snapshot.evidence.actions),
        *overdue(snapshot.evidence.actions, snapshot),
        *pieces.sources(snapshot, known),
    ]
    return pieces.section("reliability", TITLE, blocks)


def promised(found: Actions, snapshot: Snapshot) -> list[Figure]:
    """What became of the actions after incidents; nothing where there has never been one."""
    if not (found.made or found.done or found.owed):
        return []
    taken = units.short_day(snapshot.facts.taken_at.astimezone(snapshot.zone).date())
    late = f"oldest {units.counted(found.oldest_days, 'days')}" if found.overdue else ""
    return [
        Figure(
            "Actions promised",
            units.count(found.made),
            f"{units.count(found.done)} done in the {snapshot.period.grain}",
        ),
        Figure(
            f"Actions overdue on {taken}",
            f"{units.count(found.overdue)} of {units.count(found.owed)}",
            late,
            icon="▲" if found.overdue else "●",
            status="Overdue" if found.overdue else "None overdue",
            tone=Tone.WATCH if found.overdue else Tone.GOOD,
        ),
    ]


def _delivered(found: Initiatives, snapshot: Snapshot) -> list[Table]:
    if not found.rows:
        return []
    where = snapshot.url("/kpis/reliability_improvements")
    return [
        Table(
            caption=f"Delivered in {units.period_title(snapshot.facts.period)}",
            columns=("Initiative", "Delivered", "Meant to move", "Before", "After"),
            rows=tuple(_initiative(row, snapshot) for row in found.rows),
            numeric=frozenset({3, 4}),
            note=pieces.more(found.total, len(found.rows), where),
        )
    ]


def _initiative(row: InitiativeRow, snapshot: Snapshot) -> tuple[str, ...]:
    on = units.short_day(row.delivered_at.astimezone(snapshot.zone).date(), snapshot.period.last_day)
    if row.before is None or row.after is None:
        return (row.title, on, "not measured", "", "")
    return (row.title, on, row.metric, units.number(row.before), units.number(row.after))


def _proven(found: Actions) -> list[Lines]:
    """`Actions whose 90 days ended: 2 effective, 1 recurred, 1 unproven`"""
    counts = ((found.effective, "effective"), (found.recurred, "recurred"), (found.unproven, "unproven"))
    said = ", ".join(f"{units.count(count)} {word}" for count, word in counts if count)
    return [Lines((Line(f"Actions whose 90 days ended: {said}"),))] if said else []


def overdue(found: Actions, snapshot: Snapshot) -> list[Table]:
    """Those that wait longest."""
    if not found.rows:
        return []
    where = snapshot.url("/actions?state=overdue")
    return [
        Table(
            caption="Overdue actions",
            columns=("Action", "Owner", "Due", "About"),
            rows=tuple(map(_action, found.rows)),
            note=pieces.more(found.overdue, len(found.rows), where),
        )
    ]


def _action(row: OverdueAction) -> tuple[str, ...]:
    return (row.title, row.owner, units.day(row.due_on), row.about)
