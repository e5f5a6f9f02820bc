"""What was stopped before it did harm, and what did not run at all."""

from ops_console.contracts.document import Block, Note, Section, Table
from ops_console.core import units
from ops_console.reporting import pieces
from ops_console.reporting.hazards import FailedPipeline, FailedPipelines
from ops_console.reporting.snapshot import Snapshot

KEY = "data_gate_pass_rate"
TITLE = "Failed gates and pipelines"


def gates(snapshot: Snapshot) -> Section | None:
    readings = snapshot.known(KEY)
    known = [reading for reading in readings if pieces.is_connected(reading)]
    if not known:
        return pieces.section("gates", TITLE, pieces.not_connected(readings))
    blocks: list[Block] = [
        pieces.figures(known),
        *_failed(snapshot.evidence.failed, snapshot),
        *pieces.sources(snapshot, known),
    ]
    return pieces.section("gates", TITLE, blocks)


def _failed(found: FailedPipelines, snapshot: Snapshot) -> list[Block]:
    if not found.rows:
        none = f"None of {units.counted(found.runs, 'pipeline runs')} failed."
        return [Note(none if found.runs else "No pipeline run is known.")]
    return [
        Table(
            caption="Pipelines that failed",
            columns=("Pipeline", "Model or service", "Failed", "Last"),
            rows=tuple(_row(row, snapshot) for row in found.rows),
            numeric=frozenset({2}),
            note=pieces.more(found.total, len(found.rows), snapshot.url("/kpis/pipeline_automation")),
        )
    ]


def _row(row: FailedPipeline, snapshot: Snapshot) -> tuple[str, ...]:
    at = row.last_at.astimezone(snapshot.zone)
    when = f"{units.short_day(at.date(), snapshot.period.last_day)} {at:%H:%M}"
    return (row.pipeline, row.model or "none", f"{units.count(row.failed)} of {units.count(row.runs)}", when)
