"""Toil: a share of the hours there were, of those who said what they did."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.core.periods import parse
from ops_console.kpis import CATALOGUE
from ops_console.measures.figures import Figure, Span
from ops_console.measures.readings import DataState, Status
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.workspace import Workspace, current
from ops_console.reporting import words
from ops_console.scorecard.compute import PERIOD as COMPUTED
from ops_console.scorecard.compute import Request, compute, setting_of
from ops_console.scorecard.rows import records
from tests.kpis.records import NOW, Books, at
from tests.kpis.team_records import capacity, person, toil
from tests.scorecard.measuring import UTC_ZONE, books, figure, read_one

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
PERIOD = parse("2026-10", UTC_ZONE)
DAY = date(2026, 10, 14)
TEAM = ("Ada", "Ben", "Cy")


def worked(written: Books, *names: str, minutes: int = 600, hours: int = 100, **changes: Any) -> None:
    """Each of them has hours in October and logged some minutes of toil on one day."""
    for name in names:
        capacity(written, name, *OCTOBER, hours)
        toil(written, name, DAY, minutes, **changes)


def test_it_is_hours_of_toil_of_available_hours(database: Engine) -> None:
    with books(database) as written:
        worked(written, *TEAM)

        found = figure(written.session, "toil")
        assert (found.value, found.k, found.n) == (0.1, 1800, 18_000)
        assert found.detail["hours_per_week"] == pytest.approx(30 / (31 / 7))


def test_who_logged_nothing_is_unknown_and_not_idle(database: Engine) -> None:
    with books(database) as written:
        worked(written, *TEAM)
        capacity(written, "Dee", *OCTOBER, 100)

        found = figure(written.session, "toil")
        assert (found.value, found.n) == (0.1, 18_000)
        assert (found.coverage_known, found.coverage_expected) == (3, 4)


def test_a_month_in_which_nobody_logged_anything_is_no_zero(sqlite: Engine) -> None:
    with books(sqlite) as written:
        worked(written, *TEAM)
        for name in TEAM:
            capacity(written, name, date(2026, 9, 1), date(2026, 9, 30), 100)

        assert figure(written.session, "toil", "2026-09") == Figure()
        found = read_one(written.session, "toil", "2026-09")
        assert (found.value, found.data_state) == (None, DataState.NO_CASES)


def test_an_entry_of_no_minutes_says_that_there_was_no_toil(sqlite: Engine) -> None:
    with books(sqlite) as written:
        worked(written, *TEAM, minutes=0)

        found = read_one(written.session, "toil")
        assert (found.value, found.n, found.status) == (0, 18_000, Status.ON_TARGET)


@pytest.mark.parametrize(("silent", "state"), [(2, DataState.PARTIAL), (3, DataState.TOO_FEW)])
def test_below_60_percent_of_the_team_there_is_no_figure_and_it_says_why(
    sqlite: Engine, silent: int, state: DataState
) -> None:
    with books(sqlite) as written:
        worked(written, *TEAM)
        for number in range(silent):
            capacity(written, f"silent {number}", *OCTOBER, 100)

        found = read_one(written.session, "toil")
        assert (found.data_state, found.value) == (state, 0.1 if silent == 2 else None)
        if state is DataState.TOO_FEW:
            assert "3 of 6 people" in found.status_reason and "60%" in found.status_reason
            assert words.headline(found) == "Too few" and "3 of 6 people" in words.value(found)


def test_work_of_people_whose_hours_are_unknown_is_left_out_and_lowers_the_coverage(sqlite: Engine) -> None:
    with books(sqlite) as written:
        worked(written, *TEAM)
        toil(written, "Guest", DAY, 6000)

        found = figure(written.session, "toil")
        assert (found.value, found.excluded) == (0.1, {"no available hours known": 1})
        assert (found.coverage_known, found.coverage_expected) == (3, 4)


def test_part_time_leave_and_holidays_are_in_the_hours_there_were(sqlite: Engine) -> None:
    with books(sqlite) as written:
        worked(written, "Ada", "Ben", hours=100)
        worked(written, "Cy", hours=40)
        capacity(written, "Dee", *OCTOBER, 0)

        found = figure(written.session, "toil")
        assert (found.value, found.coverage_expected) == (30 / 240, 3)


def test_hours_are_spread_evenly_over_their_days(database: Engine) -> None:
    with books(database) as written:
        for name in TEAM:
            capacity(written, name, date(2026, 10, 17), date(2026, 11, 15), 150)
            toil(written, name, date(2026, 10, 20), 450)

        assert figure(written.session, "toil").n == 3 * 75 * 60
        assert figure(written.session, "toil", "2026-W43").n == 3 * 35 * 60


def test_a_day_of_25_hours_is_a_day(sqlite: Engine) -> None:
    london = ZoneInfo("Europe/London")
    with transaction(sqlite) as session:
        session.add(Workspace(name="W", time_zone="Europe/London", currency="USD", made_at=NOW))
        assert current(session).zone == london
        written = Books(session)
        for name in TEAM:
            capacity(written, name, date(2026, 10, 19), date(2026, 11, 1), 70, zone=london)
            toil(written, name, date(2026, 10, 20), 350, anchored_at=at("10-20 00:00"))

        period = parse("2026-W43", london)
        assert (period.end - period.start).total_seconds() == 169 * 3600
        request = Request(period, COMPUTED, (Span(period.start, period.end),))
        _, found = compute(session, CATALOGUE["toil"], [request], setting_of(session))[request][WORKSPACE]
        assert found.n == 3 * 35 * 60


def test_people_who_have_left_are_not_waited_for(sqlite: Engine) -> None:
    with books(sqlite) as written:
        worked(written, *TEAM)
        person(written, "Dee", active_to=date(2026, 9, 30))
        person(written, "Eve", active_from=date(2026, 11, 1))
        for name in ("Dee", "Eve"):
            capacity(written, name, *OCTOBER, 100)

        assert figure(written.session, "toil").coverage_expected == 3


def test_a_person_is_one_however_facts_spell_the_name(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for name in TEAM:
            person(written, name, email=f"{name.lower()}@example.com")
            capacity(written, f"{name.upper()} ", *OCTOBER, 100)
            toil(written, f"{name}@example.com", DAY, 600)

        found = figure(written.session, "toil")
        assert (found.value, found.coverage_expected) == (0.1, 3)


def test_time_spent_on_incidents_is_not_added(sqlite: Engine) -> None:
    with books(sqlite) as written:
        worked(written, *TEAM)
        written.incident(written.model(), at("10-14"), at("10-15"))

        assert figure(written.session, "toil").value == 0.1


def test_a_deleted_entry_does_not_count(sqlite: Engine) -> None:
    with books(sqlite) as written:
        worked(written, *TEAM)
        toil(written, "Ada", DAY, 6000, deleted_at=NOW)

        found = figure(written.session, "toil")
        assert (found.value, found.excluded) == (0.1, {"deleted": 1})


class TestPrivacy:
    def test_of_fewer_than_three_people_nothing_is_shown(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            worked(written, "Ada", "Ben")

            found = read_one(written.session, "toil")
            assert (found.value, found.n, found.k) == (None, None, None)
            assert words.headline(found) == "Hidden to protect people" and "fewer than 3" in found.status_reason
            assert _records(written).total == 0

    def test_a_team_that_subtraction_would_reveal_is_hidden_with_the_next_smallest(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            for team, names in {"Search": "abcd", "Risk": "efg", "Ads": "hi"}.items():
                for name in names:
                    person(written, name, team=team)
                worked(written, *names)

            assert figure(written.session, "toil").value == 0.1
            assert figure(written.session, "toil", scope="team:Search").value == 0.1
            for team in ("Risk", "Ads"):
                assert figure(written.session, "toil", scope=f"team:{team}") == Figure(detail={"hidden": True})

    def test_the_rows_behind_it_are_kinds_of_work_by_week_and_never_a_person(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            worked(written, *TEAM)
            toil(written, "Ada", date(2026, 10, 20), 180, category="access requests")

            page = _records(written)
            assert [(row.label, row.note) for row in page.rows] == [
                ("access requests, Week 43, 2026", "3 h"),
                ("data fixes, Week 42, 2026", "30 h"),
            ]
            assert sum(float(row.measure or 0) for row in page.rows) == figure(written.session, "toil").value
            assert not any(name in str(page) + str(figure(written.session, "toil")) for name in TEAM)


def _records(written: Books) -> Any:
    return records(written.session, "toil", WORKSPACE, PERIOD.start, PERIOD.end)


def test_a_running_month_is_read_against_the_hours_that_have_passed(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for name in TEAM:
            capacity(written, name, date(2026, 11, 1), date(2026, 11, 30), 150)
            toil(written, name, date(2026, 11, 2), 90)

        found = read_one(written.session, "toil", "2026-11", now=at("11-04 00:00"))
        assert (found.n, found.value) == (3 * 15 * 60, 0.1)
        assert found.history[-1].value == 0.1


@pytest.mark.parametrize(("kind", "key"), [(ScopeKind.TIER, "1"), (ScopeKind.MODEL, "ranker")])
def test_no_model_has_toil(sqlite: Engine, kind: ScopeKind, key: str) -> None:
    with books(sqlite) as written:
        worked(written, *TEAM)

        found = read_one(written.session, "toil", scope=Scope(kind, key))
        assert (found.value, found.status_reason) == (None, f"Not measured by {kind}.")
