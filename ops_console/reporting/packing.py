"""A run or a draft as files and as what channels send."""

from collections.abc import Callable

from ops_console.contracts.document import Chart, Document
from ops_console.contracts.integration import Attachment
from ops_console.contracts.parts import Parts
from ops_console.core.settings import Settings
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import WORKSPACE
from ops_console.records.reports import ReportRun
from ops_console.reporting import charts, report
from ops_console.reporting.composing import document
from ops_console.reporting.delivery import Package
from ops_console.reporting.render.csv import csv_bytes, csv_name
from ops_console.reporting.render.page import page
from ops_console.reporting.render.pdf import pdf
from ops_console.reporting.snapshot import Snapshot, of_run

PIXELS = 1104
COLUMNS = (
    "kpi",
    "scope",
    "period",
    "value",
    "unit",
    "currency",
    "k",
    "n",
    "status",
    "status_reason",
    "target_low",
    "target_high",
    "target_from",
    "signal",
    "centre",
    "lower",
    "upper",
    "limit_points",
    "previous",
    "previous_restated_said",
    "delta",
    "interval_low",
    "interval_high",
    "data_state",
    "coverage_known",
    "coverage_expected",
    "as_of",
    "window_start",
    "window_end",
    "definition_version",
)
INCIDENT_COLUMNS = ("incident", "title", "severity", "subject", "began_at", "restored_at", "cause", "cause_method")


def packer(parts: Parts) -> Callable[[ReportRun], Package]:
    """How a stored run becomes what channels send."""

    def pack(run: ReportRun) -> Package:
        return package(document_of(parts, run))

    return pack


def document_of(parts: Parts, run: ReportRun, marks: tuple[str, ...] = ()) -> Document:
    """The document of a run as it was frozen; the page of the run shows it by `render.page.fragment`."""
    snapshot = of_run(run)
    return document(report.named(parts, run.report), snapshot, snapshot.url(f"/reports/runs/{run.id}"), marks)


def package(made: Document) -> Package:
    """The document with its pictures and its PDF."""
    name = f"{made.report}_{_period(made)}.pdf"
    return Package(made, images(made), (Attachment(name, "application/pdf", pdf(made)),))


def images(made: Document) -> dict[str, bytes]:
    """Every chart as PNG, twice as wide as it is shown."""
    blocks = (block for section in made.sections for block in section.blocks)
    return {block.key: charts.png(block.svg, PIXELS) for block in blocks if isinstance(block, Chart)}


def files(made: Document, snapshot: Snapshot, parts: Parts, settings: Settings) -> dict[str, bytes]:
    """Every rendering of a report by file name."""
    stem, packed = f"{made.report}_{_period(made)}", package(made)
    found = {f"{stem}.html": page(made).encode(), f"{stem}.pdf": packed.attachments[0].content}
    for channel in parts.channels.values():
        drawn = channel.rendered(made, settings, images=packed.images, attachments=packed.attachments)
        found |= {f"{stem}.{file.name}": file.content for file in drawn}
    return found | tables(snapshot)


def tables(snapshot: Snapshot) -> dict[str, bytes]:
    """The figures and the incidents of a snapshot as CSV."""
    period = snapshot.facts.period
    incidents = (
        (
            row.reference,
            row.title,
            row.severity,
            row.subject,
            row.began_at,
            row.restored_at,
            row.cause,
            row.cause_told_by,
        )
        for row in snapshot.evidence.incidents.rows
    )
    return {
        csv_name("scorecard", period, WORKSPACE): csv_bytes(COLUMNS, map(_row, snapshot.readings)),
        csv_name("incidents", period, WORKSPACE): csv_bytes(INCIDENT_COLUMNS, incidents),
    }


def _period(made: Document) -> str:
    """The period's label, as run ids carry it."""
    return made.run_id.removeprefix("r-").rpartition("-")[0]


def _row(reading: Reading) -> list[object]:
    special = {
        "kpi": reading.key,
        "scope": str(reading.scope),
        "period": reading.period.label,
        "unit": reading.definition.unit.value,
        "target_low": reading.target.low if reading.target else None,
        "target_high": reading.target.high if reading.target else None,
        "status": reading.status.value,
        "signal": reading.signal.value,
        "previous_restated_said": reading.previous_restated.said if reading.previous_restated else None,
        "data_state": reading.data_state.value,
    }
    return [special[name] if name in special else getattr(reading, name) for name in COLUMNS]
