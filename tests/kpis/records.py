"""Records with defaults, written as ingest would leave them: a test names only what matters to it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session, SQLModel

from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.core.periods import midnight, parse
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.changes import Change
from ops_console.records.costs import Budget, Cost, CostPartition
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident, IncidentLink
from ops_console.records.slos import SliSlice, Slo, SloVersion
from ops_console.records.surveys import SurveyResponse

NOW = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
T = TypeVar("T", bound=SQLModel)


def at(text: str) -> datetime:
    """`10-14 09:30` of 2026 in UTC, or a whole ISO date."""
    if len(text) <= 5:
        text += " 12:00"
    return datetime.fromisoformat(f"2026-{text}" if len(text) < 14 else text).replace(tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@dataclass
class Books:
    """Writes records into one session and numbers them."""

    session: Session
    numbers: Any = field(default_factory=lambda: count(1))

    def keep(self, record: T) -> T:
        self.session.add(record)
        self.session.flush()
        return record

    def envelope(self) -> dict[str, Any]:
        return {"source": "test", "external_id": str(next(self.numbers)), "ingested_at": NOW, "fingerprint": ""}

    def put(self, kind: type[T], **columns: Any) -> T:
        """A record of any kind."""
        return self.keep(kind(**(self.envelope() | columns)))

    def entry(self, slug: str, **how: Any) -> int:
        """A catalog entry that nobody has placed yet."""
        entry = self.keep(CatalogEntry(slug=slug, name=slug, first_seen_at=NOW, **how))
        assert entry.id is not None
        return entry.id

    def model(self, slug: str = "ranker", *, tier: int | None = None, team: str | None = None, **how: Any) -> int:
        entry = self.entry(slug, tier=tier, team=team)
        self.stood(entry, EPOCH, FOREVER, tier=tier, team=team, **how)
        return entry

    def stood(self, entry_id: int, start: datetime, end: datetime, **how: Any) -> None:
        self.keep(CatalogInterval(entry_id=entry_id, valid_from=start, valid_to=end, **how))

    def release(self, entry_id: int, live: datetime | None, **changes: Any) -> Release:
        defaults: dict[str, Any] = {
            "entry_id": entry_id,
            "environment": "production",
            "version": f"v{next(self.numbers)}",
            "kind": "release",
            "kind_reason": "",
            "status": "succeeded" if live else "failed",
            "live_at": live,
            "started_at": live,
            "last_at": live,
        }
        return self.keep(Release(**(defaults | changes)))

    def change(self, release: Release, first_commit: datetime | None) -> None:
        self.keep(
            Change(**self.envelope(), entry_id=release.entry_id, release_id=release.id, first_commit_at=first_commit)
        )

    def incident(
        self, entry_id: int, began: datetime | None, restored: datetime | None = None, **changes: Any
    ) -> Incident:
        defaults = {
            **self.envelope(),
            "entry_id": entry_id,
            "title": "Broken",
            "began_at": began,
            "detected_at": began,
            "restored_at": restored,
        }
        return self.keep(Incident(**(defaults | changes)))

    def link(self, incident: Incident, release: Release, *, confirmed: bool = True, method: str = "explicit") -> None:
        self.keep(
            IncidentLink(
                incident_id=incident.id,
                release_id=release.id,
                method=method,
                confirmed=confirmed,
                reason="",
                made_at=NOW,
            )
        )

    def failure(self, entry_id: int, live: datetime, **changes: Any) -> Release:
        """A release that caused one confirmed incident."""
        release = self.release(entry_id, live, **changes)
        self.link(self.incident(entry_id, live + minutes(5), live + minutes(65)), release)
        return release

    def slo(self, entry_id: int, name: str = "availability", ppm: int = 999_000) -> int:
        slo = self.keep(
            Slo(
                **self.envelope(),
                entry_id=entry_id,
                name=name,
                objective_percent=Decimal(ppm) / 10_000,
                objective_ppm=ppm,
                calendar=True,
                budgeting="occurrences",
            )
        )
        assert slo.id is not None
        self.keep(SloVersion(slo_id=slo.id, valid_from=EPOCH, valid_to=FOREVER, objective_ppm=ppm))
        return slo.id

    def slice(self, slo_id: int, start: datetime, good: int, total: int, *, hours: int = 24, **changes: Any) -> None:
        defaults = {
            **self.envelope(),
            "slo_id": slo_id,
            "started_at": start,
            "seconds": hours * 3600,
            "good_micro": good * 1_000_000,
            "total_micro": total * 1_000_000,
            "covered_seconds": hours * 3600,
        }
        self.keep(SliSlice(**(defaults | changes)))

    def days(self, slo_id: int, first: datetime, number: int, good: int, total: int) -> None:
        for day in range(number):
            self.slice(slo_id, first + timedelta(days=day), good, total)

    def cost(self, day: datetime, billed: str, entry_id: int | None = None, **changes: Any) -> None:
        partition = self.keep(
            CostPartition(
                source="test",
                billing_period=f"{day:%Y-%m}",
                part=str(next(self.numbers)),
                content_hash="",
                rows=1,
                billed=Decimal(billed),
                currency="USD",
                imported_at=NOW,
            )
        )
        defaults = {
            "partition_id": partition.id,
            "entry_id": entry_id,
            "charged_at": day,
            "charge_day": date(day.year, day.month, day.day),
            "billing_period": f"{day:%Y-%m}",
            "provider": "AWS",
            "charge_category": "Usage",
            "currency": "USD",
            "rows": 1,
            "billed": Decimal(billed),
        }
        self.keep(Cost(**(defaults | changes)))

    def budget(self, period: str, amount: str, scope: str = "workspace", **changes: Any) -> None:
        stretch = parse(period, ZoneInfo("UTC"))
        defaults = {
            **self.envelope(),
            "scope": scope,
            "period": period,
            "starts_at": stretch.start,
            "ends_at": stretch.end,
            "amount": Decimal(amount),
            "currency": "USD",
        }
        self.keep(Budget(**(defaults | changes)))

    def answers(self, scores: list[int], *, day: date = date(2026, 9, 30), **changes: Any) -> None:
        for score in scores:
            defaults = {
                **self.envelope(),
                "survey": "platform",
                "wave": "2026-Q3",
                "question": "satisfaction",
                "score": Decimal(score),
                "scale_min": Decimal(0),
                "scale_max": Decimal(10),
                "anchored_at": midnight(day, ZoneInfo("UTC")),
            }
            self.keep(SurveyResponse(**(defaults | changes)))
