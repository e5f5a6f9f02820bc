"""A small workspace, row by row: a test names only what matters to it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.changes import Change
from ops_console.records.costs import Cost, CostPartition
from ops_console.records.degradations import Degradation
from ops_console.records.deployments import Deployment, Release
from ops_console.records.imports import Import
from ops_console.records.incidents import Incident, IncidentLink
from ops_console.records.people import Person
from ops_console.records.pipelines import PipelineRun
from ops_console.records.slos import SliSlice, Slo

NOON = datetime(2026, 10, 14, 12, tzinfo=UTC)
NUMBERS = count(1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Workspace:
    """Adds rows to one session and numbers them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def _kept(self, row: Any) -> Any:
        self.session.add(row)
        self.session.flush()
        return row

    def _envelope(self) -> dict[str, Any]:
        return {"source": "test", "external_id": str(next(NUMBERS)), "ingested_at": NOON, "fingerprint": ""}

    def model(self, slug: str = "ranker", **changes: Any) -> CatalogEntry:
        standing = {key: changes.get(key) for key in ("tier", "team", "owner", "lifecycle")}
        entry = self._kept(CatalogEntry(**{"slug": slug, "name": slug, "first_seen_at": NOON} | changes))
        self._kept(CatalogInterval(entry_id=entry.id, valid_from=EPOCH, valid_to=FOREVER, **standing))
        return entry  # type: ignore[no-any-return]

    def moved(self, entry: CatalogEntry, at: datetime, **standing: Any) -> None:
        """From this instant on the entry stands otherwise."""
        open_ones = select(CatalogInterval).where(col(CatalogInterval.entry_id) == entry.id)
        for interval in self.session.scalars(open_ones.where(col(CatalogInterval.valid_to) == FOREVER)):
            interval.valid_to = at
        self._kept(CatalogInterval(entry_id=entry.id, valid_from=at, valid_to=FOREVER, **standing))

    def release(self, entry: CatalogEntry, version: str = "1", at: datetime | None = NOON, **changes: Any) -> Release:
        usual = {
            "environment": "production",
            "kind": "release",
            "kind_reason": "a new version",
            "status": "succeeded",
            "live_at": at,
            "first_at": at,
            "last_at": at,
        }
        return self._kept(Release(entry_id=entry.id, version=version, **usual | changes))  # type: ignore[no-any-return]

    def witness(self, release: Release, source: str = "github", **changes: Any) -> Deployment:
        usual = self._envelope() | {
            "source": source,
            "version": release.version,
            "environment": release.environment,
            "status": "succeeded",
            "finished_at": release.live_at,
        }
        seen = Deployment(entry_id=release.entry_id, release_id=release.id, **usual | changes)
        return self._kept(seen)  # type: ignore[no-any-return]

    def change(self, release: Release, **changes: Any) -> Change:
        usual = self._envelope() | {
            "entry_id": release.entry_id,
            "release_id": release.id,
            "first_commit_at": NOON - DAY,
        }
        return self._kept(Change(**usual | changes))  # type: ignore[no-any-return]

    def incident(self, entry: CatalogEntry, at: datetime | None = NOON, **changes: Any) -> Incident:
        usual = self._envelope() | {
            "title": "Latency above the limit",
            "severity": "SEV2",
            "status": "resolved",
            "detected_at": at,
            "began_at": at,
            "restored_at": at and at + HOUR,
        }
        return self._kept(Incident(entry_id=entry.id, **usual | changes))  # type: ignore[no-any-return]

    def degradation(self, entry: CatalogEntry, at: datetime = NOON, **changes: Any) -> Degradation:
        usual = self._envelope() | {"signal": "data_drift", "detected_at": at, "episode_ends_at": at + DAY}
        return self._kept(Degradation(entry_id=entry.id, **usual | changes))  # type: ignore[no-any-return]

    def run(self, entry: CatalogEntry | None, at: datetime = NOON, **changes: Any) -> PipelineRun:
        usual = self._envelope() | {"pipeline": "train", "flow": "train", "status": "succeeded", "finished_at": at}
        return self._kept(PipelineRun(entry_id=entry and entry.id, **usual | changes))  # type: ignore[no-any-return]

    def person(self, name: str, **changes: Any) -> Person:
        return self._kept(Person(name=name, **self._envelope() | changes))  # type: ignore[no-any-return]

    def link(self, incident: Incident, release: Release | None, **changes: Any) -> IncidentLink:
        usual = {"method": "explicit", "confirmed": True, "reason": "the incident names it", "made_at": NOON}
        blamed = release.id if release else None
        return self._kept(IncidentLink(incident_id=incident.id, release_id=blamed, **usual | changes))  # type: ignore[no-any-return]

    def slo(self, entry: CatalogEntry, name: str = "availability", **changes: Any) -> Slo:
        usual = self._envelope() | {
            "objective_percent": Decimal("99.9"),
            "objective_ppm": 999_000,
            "budgeting": "occurrences",
        }
        return self._kept(Slo(entry_id=entry.id, name=name, **usual | changes))  # type: ignore[no-any-return]

    def slice(self, slo: Slo, good: int, total: int, at: datetime = NOON) -> SliSlice:
        counts = {"good_micro": good * 1_000_000, "total_micro": total * 1_000_000}
        usual = self._envelope() | {"started_at": at, "seconds": 3600, "covered_seconds": 3600}
        return self._kept(SliSlice(slo_id=slo.id, **usual | counts))  # type: ignore[no-any-return]

    def cost(self, entry: CatalogEntry | None, day: date, billed: str, **changes: Any) -> Cost:
        period = f"{day:%Y-%m}-01"
        part = CostPartition(
            source="test",
            billing_period=period,
            part=str(next(NUMBERS)),
            content_hash="",
            rows=1,
            billed=Decimal(billed),
            currency="USD",
            imported_at=NOON,
        )
        usual = {
            "partition_id": self._kept(part).id,
            "entry_id": entry and entry.id,
            "charged_at": datetime(day.year, day.month, day.day, tzinfo=UTC),
            "charge_day": day,
            "billing_period": period,
            "provider": "AWS",
            "charge_category": "Usage",
            "currency": "USD",
            "rows": 1,
            "billed": Decimal(billed),
        }
        return self._kept(Cost(**usual | changes))  # type: ignore[no-any-return]

    def delivered(self, kind: str = "deployments", **changes: Any) -> Import:
        usual = {
            "kind": kind,
            "source": "test",
            "origin": f"{kind}.csv",
            "state": "finished",
            "started_at": NOON,
            "finished_at": NOON + HOUR,
            "rows": 1,
            "new": 1,
        }
        return self._kept(Import(**usual | changes))  # type: ignore[no-any-return]
