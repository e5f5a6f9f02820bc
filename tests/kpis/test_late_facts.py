"""However late a fact comes, is corrected or is taken back, a refresh ends where a rebuild ends."""

import pytest
from sqlalchemy import Engine

from tests.kpis.late import Told, refreshed_and_rebuilt, release, told
from tests.kpis.late_team import LATE

REBUILT = {"model": "ranker", "version": "2", "succeeded": True}
OUTCOME = {"model": "ranker", "metric": "clicks", "method": "ab_test", "period_start": "2026-05-01"}
STORIES: dict[str, list[Told]] = {
    "business_uplift": [
        told("outcomes", 1, **OUTCOME, period_end="2026-08-31"),
        told("outcomes", 2, **OUTCOME, period_end="2026-09-30", approved_by="A. Lee"),
        told("outcomes", 1, **OUTCOME, period_end="2026-08-31", approved_by="A. Lee"),
        told("outcomes", 3, **OUTCOME | {"model": "bidder"}, period_end="2026-08-20", approved_by="A. Lee"),
        told("models", 2, name="bidder", tier=2, lifecycle="production", updated_at="2026-02-01T00:00:00Z"),
        told("models", 2, name="bidder", tier=2, lifecycle="retired", updated_at="2026-09-15T00:00:00Z"),
        told("outcomes", 2, **OUTCOME, period_end="2026-05-30", approved_by="A. Lee"),
    ],
    "reproducibility": [
        release("2", "2026-02-03T09:00:00Z"),
        told("reproductions", 1, **REBUILT, checked_at="2026-09-01T09:00:00Z"),
        told("reproductions", 2, **REBUILT | {"succeeded": False}, checked_at="2026-05-01T09:00:00Z"),
        release("1", "2025-12-03T09:00:00Z"),
        release("3", "2026-08-03T09:00:00Z"),
        told("reproductions", 1, **REBUILT | {"version": "3"}, checked_at="2026-09-02T09:00:00Z"),
        release("3", "2026-06-03T09:00:00Z"),
        told("models", 2, name="ranker", tier=2, updated_at="2026-07-01T00:00:00Z"),
        told("reproductions", 2, **REBUILT, checked_at="2026-05-01T09:00:00Z", deleted=True),
    ],
}

STORIES |= LATE


@pytest.mark.parametrize("key", STORIES)
def test_a_refresh_behind_each_late_fact_ends_where_a_rebuild_ends(sqlite: Engine, key: str) -> None:
    refreshed, rebuilt = refreshed_and_rebuilt(sqlite, key, STORIES[key])

    assert len(rebuilt) > 10 and refreshed == rebuilt
