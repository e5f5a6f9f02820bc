"""Every KPI of the catalogue on one line; what has no source yet says what would give it one."""

from ops_console.contracts.document import Block, Section, Table
from ops_console.measures.readings import Reading
from ops_console.reporting import pieces, words
from ops_console.reporting.snapshot import Snapshot

COLUMNS = ("KPI", "Value", "Status", "Target", "Against usual", "Before")


def scorecard(snapshot: Snapshot) -> Section | None:
    shown = [found for reading in snapshot.readings for found in (reading, *_binding(reading, snapshot))]
    caption = f"{len(snapshot.readings)} KPIs, in catalogue order"
    table = Table(caption, COLUMNS, tuple(_row(reading) for reading in shown))
    blocks: list[Block] = [table, *pieces.not_connected(snapshot.readings)]
    return pieces.section("scorecard", "Scorecard", blocks, pieces.WITHOUT_SLACK)


def _binding(reading: Reading, snapshot: Snapshot) -> list[Reading]:
    """The reading whose target binds, where that is another one."""
    return [found for found in snapshot.judged if found.key == reading.key and found is not reading]


def _row(reading: Reading) -> tuple[str, ...]:
    status = f"{words.icon(reading)} {words.status(reading)}"
    return (
        pieces.label(reading),
        words.value(reading),
        status,
        words.target(reading),
        words.signal(reading) if pieces.is_connected(reading) else "No history",
        words.previous(reading) or "Unknown",
    )
