"""How the figures are computed, so that a reader can check one by hand."""

from ops_console.contracts.document import Note, Section, Table
from ops_console.measures.readings import Reading
from ops_console.reporting import pieces
from ops_console.reporting.snapshot import Snapshot

FROZEN = "The figures were taken once and frozen. What was sent never changes; a correction is sent as a revision."
RANGE = (
    "Usual range: mean of up to 24 complete periods, plus and minus 2.66 times the mean moving range (XmR chart). "
    "From 6 to 11 periods the limits are trial limits; below 6 there are none."
)
STATUS = (
    "On target meets the target in force in the period. At risk meets it with less than 10% of the room left. "
    "Off target misses it. No status: no target, too few data, no data, or a running period."
)


def method(snapshot: Snapshot) -> Section | None:
    table = Table(
        caption="Formulas",
        columns=("KPI", "Formula", "Window", "Definition"),
        rows=tuple(_row(reading) for reading in snapshot.readings),
    )
    blocks = (table, Note(STATUS), Note(RANGE), Note(FROZEN))
    return pieces.section("method", "Method", blocks, frozenset({"page", "pdf"}))


def _row(reading: Reading) -> tuple[str, ...]:
    window = f"{reading.window_days} days" if reading.window_days else "the period"
    return (reading.definition.title, reading.definition.formula, window, f"v{reading.definition_version}")
