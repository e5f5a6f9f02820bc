"""What every real workspace has: a name nobody registered, and a file that half made sense."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from ops_console.contracts.vocabulary import PRODUCTION, IncidentKind, IncidentStatus, RunStatus, Severity
from ops_console.demo import company
from ops_console.demo.story import Batch, Story
from ops_console.ingest.door import Delivery, Summary, import_file

SHEET_SOURCE = "old-code-host"
SHEET_NAME = "changes-before-migration.csv"


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("deployments", company.PIPELINE, _unregistered(story))
    yield Batch("incidents", company.PAGER, [_its_incident(story)])


def _unregistered(story: Story) -> Iterator[dict[str, Any]]:
    for number, days in enumerate((61, 40, 12), 1):
        at = story.anchor - timedelta(days=days, hours=2)
        yield {
            "external_id": f"run-{company.UNREGISTERED}-{number}",
            "updated_at": at,
            "service": company.UNREGISTERED,
            "version": f"v0.{number}",
            "environment": PRODUCTION,
            "status": RunStatus.SUCCEEDED,
            "started_at": at - timedelta(minutes=20),
            "finished_at": at,
        }


def _its_incident(story: Story) -> dict[str, Any]:
    began = story.anchor - timedelta(days=39, hours=5)
    ended = began + timedelta(minutes=52)
    return {
        "external_id": "INC-EU-1",
        "updated_at": ended,
        "title": f"{company.UNREGISTERED} answers slowly",
        "service": company.UNREGISTERED,
        "severity": Severity.SEV3,
        "status": IncidentStatus.RESOLVED,
        "kind": IncidentKind.SERVICE,
        "impact_started_at": began,
        "detected_at": began + timedelta(minutes=4),
        "restored_at": ended,
        "resolved_at": ended,
    }


def deliver_sheet(engine: Engine, story: Story, made_by: str) -> Summary:
    """A file as people make them: half of it is refused, so that data health has something to show."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SHEET_NAME
        path.write_text(sheet(story), "utf-8")
        delivery = Delivery("changes", SHEET_SOURCE, made_by=made_by, covers_until=story.until)
        return import_file(engine, path, delivery)


def sheet(story: Story) -> str:
    """A CSV of old changes: three rows are fine, three are refused, each for a reason of its own."""
    day = story.at(0.1)
    rows = [
        ("old-1", "ranker", f"{day:%Y-%m-%dT%H:%M:%SZ}", f"{day + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"),
        ("old-2", "ranker", f"{day:%Y-%m-%d %H:%M:%S}", f"{day + timedelta(days=1):%Y-%m-%d %H:%M:%S}"),
        ("old-3", "query-embed", f"{day:%Y-%m-%dT%H:%M:%SZ}", "last Friday"),
        ("old-4", "", f"{day:%Y-%m-%dT%H:%M:%SZ}", f"{day + timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"),
        ("old-5", "spell-fix", f"{day:%Y-%m-%dT%H:%M:%SZ}", f"{day + timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"),
        ("old-6", "offer-picker", f"{day:%Y-%m-%dT%H:%M:%SZ}", f"{day + timedelta(days=4):%Y-%m-%dT%H:%M:%SZ}"),
    ]
    lines = ["external_id,service,first_commit_at,merged_at", *(",".join(row) for row in rows)]
    return "\n".join(lines) + "\n"
