"""Time to mitigate: per episode, from the first detection, and never for what is still open."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.core.db import reading
from ops_console.measures.definition import Bounds
from ops_console.measures.scopes import parse
from ops_console.records.degradations import Degradation
from tests.ingest.deliveries import deliver
from tests.kpis.records import NOW, Books, at
from tests.scorecard.measuring import books, figure, read_one

FOUND = at("10-14")
HOUR = timedelta(hours=1)


def degraded(written: Books, model: int, found: datetime = FOUND, hours: float | None = 1, **changes: Any) -> None:
    ended = None if hours is None else found + hours * HOUR
    defaults = {"entry_id": model, "signal": "quality", "detected_at": found, "episode_ends_at": ended}
    written.put(Degradation, **(defaults | changes))


def test_the_headline_is_the_median_over_episodes(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        for hours in (2, 4, 90):
            degraded(written, model, hours=hours)

        found = figure(written.session, "time_to_mitigate")
        assert (found.value, found.n) == (4 * 3600, 3)


def test_an_episode_belongs_to_the_period_it_was_mitigated_in(sqlite: Engine) -> None:
    with books(sqlite) as written:
        degraded(written, written.model(), at("09-30"), hours=48)

        assert figure(written.session, "time_to_mitigate", "2026-09").n is None
        assert figure(written.session, "time_to_mitigate").value == 48 * 3600


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"deleted_at": NOW}, "deleted"),
        ({"dismissed": True}, "dismissed"),
        ({"repeat_of": 7}, "repeat of an episode"),
        ({"hours": None}, "still degraded"),
    ],
)
def test_what_is_not_in_the_median_is_counted_with_its_reason(
    sqlite: Engine, changes: dict[str, Any], reason: str
) -> None:
    with books(sqlite) as written:
        degraded(written, written.model(), **changes)

        found = figure(written.session, "time_to_mitigate")
        assert (found.value, found.excluded) == (None, {reason: 1})


def test_open_episodes_are_shown_with_the_oldest(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        degraded(written, model, hours=None)
        degraded(written, model, FOUND - 9 * HOUR, hours=None, signal="performance")

        waiting = figure(written.session, "time_to_mitigate").detail["waiting"]
        assert waiting == {"count": 2, "oldest_at": (FOUND - 9 * HOUR).isoformat()}


def test_a_daily_job_that_repeats_itself_makes_one_episode(sqlite: Engine) -> None:
    days = [{"external_id": f"g{day}", "detected_at": f"2026-10-{day:02}T06:00:00Z"} for day in (5, 6, 7)]
    deliver(sqlite, "degradations", *days[:2], days[2] | {"mitigated_at": "2026-10-07T12:00:00Z"})
    with reading(sqlite) as session:
        found = figure(session, "time_to_mitigate")
    assert (found.value, found.n) == (54 * 3600, 1)


def test_where_the_onset_is_known_the_wait_for_the_detection_stands_beside(sqlite: Engine) -> None:
    with books(sqlite) as written:
        degraded(written, written.model(), onset_at=FOUND - 7 * HOUR)

        stage = figure(written.session, "time_to_mitigate").detail["stages"]["onset_to_detected"]
        assert (stage["n"], stage["median"]) == (1, 7 * 3600)


@pytest.mark.parametrize(("tier", "hours"), [(1, 48), (2, 120)])
def test_the_target_is_that_of_the_tier(sqlite: Engine, tier: int, hours: int) -> None:
    with books(sqlite) as written:
        degraded(written, written.model("ranker", tier=tier))

        found = read_one(written.session, "time_to_mitigate", scope=parse(f"tier:{tier}"))
        assert found.target == Bounds(high=hours * 3600)


def test_a_mitigation_told_later_moves_the_figure_as_a_rebuild_does(database: Engine) -> None:
    deliver(database, "degradations", {"detected_at": "2026-10-05T06:00:00Z", "updated_at": "2026-10-05T06:00:00Z"})
    later = {"mitigated_at": "2026-10-06T06:00:00Z", "updated_at": "2026-10-06T06:00:00Z"}
    deliver(database, "degradations", {"detected_at": "2026-10-05T06:00:00Z"} | later)
    with reading(database) as session:
        assert figure(session, "time_to_mitigate").value == 24 * 3600
