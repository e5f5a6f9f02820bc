"""Records of how good models are, written as ingest would leave them."""

from datetime import datetime
from typing import Any

from ops_console.core.columns import EPOCH, FOREVER
from ops_console.records.evaluations import Reproduction
from tests.kpis.records import Books


class QualityBooks(Books):
    """Adds what the KPIs of model quality are computed from."""

    def in_production(self, slug: str = "ranker", *, tier: int | None = 1, team: str | None = None, **how: Any) -> int:
        """A model that has been in production all along."""
        entry = self.entry(slug, **how)
        self.stood(entry, EPOCH, FOREVER, tier=tier, team=team, lifecycle="production")
        return entry

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
