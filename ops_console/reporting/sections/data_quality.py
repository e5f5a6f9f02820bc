"""What the figures could not see, what was estimated, and which rules changed. A gap is written, never filled."""

from ops_console.contracts.document import Line, Lines, Note, Section
from ops_console.core import units
from ops_console.measures.readings import DataState, Reading
from ops_console.reporting import pieces, words
from ops_console.reporting.evidence import Change, TargetChange
from ops_console.reporting.snapshot import Snapshot

GAPS = (DataState.NOT_CONNECTED, DataState.FIRST_SYNC, DataState.STALE, DataState.PARTIAL, DataState.ESTIMATED)


def data_quality(snapshot: Snapshot) -> Section | None:
    lines = (
        *(_gap(reading, snapshot) for reading in snapshot.readings if reading.data_state in GAPS),
        *(_excluded(reading) for reading in snapshot.readings if reading.excluded),
        *(_target(change, snapshot) for change in snapshot.evidence.target_changes),
        *(_changed(change) for change in snapshot.evidence.changes),
    )
    said = Lines(lines) if lines else Note("All sources were healthy, and no rule changed in the period.")
    return pieces.section("data", "Data quality", (said,), pieces.WITHOUT_SLACK)


def gap_text(reading: Reading) -> str:
    """`MTTR: as of 2 Nov, token rejected`."""
    reason = f" ({reading.data_reason})" if reading.data_reason and reading.data_state != DataState.PARTIAL else ""
    return f"{pieces.short_title(reading)}: {_lower(words.state(reading))}{reason}"


def _gap(reading: Reading, snapshot: Snapshot) -> Line:
    return Line(gap_text(reading), "○", link=pieces.kpi_link(snapshot, reading))


def _excluded(reading: Reading) -> Line:
    counted = ", ".join(f"{reason} ({count})" for reason, count in sorted(reading.excluded.items()))
    return Line(f"Left out of {pieces.short_title(reading)}: {counted}")


def _target(change: TargetChange, snapshot: Snapshot) -> Line:
    when = units.short_day(change.from_at.astimezone(snapshot.zone).date(), snapshot.period.last_day)
    reason = f": {change.reason}" if change.reason else ""
    return Line(
        f"Target of {change.kpi} ({change.scope}) is {change.target} from {when}, set by {change.set_by}{reason}"
    )


def _changed(change: Change) -> Line:
    return Line(
        f"{change.title} was sent as {change.was} ({change.was_status}), now {change.now} ({change.now_status})"
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
