"""What a week's report finds in the records: releases to watch, pipelines that failed."""

from datetime import date, timedelta

from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.core.periods import parse
from ops_console.reporting.failed_pipelines import MOST_PIPELINES, failed_pipelines
from ops_console.reporting.hazards import FailedPipelines, Risky
from ops_console.reporting.risky import MOST_RELEASES, risky
from tests.reporting.shown import LONDON
from tests.web.pages.builders import DAY, HOUR, NOON, Workspace

WEEK = parse("2026-W42", LONDON)
"""12 to 18 October; noon of the 14th is in it."""
NOW = NOON + 5 * DAY
TESTED = {"tier": 1, "rollback_tested_on": date(2026, 9, 1)}


def test_what_broke_something_comes_first_then_what_may_have_then_what_cannot_go_back(database: Engine) -> None:
    with transaction(database) as session:
        rows = Workspace(session)
        untested, tested = rows.model("ranker", tier=1), rows.model("fraud", **TESTED)
        rows.release(untested, "1")
        suspected = rows.release(tested, "2", NOON + HOUR)
        caused = rows.release(tested, "3", NOON + 2 * HOUR)
        rows.release(tested, "4", NOON + 3 * HOUR)
        rows.link(rows.incident(tested, external_id="INC-1"), suspected, method="suggestion", confirmed=False)
        for name in ("INC-2", "INC-3"):
            rows.link(rows.incident(tested, external_id=name), caused)

        found = risky(session, WEEK, NOW)
        assert [(each.model, each.version, each.why) for each in found.rows] == [
            ("fraud", "3", ("caused INC-2, INC-3",)),
            ("fraud", "2", ("may have caused INC-1",)),
            ("ranker", "1", ("tier 1, rollback never tested",)),
        ]
        assert (found.total, found.released) == (3, 4)


def test_a_test_of_the_way_back_holds_for_half_a_year(database: Engine) -> None:
    with transaction(database) as session:
        rows = Workspace(session)
        for name, days in (("old", 181), ("fresh", 180)):
            rows.release(rows.model(name, tier=1, rollback_tested_on=NOW.date() - timedelta(days=days)))

        (only,) = risky(session, WEEK, NOW).rows
        assert (only.model, only.why) == ("old", ("tier 1, rollback last tested on 21 Apr 2026",))


def test_a_model_of_another_tier_is_watched_only_for_what_it_broke(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        rows.release(rows.model("bidder", tier=2))
        rows.release(rows.model("stray"))

        assert risky(session, WEEK, NOW) == Risky((), 0, 2)


def test_only_new_versions_that_went_live_in_the_week_are_told(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        ranker = rows.model(tier=1)
        rows.release(ranker, "0", WEEK.start - HOUR)
        rows.release(ranker, "1", WEEK.end)
        rows.release(ranker, "2", kind="restart")
        rows.release(ranker, "3", environment="staging")
        rows.release(ranker, "4", None)

        assert risky(session, WEEK, NOW) == Risky()


def test_of_many_the_most_pressing_are_told_and_all_counted(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        ranker = rows.model(tier=1)
        for number in range(MOST_RELEASES + 3):
            rows.release(ranker, str(number), NOON + number * HOUR)

        found = risky(session, WEEK, NOW)
        assert (len(found.rows), found.total) == (MOST_RELEASES, MOST_RELEASES + 3)


def test_pipelines_are_told_by_how_often_they_failed(database: Engine) -> None:
    with transaction(database) as session:
        rows = Workspace(session)
        ranker = rows.model()
        for hour, status in enumerate(("succeeded", "failed", "failed", "cancelled", "running")):
            rows.run(ranker, NOON + hour * HOUR, status=status)
        rows.run(None, status="failed", pipeline="score")
        rows.run(ranker, pipeline="fine")
        rows.run(ranker, NOON, status="failed", deleted_at=NOON)
        rows.run(ranker, WEEK.end, status="failed")

        found = failed_pipelines(session, WEEK)
        assert [(each.pipeline, each.model, each.failed, each.runs, each.last_at) for each in found.rows] == [
            ("train", "ranker", 2, 3, NOON + 2 * HOUR),
            ("score", "", 1, 1, NOON),
        ]
        assert (found.total, found.runs) == (2, 5)


def test_of_many_pipelines_the_worst_are_told_and_all_counted(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        for number in range(MOST_PIPELINES + 2):
            rows.run(rows.model(f"m{number}"), status="failed", pipeline=f"p{number}")

        found = failed_pipelines(session, WEEK)
        assert (len(found.rows), found.total) == (MOST_PIPELINES, MOST_PIPELINES + 2)
        assert failed_pipelines(session, WEEK.previous()) == FailedPipelines()
