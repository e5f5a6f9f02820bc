"""What travels with a document: pictures, the PDF, the figures as CSV."""

import csv
import io
import struct
from functools import cache

from ops_console.contracts.document import Chart
from ops_console.core.settings import Settings
from ops_console.reporting.composing import document
from ops_console.reporting.delivery import Package
from ops_console.reporting.packing import files, package, tables
from reports.monthly_operations import REPORT
from tests.reporting import snapshots
from tests.reporting.posting import Pigeons
from tests.reporting.workspaces import parts


@cache
def packed() -> Package:
    return package(document(REPORT, snapshots.october(), "https://console.example/reports/runs/7"))


def rows(name: str) -> list[dict[str, str]]:
    text = tables(snapshots.october())[name].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_chart_is_a_picture_twice_as_wide_as_shown_and_at_most_60_kb() -> None:
    charts = {b.key for part in packed().document.sections for b in part.blocks if isinstance(b, Chart)}
    assert set(packed().images) == charts and len(charts) >= 6
    for png in packed().images.values():
        assert struct.unpack(">I", png[16:20]) == (1104,)
        assert len(png) <= 60_000


def test_the_pdf_travels_under_the_reports_name_and_is_at_most_2_mb() -> None:
    (pdf,) = packed().attachments
    assert pdf.name == "monthly_operations_2026-10.pdf"
    assert len(pdf.content) <= 2_000_000


def test_readings_are_machine_readable() -> None:
    found = {row["kpi"]: row for row in rows("scorecard_2026-10.csv")}
    assert found["change_failure_rate"]["value"] == "0.08"
    assert (found["cost_vs_budget"]["k"], found["cost_vs_budget"]["currency"]) == ("48210.40", "USD")
    assert found["lead_time"]["as_of"] == "2026-11-04T09:00:00+00:00"
    assert found["mttr"]["data_state"] == "stale"


def test_incidents_are_machine_readable() -> None:
    first, second = rows("incidents_2026-10.csv")
    assert first["began_at"] == "2026-10-21T10:20:00+00:00"
    assert second["restored_at"] == ""


def test_each_channel_adds_its_own_files() -> None:
    snapshot = snapshots.october()
    made = document(REPORT, snapshot, "https://x")
    found = files(made, snapshot, parts(pigeons=Pigeons()), Settings())
    assert "monthly_operations_2026-10.coo" in found
