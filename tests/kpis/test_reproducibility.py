"""Versions that could be built again ÷ versions checked: what nobody checked is no success."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.core.periods import parse
from ops_console.measures.readings import DataState
from ops_console.measures.scopes import WORKSPACE
from ops_console.scorecard.rows import records
from tests.kpis.quality_records import QualityBooks
from tests.kpis.records import NOW, at
from tests.scorecard.measuring import UTC_ZONE, figure, read_one

KEY, QUARTER = "reproducibility", "2026-Q3"
LIVE, CHECKED = at("08-03"), at("09-14")


@contextmanager
def books(database: Engine) -> Iterator[QualityBooks]:
    with transaction(database) as session:
        yield QualityBooks(session)


def test_versions_whose_latest_check_succeeded_by_those_checked(database: Engine) -> None:
    with books(database) as written:
        model = written.in_production()
        for version, succeeded in (("v1", True), ("v2", False), ("v3", True)):
            written.release(model, LIVE, version=version)
            written.check(model, version, CHECKED, succeeded=succeeded)

        found = figure(written.session, KEY, QUARTER)
        assert (found.k, found.n, found.value) == (2, 3, 2 / 3)
        assert (found.coverage_known, found.coverage_expected) == (3, 3)


def test_what_nobody_checked_is_neither_a_success_nor_a_failure_and_lowers_the_coverage(database: Engine) -> None:
    with books(database) as written:
        model = written.in_production()
        written.release(model, LIVE, version="v1")
        written.release(model, LIVE + timedelta(days=1), version="v2")
        written.check(model, "v1", CHECKED)

        found = figure(written.session, KEY, QUARTER)
        assert (found.value, found.n, found.excluded) == (1, 1, {"not checked": 1})
        assert (found.coverage_known, found.coverage_expected, found.detail["at_least"]) == (1, 2, 0.5)


def test_a_model_nobody_checked_is_told_from_one_whose_check_failed(database: Engine) -> None:
    with books(database) as written:
        failed, unchecked = (written.in_production(name) for name in ("failed", "unchecked"))
        for model in (failed, unchecked):
            written.release(model, LIVE, version="v1")
        written.check(failed, "v1", CHECKED, succeeded=False)

        found = {name: figure(written.session, KEY, QUARTER, f"model:{name}") for name in ("failed", "unchecked")}
        assert (found["failed"].value, found["failed"].n, found["failed"].excluded) == (0, 1, {})
        assert (found["unchecked"].value, found["unchecked"].n) == (None, 0)
        assert found["unchecked"].excluded == {"not checked": 1}


def test_where_nothing_was_checked_the_page_says_of_how_many(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.in_production()
        written.release(model, at("03-03"), version="v1")
        written.check(model, "v1", at("03-14"))

        found = read_one(written.session, KEY, QUARTER)
        assert (found.value, found.data_state, found.data_reason) == (None, DataState.PARTIAL, "0 of 1 covered")


def test_the_latest_check_of_the_period_decides_and_earlier_ones_count_no_more(database: Engine) -> None:
    with books(database) as written:
        model = written.in_production()
        written.release(model, LIVE, version="v1")
        written.check(model, "v1", CHECKED, succeeded=False)
        written.check(model, "v1", CHECKED + timedelta(days=1), succeeded=True)
        written.check(model, "v1", at("10-02"), succeeded=False)

        assert (figure(written.session, KEY, QUARTER).k, figure(written.session, KEY, QUARTER).n) == (1, 1)
        assert figure(written.session, KEY, "2026-Q4").value == 0


def test_a_metric_within_its_tolerance_is_the_same_though_the_digits_differ(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.in_production()
        written.release(model, LIVE, version="v1")
        written.check(model, "v1", CHECKED, method="metric", expected="0.4120", actual="0.4118", tolerance="0.001")

        assert figure(written.session, KEY, QUARTER).value == 1


def test_a_check_that_failed_for_lack_of_data_is_a_failure(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.in_production()
        written.release(model, LIVE, version="v1")
        written.check(model, "v1", CHECKED, succeeded=False, actual="training data past their retention")

        assert figure(written.session, KEY, QUARTER).value == 0


def test_the_version_that_served_when_the_quarter_began_is_expected_to_be_checked(database: Engine) -> None:
    with books(database) as written:
        model = written.in_production()
        written.release(model, at("02-03"), version="v1")
        written.release(model, at("05-03"), version="v2")
        written.release(model, LIVE, version="v3")
        written.check(model, "v2", CHECKED)

        found = figure(written.session, KEY, QUARTER)
        assert (found.coverage_known, found.coverage_expected) == (1, 2), "v1 served no more"


def test_a_version_that_is_rolled_back_to_serves_again_and_is_one_version(database: Engine) -> None:
    with books(database) as written:
        model = written.in_production()
        written.release(model, at("05-03"), version="v1")
        written.release(model, LIVE, version="v2")
        written.release(model, LIVE + timedelta(hours=2), version="v1", kind="rollback", is_first_of_version=False)
        written.check(model, "v1", at("05-14"))

        assert figure(written.session, KEY, QUARTER).coverage_expected == 2
        assert figure(written.session, KEY, "2026-Q4").excluded == {"not checked": 1}


@pytest.mark.parametrize("kind", ["canary", "shadow"])
def test_a_version_that_served_no_whole_traffic_is_not_expected(sqlite: Engine, kind: str) -> None:
    with books(sqlite) as written:
        model = written.in_production()
        written.release(model, LIVE, version="v1", kind=kind)
        written.check(model, "v1", CHECKED)

        assert figure(written.session, KEY, QUARTER).n is None


def test_a_check_of_a_version_that_never_served_counts_nothing(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.in_production()
        written.release(model, LIVE, version="v1", environment="staging")
        written.check(model, "v1", CHECKED)

        assert figure(written.session, KEY, QUARTER).n is None


def test_a_deleted_check_was_never_made(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.in_production()
        written.release(model, LIVE, version="v1")
        written.check(model, "v1", at("05-14"))
        written.check(model, "v1", CHECKED, deleted_at=NOW)

        assert figure(written.session, KEY, QUARTER).excluded == {"not checked": 1}


def test_a_retired_model_is_expected_to_be_checked_up_to_its_retirement(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model, retired = written.entry("old"), at("08-20")
        written.stood(model, at("01-01"), retired, tier=1, lifecycle="production")
        written.stood(model, retired, NOW, tier=1, lifecycle="retired")
        written.release(model, at("05-03"), version="v1")
        written.check(model, "v1", at("05-14"))

        assert figure(written.session, KEY, "2026-Q2").n == 1
        assert figure(written.session, KEY, QUARTER).n is None


def test_for_all_models_and_a_team_the_versions_of_tier_1_count(database: Engine) -> None:
    with books(database) as written:
        for tier, succeeded in ((1, True), (2, False), (None, False)):
            model = written.in_production(f"m{tier}", tier=tier, team="Search")
            written.release(model, LIVE, version="v1")
            written.check(model, "v1", CHECKED, succeeded=succeeded)

        for scope in ("workspace", "team:Search"):
            found = figure(written.session, KEY, QUARTER, scope)
            assert (found.value, found.n, found.excluded) == (1, 1, {"not tier 1": 2})
        assert figure(written.session, KEY, QUARTER, "tier:2").value == 0
        assert figure(written.session, KEY, QUARTER, "model:m2").value == 0


def test_what_nobody_checked_in_other_tiers_does_not_lower_the_coverage(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for tier in (1, 2):
            written.release(written.in_production(f"m{tier}", tier=tier), LIVE, version="v1")
        written.check(1, "v1", CHECKED)

        found = figure(written.session, KEY, QUARTER)
        assert (found.coverage_known, found.coverage_expected) == (1, 1)


def test_the_tier_is_that_at_the_end_of_the_quarter(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model, raised = written.entry("ranker"), at("10-01 00:00")
        written.stood(model, at("01-01"), raised, tier=2, lifecycle="production")
        written.stood(model, raised, NOW.replace(year=2030), tier=1, lifecycle="production")
        written.release(model, LIVE, version="v1")
        written.check(model, "v1", CHECKED)

        assert figure(written.session, KEY, QUARTER).excluded == {"not tier 1": 1}
        assert figure(written.session, KEY, "2026-Q4").excluded == {"not checked": 1}


def test_the_rows_behind_it_are_the_versions_those_unchecked_too(database: Engine) -> None:
    with books(database) as written:
        for tier in (1, 2):
            model = written.in_production(f"m{tier}", tier=tier)
            release = written.release(model, LIVE, version="v1")
            written.release(model, LIVE + timedelta(days=1), version="v2")
            written.check(model, "v1", CHECKED)

        period = parse(QUARTER, UTC_ZONE)
        page = records(written.session, KEY, WORKSPACE, period.start, period.end)
        assert [(row.subject, row.label, row.measure, row.excluded) for row in page.rows][:2] == [
            ("m1", "v1", 1, None),
            ("m2", "v2", None, "not tier 1"),
        ]
        assert (page.counted, page.excluded) == (1, {"not checked": 1, "not tier 1": 2})
        assert release.id is not None and page.rows[0].url.startswith("/deployments/")
        assert figure(written.session, KEY, QUARTER).excluded == page.excluded
