"""What stands beside deployments, failures and time to restore: pace, canaries, recovery, rework, acknowledgement."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.core.periods import parse
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.scorecard.refresh import rebuild, refresh
from tests.kpis.records import NOW, Books, at, minutes
from tests.scorecard.changing import points
from tests.scorecard.measuring import UTC_ZONE, Kind, books, figure, read_one

LIVE = at("10-14")
HOUR, DAY = 3600, 86_400


def beside(written: Books, key: str, name: str, period: str = "2026-10") -> dict[str, Any]:
    found: dict[str, Any] = figure(written.session, key, period).detail[name]
    return found


# ---- pace


def test_releases_a_week_and_the_median_gap_between_two(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        for day in ("10-01", "10-03", "10-04", "10-20"):
            written.release(model, at(day))
        written.release(model, at("10-21"), kind="rollback")

        found = beside(written, "model_deployments", "pace")
        assert (found["n"], found["value"]) == (4, pytest.approx(4 * 7 / 31))
        assert found["median_gap"] == 2 * DAY


def test_one_release_has_no_gap(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.release(written.model(), LIVE)

        assert "median_gap" not in beside(written, "model_deployments", "pace")


def test_the_pace_of_a_running_month_is_that_of_the_days_that_have_passed(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for day in ("11-01", "11-02"):
            written.release(written.model(f"m{day}"), at(day))

        early = read_one(written.session, "model_deployments", "2026-11").detail["pace"]
        now = at("11-15 00:00")
        known = {"deployments": Kind(covers_until=now)}
        later = read_one(written.session, "model_deployments", "2026-11", now=now, fresh=known).detail["pace"]
        assert (early["value"], early["n"]) == (None, 2)
        assert later["value"] == 1


# ---- canaries


def test_canaries_that_were_stopped_are_a_share_of_those_that_are_over(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        written.release(model, LIVE, kind="canary")
        written.release(model, None, kind="canary", status="failed", last_at=LIVE)
        written.release(model, None, kind="canary", status="cancelled", last_at=LIVE)
        written.release(model, None, kind="canary", status="running", last_at=LIVE)
        written.release(model, None, kind="canary", status="failed", last_at=LIVE, environment="staging")

        found = beside(written, "model_deployments", "aborted_canaries")
        assert (found["k"], found["n"], found["excluded"]) == (2, 3, {"still running": 1})


# ---- recovery and rework


def test_a_failed_release_recovers_when_its_incident_is_restored(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        release = written.release(model, LIVE)
        written.link(written.incident(model, LIVE + minutes(30), LIVE + minutes(90)), release)
        written.release(model, LIVE + minutes(600))

        found = beside(written, "change_failure_rate", "recovery")
        assert (found["n"], found["median"]) == (1, HOUR)


def test_or_when_it_is_rolled_back_if_that_came_first(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        release = written.release(model, LIVE)
        written.link(written.incident(model, LIVE, LIVE + minutes(90)), release)
        written.release(model, LIVE + minutes(20), kind="rollback", rolls_back_id=release.id, is_first_of_version=False)

        assert beside(written, "change_failure_rate", "recovery")["median"] == 20 * 60


def test_of_several_incidents_the_last_to_be_restored_counts(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        release = written.release(model, LIVE)
        for length in (10, 40):
            written.link(written.incident(model, LIVE, LIVE + minutes(length)), release)

        assert beside(written, "change_failure_rate", "recovery")["median"] == 40 * 60


def test_an_incident_that_broke_again_lasts_as_long_as_all_its_stretches(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        release = written.release(model, LIVE)
        broken = written.incident(model, LIVE, LIVE + minutes(30), reopened_ms=15 * 60_000)
        written.link(broken, release)

        recovery = beside(written, "change_failure_rate", "recovery")
        assert recovery["median"] == broken.trouble.total_seconds() == 45 * 60


def test_while_it_is_broken_again_it_has_not_recovered_unless_it_was_rolled_back(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        hurting, undone = written.release(model, LIVE), written.release(model, LIVE + minutes(600))
        for release, began in ((hurting, LIVE), (undone, LIVE + minutes(600))):
            again = {"reopened_at": began + minutes(90)}
            written.link(written.incident(model, began, began + minutes(10), **again), release)
        back = {"kind": "rollback", "rolls_back_id": undone.id, "is_first_of_version": False}
        written.release(model, LIVE + minutes(720), **back)

        found = beside(written, "change_failure_rate", "recovery")
        assert (found["median"], found["excluded"]) == (2 * HOUR, {"not recovered yet": 1})


def test_a_release_that_still_hurts_waits_and_is_in_no_median(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        release = written.release(model, LIVE)
        written.link(written.incident(model, LIVE, LIVE + minutes(10)), release)
        written.link(written.incident(model, LIVE, None), release)

        found = beside(written, "change_failure_rate", "recovery")
        assert (found["n"], found["excluded"]) == (0, {"not recovered yet": 1})


def test_it_did_no_harm_before_it_was_live(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        release = written.release(model, LIVE)
        written.link(written.incident(model, LIVE - minutes(60), LIVE + minutes(30)), release)

        assert beside(written, "change_failure_rate", "recovery")["median"] == 30 * 60


def test_suspected_and_false_incidents_are_no_failure_to_recover_from(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        release = written.release(model, LIVE)
        written.link(written.incident(model, LIVE, LIVE + minutes(30)), release, confirmed=False)

        assert "recovery" not in figure(written.session, "change_failure_rate").detail


def test_rework_is_the_share_of_deployments_that_mend_another(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        first = written.release(model, LIVE)
        written.release(model, LIVE + minutes(10), kind="hotfix")
        written.release(model, LIVE + minutes(20), kind="rollback", rolls_back_id=first.id, is_first_of_version=False)
        written.release(model, LIVE + minutes(30), remediates="INC-1")
        written.release(model, LIVE + minutes(40), kind="config")
        written.release(model, LIVE + minutes(50), is_first_of_version=False)

        found = beside(written, "change_failure_rate", "rework")
        assert (found["k"], found["n"]) == (3, 4)


# ---- acknowledgement


def test_acknowledgement_is_measured_from_detection_and_a_resolution_is_none(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        written.incident(model, LIVE, LIVE + minutes(60), acknowledged_at=LIVE + minutes(4))
        written.incident(model, LIVE, LIVE + minutes(60), acknowledged_at=LIVE + minutes(8))
        written.incident(model, LIVE, LIVE + minutes(60))
        written.incident(model, LIVE, LIVE + minutes(60), acknowledged_at=LIVE - minutes(1))
        written.incident(model, LIVE, LIVE + minutes(60), acknowledged_at=LIVE, maintenance=True)

        found = beside(written, "mttr", "time_to_acknowledge")
        assert (found["n"], found["median"]) == (2, 6 * 60)
        assert found["excluded"] == {
            "acknowledged before it was detected": 1,
            "maintenance": 1,
            "not acknowledged": 1,
        }


def test_an_incident_restored_long_after_refreshes_to_what_a_rebuild_gives(database: Engine) -> None:
    """Its release went live weeks before: how long that took to mend counts there."""
    deployed = {"external_id": "d1", "model": "ranker", "version": "1", "environment": "production"}
    deployed |= {"status": "succeeded", "kind": "release", "finished_at": "2026-06-01T12:00Z"}
    hurt = {"external_id": "i1", "title": "Slow", "model": "ranker", "caused_by": "d1"}
    hurt |= {"detected_at": "2026-07-20T12:00Z"}
    ended = {**hurt, "restored_at": "2026-08-01T12:00Z"}
    for kind, row in (("deployments", deployed), ("incidents", hurt), ("incidents", ended)):
        import_rows(database, [row], Delivery(kind=kind, source="hub", covers_until=NOW, origin="API"))
        with transaction(database) as session:
            refresh(session, NOW)

    with transaction(database) as session:
        refreshed = points(session)
        rebuild(session, NOW)
        assert refreshed == points(session)
        recovery = figure(session, "change_failure_rate", "2026-06").detail["recovery"]
        assert recovery["median"] == timedelta(days=12).total_seconds()


def test_a_month_of_canaries_alone_is_told_although_nothing_was_released(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.release(written.model(), at("10-14"), kind="canary", status="succeeded")

        found = figure(written.session, "model_deployments", parse("2026-10", UTC_ZONE).label)
        assert (found.value, found.detail["aborted_canaries"]["n"]) == (0, 1)
