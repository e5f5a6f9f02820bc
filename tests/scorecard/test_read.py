"""Readings: status, window, comparison, history; how a figure is judged."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from ops_console.core.periods import midnight, parse
from ops_console.kpis import CATALOGUE
from ops_console.measures.comparison import Compare
from ops_console.measures.readings import DataState, Reading, Signal, Status
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.workspace import Workspace
from ops_console.scorecard import read
from ops_console.scorecard.refresh import rebuild
from tests.kpis.records import NOW, Books, at, minutes
from tests.scorecard.measuring import HEALTHY, UTC_ZONE, Kind, books, counted, read_one, released

OCTOBER = parse("2026-10", UTC_ZONE)


class TestStatus:
    @pytest.mark.parametrize(
        ("failed", "of", "status"),
        [
            (0, 20, Status.ON_TARGET),
            (8, 100, Status.ON_TARGET),
            (9, 100, Status.AT_RISK),
            (10, 100, Status.OFF_TARGET),
            (2, 20, Status.OFF_TARGET),
        ],
    )
    def test_a_share_is_at_risk_from_nine_tenths_of_its_limit(
        self, sqlite: Engine, failed: int, of: int, status: Status
    ) -> None:
        with books(sqlite) as written:
            released(written, of, failed=failed)

            assert read_one(written.session, "change_failure_rate").status is status

    def test_an_objective_is_at_risk_with_75_percent_of_its_budget_used(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            written.days(written.slo(written.model(tier=1), "api"), OCTOBER.start, 31, 9992, 10_000)

            found = read_one(written.session, "slo_attainment")
            assert (found.status, found.value) == (Status.AT_RISK, 1)
            assert "api" in found.status_reason

    @pytest.mark.parametrize(
        ("billed", "status"), [("95", Status.ON_TARGET), ("96", Status.AT_RISK), ("100", Status.AT_RISK)]
    )
    def test_cost_is_at_risk_above_95_percent_of_its_budget(self, sqlite: Engine, billed: str, status: Status) -> None:
        with books(sqlite) as written:
            written.cost(at("10-14"), billed)
            written.budget("2026-10", "100")

            assert read_one(written.session, "cost_vs_budget").status is status

    def test_money_without_a_budget_has_no_status(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            written.cost(at("10-14"), "95")

            found = read_one(written.session, "cost_vs_budget")
            assert (found.k, found.value, found.status) == (95, None, Status.NONE)
            assert found.status_reason == "No budget for this period."

    def test_a_scale_of_1_to_5_is_not_judged_against_a_target_of_8(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            written.answers([4] * 6, scale_min=1, scale_max=5)

            found = read_one(written.session, "stakeholder_satisfaction")
            assert (found.value, found.status) == (4, Status.NONE)

    def test_the_target_of_a_tier_binds_the_models_in_it(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            model = written.model("fast", tier=1)
            for _ in range(5):
                written.incident(model, at("10-14"), at("10-14") + minutes(90))

            assert read_one(written.session, "mttr", scope=Scope(ScopeKind.MODEL, "fast")).status is Status.OFF_TARGET
            workspace = read_one(written.session, "mttr")
            assert (workspace.status, workspace.target) == (Status.NONE, None)
            assert workspace.status_reason == "No target for this scope; the default targets bind per tier."

    @pytest.mark.parametrize(("period", "low"), [("2026-10", 2), ("2026-Q3", 6), ("2026-W42", None)])
    def test_a_band_meant_for_a_month_grows_with_a_quarter_and_ends_below_a_month(
        self, sqlite: Engine, period: str, low: float | None
    ) -> None:
        with books(sqlite) as written:
            found = read_one(written.session, "model_deployments", period)

            assert (found.target.low if found.target else None) == low

    def test_every_reading_says_why(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            released(written, 3)
            rebuild(written.session, NOW)
            for period in ("2026-10", "2026-11", "2026-Q3", "2020-01"):
                for found in everything(written, period):
                    assert found.status_reason


def everything(written: Books, period: str = "2026-10", **more: Any) -> list[Reading]:
    return read.readings(written.session, WORKSPACE, parse(period, UTC_ZONE), now=NOW, fresh=HEALTHY, **more)


class TestWindow:
    def test_a_failure_rate_is_judged_over_90_days(self, database: Engine) -> None:
        with books(database) as written:
            released(written, 8, month="08", failed=1)
            released(written, 4)

            found = read_one(written.session, "change_failure_rate")
            assert (found.n, found.window_days) == (12, 90)
            assert read_one(written.session, "change_failure_rate", window="period").n == 4

    @pytest.mark.parametrize(("month", "days"), [("09", 90), ("06", 180), ("01", 365)])
    def test_too_few_cases_widen_the_window_and_it_says_so(self, sqlite: Engine, month: str, days: int) -> None:
        with books(sqlite) as written:
            released(written, 4)
            released(written, 8, month=month)

            found = read_one(written.session, "change_failure_rate")
            assert (found.n, found.window_days) == (12, days)

    def test_its_local_days_and_the_rows_behind_it_stand_over_a_clock_change(self, database: Engine) -> None:
        london = ZoneInfo("Europe/London")
        with books(database) as written:
            written.keep(Workspace(name="Ops", time_zone=london.key, currency="GBP", made_at=NOW))
            for minute in range(10):
                written.release(written.model(f"m{minute}"), at("08-02 23:30") + minutes(minute))
            rebuild(written.session, NOW)

            october = parse("2026-10", london)
            found = read.reading(written.session, "change_failure_rate", WORKSPACE, october, now=NOW, fresh=HEALTHY)
            behind = read.records(written.session, found.key, WORKSPACE, found.window_start, found.window_end)
            assert found.window_start == midnight(date(2026, 8, 3), london) == at("08-02 23:00")
            assert (found.n, behind.counted) == (10, 10)

    def test_the_interval_is_wilsons(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            released(written, 25, failed=2)

            found = read_one(written.session, "change_failure_rate")
            assert found.interval_low == pytest.approx(0.0222, abs=1e-4)
            assert found.interval_high == pytest.approx(0.2497, abs=1e-4)


class TestRunning:
    def test_it_has_no_status_and_is_compared_with_as_many_days(self, database: Engine) -> None:
        with books(database) as written:
            model = written.model()
            for day in ("10-02", "10-03", "10-20", "11-02"):
                written.release(model, at(day))

            found = read_one(written.session, "model_deployments", "2026-11")
            assert (found.value, found.previous, found.delta, found.status) == (1, 2, -1, Status.NONE)
            assert found.is_running and found.window_end == NOW
            assert found.previous_until == at("10-01 00:00") + (NOW - at("11-01 00:00"))

    def test_a_bill_that_comes_in_late_is_compared_with_as_many_days_as_it_has(self, database: Engine) -> None:
        with books(database) as written:
            for day in ("10-01", "10-02", "10-03", "11-01", "11-02"):
                written.cost(at(f"{day} 00:00"), "100")

            found = read_one(written.session, "cost_vs_budget", "2026-11")
            assert (found.k, found.previous_k, found.previous_until) == (200, 200, at("10-03 00:00"))

    def test_a_month_of_which_no_bill_came_yet_is_compared_with_none(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            written.cost(at("10-30 00:00"), "100")

            found = read_one(written.session, "cost_vs_budget", "2026-11")
            assert (found.k, found.previous_k, found.delta) == (None, None, None)

    def test_it_is_compared_with_as_many_days_of_a_year_ago(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            model = written.model()
            for day in ("2025-11-02 12:00", "2025-11-03 12:00", "2025-11-20 12:00", "10-02", "11-02"):
                written.release(model, at(day))

            found = read_one(written.session, "model_deployments", "2026-11", compare=Compare.YEAR)
            assert (found.value, found.previous, found.delta) == (1, 2, -1)
            assert found.previous_period is not None and found.previous_period.label == "2025-11"

    def test_objectives_are_judged_on_the_time_that_has_passed(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            written.days(written.slo(written.model()), at("11-01 00:00"), 3, 10, 10)

            found = read_one(written.session, "slo_attainment", "2026-11", now=at("11-04 00:00"))
            assert found.value == 1

    def test_the_month_is_forecast_from_the_same_weekdays(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            for day in range(70):
                written.cost(at("09-01 00:00") + timedelta(days=day), "10")
            written.budget("2026-11", "290")

            fresh = {"costs": Kind(covers_until=at("11-10"))}
            found = read_one(written.session, "cost_vs_budget", "2026-11", now=at("11-10"), fresh=fresh)
            assert found.detail["forecast"]["amount"] == "300"
            assert found.detail["forecast"]["share"] == pytest.approx(300 / 290)


class TestComparison:
    def test_the_period_before_stands_beside(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            released(written, 7, month="09")
            released(written, 9)

            found = read_one(written.session, "model_deployments")
            assert (found.previous, found.delta) == (7, 2)
            assert found.previous_period is not None and found.previous_period.label == "2026-09"

    def test_nothing_is_compared_with_what_is_unknown(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            released(written, 9)
            later = {"deployments": Kind(covers_from=at("10-01 00:00"))}

            found = read_one(written.session, "model_deployments", fresh=later)
            assert (found.previous, found.delta) == (None, None)

    def test_a_survey_is_compared_with_its_wave_before(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            written.answers([6] * 5, wave="2026-Q2", day=date(2026, 6, 30))
            written.answers([9] * 5)

            found = read_one(written.session, "stakeholder_satisfaction")
            assert (found.value, found.previous, found.delta) == (9, 6, 3)
            assert found.previous_period is not None and found.previous_period.label == "2026-06"

    def test_the_only_wave_is_compared_with_nothing(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            written.answers([9] * 5)

            found = read_one(written.session, "stakeholder_satisfaction")
            assert (found.previous, found.delta) == (None, None)

    def test_the_period_of_a_year_ago_stands_beside_if_asked(self, database: Engine) -> None:
        with books(database) as written:
            released(written, 4, month="2025-10")
            released(written, 7, month="09")
            released(written, 9)

            found = read_one(written.session, "model_deployments", compare=Compare.YEAR)
            assert (found.value, found.previous, found.delta) == (9, 4, 5)
            assert found.previous_period == OCTOBER.a_year_before()
            week = read_one(written.session, "model_deployments", "2026-W42", compare=Compare.YEAR)
            assert (week.value, week.previous) == (9, 4)

    def test_status_signal_and_history_do_not_depend_on_it(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            for month in ("2025-10", "08", "09", "10"):
                released(written, 6, month=month)

            told = [read_one(written.session, "model_deployments", compare=each) for each in Compare]
            alike = [(each.value, each.status, each.signal, each.history) for each in told]
            assert alike[0] == alike[1] == alike[2]

    def test_nothing_stands_beside_if_nothing_is_asked(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            released(written, 7, month="09")
            written.cost(at("10-14"), "35", written.model())
            written.answers([6] * 5, wave="2026-Q2", day=date(2026, 6, 30))
            written.answers([9] * 5)
            rebuild(written.session, NOW)

            for found in everything(written, compare=Compare.NONE):
                assert (found.previous, found.previous_period, found.previous_until, found.delta) == (None,) * 4
                assert "movers" not in found.detail

    def test_a_survey_is_compared_with_the_wave_of_a_year_ago(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            written.answers([5] * 5, wave="2025-Q3", day=date(2025, 9, 30))
            written.answers([6] * 5, wave="2026-Q2", day=date(2026, 6, 30))
            written.answers([9] * 5)

            found = read_one(written.session, "stakeholder_satisfaction", compare=Compare.YEAR)
            assert (found.value, found.previous) == (9, 5)
            assert found.previous_period is not None and found.previous_period.label == "2025-09"

    def test_an_objective_that_fell_silent_is_missing(self, database: Engine) -> None:
        with books(database) as written:
            model = written.model()
            written.days(written.slo(model, "talks"), OCTOBER.start, 31, 10, 10)
            written.days(written.slo(model, "silent"), at("09-01 00:00"), 30, 10, 10)

            found = read_one(written.session, "slo_attainment")
            assert (found.detail["silent"], found.coverage_known, found.coverage_expected) == (["silent"], 1, 2)
            assert found.data_state is DataState.PARTIAL


class TestHistory:
    def test_covered_months_without_a_deployment_are_zero_and_others_are_gaps(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            released(written, 9)
            later = {"deployments": Kind(covers_from=at("08-01 00:00"))}

            found = read_one(written.session, "model_deployments", fresh=later)
            assert [point.value for point in found.history[-4:]] == [None, 0, 0, 9]
            assert len(found.history) == 25

    def test_a_share_of_nothing_is_a_gap(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            released(written, 10, month="08")
            released(written, 10)

            found = read_one(written.session, "change_failure_rate")
            assert [point.value for point in found.history[-3:]] == [0, None, 0]

    def test_a_jump_is_a_signal_and_lowers_on_target_to_at_risk(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            for month, days in zip(range(1, 11), [1, 2, 1, 2, 1, 2, 1, 2, 1, 10], strict=True):
                ready = at(f"{month:02}-14 00:00") - timedelta(days=days)
                released(written, 5, month=f"{month:02}", ready_at=ready)

            found = read_one(written.session, "lead_time")
            assert (found.signal, found.status, found.trial) == (Signal.WORSE, Status.AT_RISK, True)
            assert found.limit_points == 10

    def test_rare_events_tell_the_days_since_the_last(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            released(written, 1, month="05")
            released(written, 1)

            found = read_one(written.session, "model_deployments")
            assert (found.signal, found.centre) == (Signal.TOO_LITTLE, None)
            assert found.detail["days_since_last"] == 21


def test_readings_come_in_catalogue_order_and_cost_the_same_for_any_company(database: Engine) -> None:
    numbers = []
    with books(database) as written:
        for models in (1, 6):
            for _ in range(models):
                released(written, 3)
            rebuild(written.session, NOW)
            with counted(written.session) as statements:
                found = everything(written)
            numbers.append(len(statements))

    assert [reading.key for reading in found] == list(CATALOGUE)
    assert numbers[0] == numbers[1] <= 11


def test_a_split_by_scope_begins_with_the_largest(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for slug, number in (("small", 1), ("large", 3)):
            model = written.model(slug, tier=number)
            for _ in range(number):
                written.release(model, at("10-14"))
        rebuild(written.session, NOW)

        split = read.readings_by_scope(
            written.session, "model_deployments", ScopeKind.MODEL, OCTOBER, now=NOW, fresh=HEALTHY
        )
        assert [(each.scope.key, each.value) for each in split] == [("large", 3), ("small", 1)]


def test_any_stretch_of_days_is_read_from_the_records(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, 4)

        found = read_one(written.session, "model_deployments", "2026-10-14..2026-10-14")
        assert (found.value, found.history) == (4, ())


def test_the_scopes_are_those_of_the_catalogue(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.model("b", tier=2, team="Risk")
        written.model("a", tier=1, team="Search")

        found = [str(scope) for scope in read.scopes(written.session)]
        assert found == ["workspace", "team:Risk", "team:Search", "tier:1", "tier:2", "model:a", "model:b"]


def test_freshness_of_the_import_rows_is_used_where_none_is_given(sqlite: Engine) -> None:
    with books(sqlite) as written:
        found = read.reading(written.session, "mttr", WORKSPACE, OCTOBER, now=NOW)

        assert replace(found).data_state is DataState.NOT_CONNECTED


def test_several_scopes_and_periods_at_once_read_as_one_by_one(sqlite: Engine) -> None:
    wanted = [(WORKSPACE, OCTOBER), (WORKSPACE, OCTOBER.previous()), (Scope(ScopeKind.TIER, "1"), OCTOBER)]
    with books(sqlite) as written:
        released(written, 20, failed=2)
        written.days(written.slo(written.model(tier=1), "api"), OCTOBER.start, 31, 9992, 10_000)
        rebuild(written.session, NOW)

        together = read.readings_of(written.session, wanted, now=NOW)
        assert together == [read.readings(written.session, *each, now=NOW) for each in wanted]
