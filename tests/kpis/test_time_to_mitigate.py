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
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def degraded(written: Books, model: int, found: datetime = FOUND, hours: float | None = 1, **changes: Any) -> None:
    ended = None if hours is None else found + hours * HOUR
    times = {"detected_at": found, "mitigated_at": ended, "episode_ends_at": ended}
    defaults = {"entry_id": model, "signal": "quality", **times}
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
        ({"signal": "data_drift"}, "drift, not a degradation"),
        ({"signal": "data_drift", "hours": None}, "drift, not a degradation"),
        ({"hours": None, "mitigated_at": FOUND - 6 * MINUTE}, "mitigated before it was detected"),
    ],
)
def test_what_is_not_in_the_median_is_counted_with_its_reason(
    sqlite: Engine, changes: dict[str, Any], reason: str
) -> None:
    with books(sqlite) as written:
        degraded(written, written.model(), **changes)

        found = figure(written.session, "time_to_mitigate")
        assert (found.value, found.excluded) == (None, {reason: 1})


@pytest.mark.parametrize("signal", ["data_drift", "concept_drift", "performance", "quality"])
@pytest.mark.parametrize(
    "mitigation", ["rollback_model_version", "retrained_release", "rules_fallback", "feature_flag_off"]
)
def test_whatever_was_mitigated_counts_drift_as_well(sqlite: Engine, signal: str, mitigation: str) -> None:
    with books(sqlite) as written:
        degraded(written, written.model(), signal=signal, mitigation=mitigation)

        assert figure(written.session, "time_to_mitigate").value == 3600


@pytest.mark.parametrize("mitigation", ["none", "scale_up", "retraining_freeze", "data_backfill"])
def test_what_ended_without_a_mitigation_of_the_model_is_left_out(sqlite: Engine, mitigation: str) -> None:
    with books(sqlite) as written:
        degraded(written, written.model(), mitigation=mitigation)

        found = figure(written.session, "time_to_mitigate")
        assert (found.value, found.excluded) == (None, {"ended by itself or by other means": 1})


def test_what_ended_an_episode_is_told_by_its_last_detection(database: Engine) -> None:
    drift = {"signal": "data_drift", "detected_at": "2026-10-05T06:00:00Z"}
    ended = {"mitigated_at": "2026-10-06T12:00:00Z", "mitigation": "retrained_release"}
    deliver(database, "degradations", {"external_id": "g1"} | drift)
    deliver(database, "degradations", {"external_id": "g2"} | drift | {"detected_at": "2026-10-06T06:00:00Z"} | ended)
    with reading(database) as session:
        found = figure(session, "time_to_mitigate")
    assert (found.value, found.excluded) == (30 * 3600, {"repeat of an episode": 1})


def test_clocks_may_differ_by_five_minutes(sqlite: Engine) -> None:
    found = {"signal": "performance", "detected_at": "2026-10-05T06:00:00Z"}
    deliver(sqlite, "degradations", {"external_id": "g1"} | found | {"mitigated_at": "2026-10-05T05:55:00Z"})
    wrong = {"signal": "quality", "mitigated_at": "2026-10-05T05:54:59Z"}
    deliver(sqlite, "degradations", {"external_id": "g2"} | found | wrong)
    with reading(sqlite) as session:
        told = figure(session, "time_to_mitigate")
    assert (told.value, told.n, told.excluded) == (0, 1, {"mitigated before it was detected": 1})


def test_the_share_within_the_limit_of_each_tier_stands_beside(sqlite: Engine) -> None:
    with books(sqlite) as written:
        first, second, third = (written.model(f"m{tier}", tier=tier) for tier in (1, 2, 3))
        degraded(written, first, at("10-05"), hours=47)
        degraded(written, first, hours=48)
        degraded(written, second, hours=100)
        degraded(written, third, hours=1)

        within = figure(written.session, "time_to_mitigate").detail["within_limit"]
        assert within == {"k": 2, "n": 3, "value": 2 / 3}


def test_where_no_tier_has_a_limit_no_share_stands_beside(sqlite: Engine) -> None:
    with books(sqlite) as written:
        degraded(written, written.model(tier=3))

        assert "within_limit" not in figure(written.session, "time_to_mitigate").detail


def test_open_episodes_are_shown_with_the_oldest(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        degraded(written, model, hours=None)
        degraded(written, model, FOUND - 9 * HOUR, hours=None, signal="performance")

        waiting = figure(written.session, "time_to_mitigate").detail["waiting"]
        assert waiting == {"count": 2, "oldest_at": (FOUND - 9 * HOUR).isoformat()}


def test_a_daily_job_that_repeats_itself_makes_one_episode(sqlite: Engine) -> None:
    found = {"signal": "performance"}
    days = [found | {"external_id": f"g{day}", "detected_at": f"2026-10-{day:02}T06:00:00Z"} for day in (5, 6, 7)]
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
    found = {"signal": "quality", "detected_at": "2026-10-05T06:00:00Z"}
    deliver(database, "degradations", found | {"updated_at": "2026-10-05T06:00:00Z"})
    later = {"mitigated_at": "2026-10-06T06:00:00Z", "updated_at": "2026-10-06T06:00:00Z"}
    deliver(database, "degradations", found | later)
    with reading(database) as session:
        assert figure(session, "time_to_mitigate").value == 24 * 3600
