"""Records of how good models are, written as ingest would leave them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.core.db import transaction
from ops_console.core.periods import midnight
from ops_console.records.evaluations import Reproduction
from ops_console.records.experiments import Outcome
from tests.kpis.records import Books


@contextmanager
def quality_books(database: Engine) -> "Iterator[QualityBooks]":
    with transaction(database) as session:
        yield QualityBooks(session)


class QualityBooks(Books):
    """Adds what the KPIs of model quality are computed from."""

    def in_production(self, slug: str = "ranker", *, tier: int | None = 1, team: str | None = None, **how: Any) -> int:
        """A model that has been in production all along."""
        entry = self.entry(slug, **how)
        self.stood(entry, EPOCH, FOREVER, tier=tier, team=team, lifecycle="production")
        return entry

    def outcome(self, entry_id: int, ended: date = date(2026, 9, 30), **changes: Any) -> None:
        """An approved outcome of the 30 days that end with this one."""
        defaults = {
            **self.envelope(),
            "entry_id": entry_id,
            "metric": "basket size",
            "baseline": Decimal(200),
            "observed": Decimal(210),
            "method": "ab_test",
            "period_start": ended - timedelta(days=29),
            "period_end": ended,
            "approved_by": "A. Lee",
            "ends_at": midnight(ended, ZoneInfo("UTC")) + timedelta(days=1) - timedelta(milliseconds=1),
        }
        self.keep(Outcome(**(defaults | changes)))

    def check(self, entry_id: int, version: str, when: datetime, *, succeeded: bool = True, **changes: Any) -> None:
        """An attempt to build a version again."""
        defaults = {
            **self.envelope(),
            "entry_id": entry_id,
            "version": version,
            "succeeded": succeeded,
            "checked_at": when,
        }
        self.keep(Reproduction(**(defaults | changes)))
