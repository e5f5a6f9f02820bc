"""Figures that move with the clock: kept as they stood, made anew by facts and by time, and never taken for others."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from ops_console.core.periods import Grain, containing, parse
from ops_console.ingest.outdated import mark
from ops_console.kpis import CATALOGUE
from ops_console.measures.comparison import Compare
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.scorecard import MovingPoint
from ops_console.scorecard import read
from ops_console.scorecard.moving import Aspect, Moving, kept_while, stood, stood_in_models
from ops_console.scorecard.refresh import rebuild, refresh
from tests.kpis.records import NOW, Books, at
from tests.scorecard.measuring import HEALTHY, UTC_ZONE, books, counted, released

NOVEMBER = parse("2026-11", UTC_ZONE)
MINUTE = timedelta(minutes=1)
DEPLOYMENTS = CATALOGUE["model_deployments"]


def read_at(session: Session, minutes: int = 0, **more: object) -> Reading:
    """Deployments of the running month so many minutes after the last refresh."""
    now = NOW + minutes * MINUTE
    return read.reading(session, "model_deployments", WORKSPACE, NOVEMBER, now=now, fresh=HEALTHY, **more)  # type: ignore[arg-type]


def unmarked(written: Books, day: str) -> None:
    """A release that nobody told the scorecard of."""
    written.release(written.model(f"unmarked-{next(written.numbers)}"), at(day))


def kept(session: Session, key: str) -> Sequence[tuple[str, str]]:
    """Aspect and place of each figure kept of a KPI."""
    columns = (col(MovingPoint.aspect), col(MovingPoint.grain))
    return sorted(tuple(row) for row in session.execute(select(*columns).where(col(MovingPoint.kpi) == key).distinct()))


class TestReading:
    def test_what_is_kept_is_read_and_not_the_records(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            released(written, 2)
            unmarked(written, "10-01")
            rebuild(written.session, NOW)
            unmarked(written, "10-02")

            assert read_at(written.session, 20).previous == 1

    def test_it_says_until_when_it_compares(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            unmarked(written, "10-01")
            rebuild(written.session, NOW)

            so_far = NOVEMBER.previous().start + (NOW - NOVEMBER.start)
            assert read_at(written.session, 20).previous_until == so_far

    def test_days_are_whole_where_clocks_change(self) -> None:
        april, march = (parse(month, ZoneInfo("Europe/London")) for month in ("2026-04", "2026-03"))
        moving = Moving(CATALOGUE["cost_vs_budget"], Aspect.SO_FAR, april, march, at("2026-04-29 23:00"))

        assert moving.span(at("2026-04-30 12:00")).end == at("2026-03-29 23:00")

    def test_what_was_kept_too_long_ago_is_computed_as_it_stands(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            unmarked(written, "10-01")
            rebuild(written.session, NOW)
            unmarked(written, "10-02")

            found = read_at(written.session, 31)
            assert (found.previous, found.previous_until) == (
                2,
                NOVEMBER.previous().start + (NOW + 31 * MINUTE - NOVEMBER.start),
            )

    def test_what_was_kept_later_than_the_moment_read_is_not_taken(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            unmarked(written, "10-01")
            rebuild(written.session, NOW)
            unmarked(written, "10-02")

            assert read_at(written.session, -1).previous == 2

    def test_a_comparison_that_nobody_keeps_is_computed(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            written.release(written.model(), at("11-01").replace(year=2025))
            rebuild(written.session, NOW)

            assert read_at(written.session, compare=Compare.YEAR).previous == 1

    def test_a_scope_in_which_nothing_happened_is_no_reason_to_look_at_records(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            rebuild(written.session, NOW)
            moving = Moving(DEPLOYMENTS, Aspect.SO_FAR, NOVEMBER, NOVEMBER.previous())
            with counted(written.session) as statements:
                found = stood(written.session, [moving], [Scope(ScopeKind.TEAM, "Search")], NOW)

            assert (found[moving].figures, len(statements)) == ({}, 1)

    def test_what_is_read_together_is_what_is_read_alone(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            released(written, 3, failed=1)
            released(written, 2, month="11")
            rebuild(written.session, NOW)
            running = containing(NOW, Grain.WEEK, UTC_ZONE)
            wanted = [
                Moving(DEPLOYMENTS, Aspect.SO_FAR, NOVEMBER, NOVEMBER.previous()),
                Moving(DEPLOYMENTS, Aspect.SO_FAR, running, running.previous()),
                Moving(CATALOGUE["change_failure_rate"], Aspect.YOUNG_OF_WINDOW, NOVEMBER),
            ]
            with counted(written.session) as statements:
                together = stood(written.session, wanted, [WORKSPACE], NOW)

            assert len(statements) == 1
            assert together == {each: stood(written.session, [each], [WORKSPACE], NOW)[each] for each in wanted}

    def test_models_are_read_together(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            unmarked(written, "10-01")
            rebuild(written.session, NOW)
            moving = Moving(DEPLOYMENTS, Aspect.SO_FAR, NOVEMBER, NOVEMBER.previous())

            found = stood_in_models(written.session, moving, NOW)
            assert {str(scope): figure.value for scope, figure in found.figures.items()} == {"model:unmarked-1": 1}


class TestKeeping:
    def test_facts_that_touch_it_make_it_anew(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            unmarked(written, "10-01")
            rebuild(written.session, NOW)
            unmarked(written, "10-02")
            mark(written.session, "deployments", [(at("10-02"), at("10-02"))])
            refresh(written.session, NOW + MINUTE)

            assert read_at(written.session, 1).previous == 2

    def test_facts_that_do_not_touch_it_leave_it_as_it_is(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            unmarked(written, "10-01")
            rebuild(written.session, NOW)
            unmarked(written, "10-02")
            mark(written.session, "deployments", [(at("11-01"), at("11-01"))])
            refresh(written.session, NOW + MINUTE)

            assert read_at(written.session, 1).previous == 1

    def test_what_came_out_the_same_is_not_written_again(self, sqlite: Engine) -> None:
        def numbers() -> dict[tuple[str, str], int]:
            columns = (col(MovingPoint.grain), col(MovingPoint.scope_key), col(MovingPoint.id))
            mine = col(MovingPoint.kpi) == "model_deployments", col(MovingPoint.scope_kind).in_(("workspace", "model"))
            rows = written.session.execute(select(*columns).where(*mine))
            return {(grain, scope): number for grain, scope, number in rows}

        with books(sqlite) as written:
            unmarked(written, "10-01")
            rebuild(written.session, NOW)
            before = numbers()
            unmarked(written, "10-02")
            mark(written.session, "deployments", [(at("10-02"), at("10-02"))])
            refresh(written.session, NOW + MINUTE)

            after = numbers()
            assert before.items() - after.items() == {(("month", ""), before["month", ""])}
            assert [grain for grain, _ in after.keys() - before.keys()] == ["month"]

    def test_a_bill_that_comes_further_makes_what_it_is_compared_with_anew(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            for day in ("10-01", "10-02", "11-01"):
                written.cost(at(f"{day} 00:00"), "100")
            rebuild(written.session, NOW)
            written.cost(at("11-02 00:00"), "100")
            mark(written.session, "costs", [(at("11-02 00:00"), at("11-02 00:00"))])
            refresh(written.session, NOW + MINUTE)

            found = read.reading(
                written.session, "cost_vs_budget", WORKSPACE, NOVEMBER, now=NOW + MINUTE, fresh=HEALTHY
            )
            assert (found.k, found.previous_k) == (200, 200)

    @pytest.mark.parametrize(("minutes", "previous"), [(9, 1), (10, 2)])
    def test_time_alone_makes_it_anew_after_ten_minutes(self, sqlite: Engine, minutes: int, previous: int) -> None:
        with books(sqlite) as written:
            unmarked(written, "10-01")
            rebuild(written.session, NOW)
            unmarked(written, "10-02")
            refresh(written.session, NOW + minutes * MINUTE)

            assert read_at(written.session, minutes).previous == previous

    def test_what_belongs_to_a_period_that_ended_is_forgotten(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            unmarked(written, "10-01")
            rebuild(written.session, NOW)
            number = written.session.scalar(select(func.count()).select_from(MovingPoint))
            refresh(written.session, NOW + timedelta(days=40))

            places = set(written.session.scalars(select(MovingPoint.starts_at).where(MovingPoint.grain == "month")))
            assert places <= {NOVEMBER.start, NOVEMBER.next().start, NOVEMBER.previous().start}
            assert written.session.scalar(select(func.count()).select_from(MovingPoint)) <= (number or 0)

    def test_a_definition_that_changed_is_not_read_from_what_the_old_one_said(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            unmarked(written, "10-01")
            rebuild(written.session, NOW)
            for row in written.session.scalars(select(MovingPoint)):
                row.definition_version -= 1
            written.session.flush()
            unmarked(written, "10-02")

            assert read_at(written.session, 1).previous == 2

    def test_each_aspect_is_kept_for_every_length_of_period(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            rebuild(written.session, NOW)

            grains = sorted(grain.value for grain in Grain)
            assert kept(written.session, "team_health") == [
                (aspect, grain) for aspect in ("now", "so_far") for grain in grains
            ]
            assert kept(written.session, "regression_rate") == [("young_window", grain) for grain in grains]
            assert kept(written.session, "experiment_to_production") == [
                (aspect, grain) for aspect in ("so_far", "young") for grain in grains
            ]


def test_whatever_is_kept_is_what_the_records_say(sqlite: Engine) -> None:
    """Every KPI, aspect and length of period; beyond half an hour nothing that was kept is read."""
    later = NOW + 31 * MINUTE
    with books(sqlite) as written:
        released(written, 6, failed=2)
        released(written, 3, month="11")
        written.incident(written.model("hurt", tier=1, team="Search"), at("11-01"))
        wanted = [
            each
            for definition in CATALOGUE.values()
            for grain in Grain
            for each in kept_while(definition, containing(later, grain, UTC_ZONE), later)
        ]
        scopes = [WORKSPACE, Scope(ScopeKind.TEAM, "Search"), Scope(ScopeKind.TIER, "1")]
        rebuild(written.session, NOW)
        live = stood(written.session, wanted, scopes, later)
        rebuild(written.session, later)
        told = stood(written.session, wanted, scopes, later)

        of_scopes = {
            each: {scope: figure for scope, figure in live[each].figures.items() if scope in scopes} for each in wanted
        }
        assert {each: dict(told[each].figures) for each in wanted} == of_scopes
        assert {each: told[each].span for each in wanted} == {each: live[each].span for each in wanted}
