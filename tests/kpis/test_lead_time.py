"""Ready to production: median of raw rows, and what is left out."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ops_console.measures.figures import Figure
from tests.kpis.records import at, minutes
from tests.scorecard.measuring import books, figure

DAY = 86_400.0
LIVE = at("10-20")


def measured(database: Engine, *days: float) -> Figure:
    with books(database) as written:
        model = written.model()
        for waited in days:
            written.release(model, LIVE, ready_at=LIVE - timedelta(days=waited))
        return figure(written.session, "lead_time")


def test_the_headline_is_the_median_and_the_rest_stands_beside_it(database: Engine) -> None:
    found = measured(database, 1, 2, 3, 4, 10)

    assert found.value == 3 * DAY
    assert found.spread == {"mean": 4 * DAY, "median": 3 * DAY, "p75": 4 * DAY, "p90": pytest.approx(7.6 * DAY)}


def test_an_even_number_of_releases_has_its_median_between_two(sqlite: Engine) -> None:
    assert measured(sqlite, 1, 2).value == 1.5 * DAY


def test_without_releases_there_is_no_lead_time_rather_than_none_at_all(sqlite: Engine) -> None:
    assert measured(sqlite) == Figure()


def test_few_rows_are_shown_themselves(sqlite: Engine) -> None:
    assert measured(sqlite, 2, 1).detail["each"] == [DAY, 2 * DAY]


def test_a_release_without_a_ready_time_lowers_the_coverage(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        written.release(model, LIVE, ready_at=LIVE - timedelta(days=1))
        written.release(model, LIVE)

        found = figure(written.session, "lead_time")
        assert (found.n, found.coverage_known, found.coverage_expected) == (1, 1, 2)
        assert found.excluded == {"no ready time": 1}


@pytest.mark.parametrize(("late", "value", "excluded"), [(5, 0.0, {}), (6, None, {"live before ready": 1})])
def test_clocks_may_differ_by_five_minutes(
    database: Engine, late: int, value: float | None, excluded: dict[str, int]
) -> None:
    with books(database) as written:
        written.release(written.model(), LIVE, ready_at=LIVE + minutes(late))

        found = figure(written.session, "lead_time")
        assert (found.value, found.excluded) == (value, excluded)


@pytest.mark.parametrize("changes", [{"kind": "rollback"}, {"kind": "restart"}, {"is_first_of_version": False}])
def test_later_roll_outs_of_a_version_add_nothing(sqlite: Engine, changes: dict[str, object]) -> None:
    with books(sqlite) as written:
        written.release(written.model(), LIVE, ready_at=LIVE - timedelta(days=90), **changes)

        assert figure(written.session, "lead_time") == Figure()


def test_stages_a_release_went_through_are_told_apart(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.release(
            written.model(),
            LIVE,
            ready_at=LIVE - timedelta(days=4),
            requested_at=LIVE - timedelta(days=3),
            approved_at=LIVE - timedelta(days=1),
            started_at=LIVE - minutes(30),
        )

        stages = figure(written.session, "lead_time").detail["stages"]
        assert {name: stage["median"] for name, stage in stages.items()} == {
            "ready_to_requested": DAY,
            "requested_to_approved": 2 * DAY,
            "approved_to_started": DAY - 1800,
            "started_to_live": 1800,
        }


def test_first_commit_to_production_is_measured_per_change(database: Engine) -> None:
    with books(database) as written:
        release = written.release(written.model(), LIVE, ready_at=LIVE)
        for days in (1, 2, 9):
            written.change(release, LIVE - timedelta(days=days))
        written.change(release, None)

        changes = figure(written.session, "lead_time").detail["first_commit_to_production"]
        assert (changes["n"], changes["median"], changes["mean"]) == (3, 2 * DAY, 4 * DAY)
        assert changes["excluded"] == {"no commit time": 1}
