"""Team health: too many pages twice in a row, told of the team and never of a person."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from ops_console.core.periods import parse
from ops_console.kpis import CATALOGUE
from ops_console.measures.figures import Figure, Span
from ops_console.measures.readings import DataState, Status
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.reporting import words
from ops_console.scorecard.compute import PERIOD, Request, compute, setting_of
from ops_console.scorecard.rows import records
from tests.kpis.records import NOW, Books, at
from tests.kpis.team_records import pages, person, shift
from tests.scorecard.measuring import UTC_ZONE, books, figure, read_one

KEY = "team_health"
DAY = timedelta(days=1)
FIRST = at("10-05 08:00")
OCTOBER = parse("2026-10", UTC_ZONE)


def rota(written: Books, *names: str, first: datetime = FIRST, turns: int = 1, hours: float = 12) -> None:
    """Each has a shift on a day of its own, again and again."""
    for turn in range(turns):
        for place, name in enumerate(names):
            shift(written, name, first + (turn * len(names) + place) * DAY, hours)


def told(written: Books, **more: Any) -> dict[str, Any]:
    return figure(written.session, KEY, **more).detail


def test_too_many_pages_twice_in_a_row_are_counted_by_person(database: Engine) -> None:
    with books(database) as written:
        rota(written, "Ada", "Ben", "Cy", turns=3)
        for turn in (0, 1):
            pages(written, "Ada", FIRST + 3 * turn * DAY, 3)
            pages(written, "Ben", FIRST + (3 * 2 * turn + 1) * DAY, 3)
            pages(written, "Cy", FIRST + (3 * turn + 2) * DAY, 2)

        found = figure(written.session, KEY)
        assert (found.value, found.n) == (1, 3)
        assert (found.detail["shifts"], found.detail["shifts_over"]) == (9, 4)


@pytest.mark.parametrize(("weeks", "value"), [(8, 1), (9, 0)])
def test_the_next_shift_is_in_a_row_when_a_rota_of_eight_comes_round(sqlite: Engine, weeks: int, value: int) -> None:
    with books(sqlite) as written:
        rota(written, "Ben", "Cy")
        second = at("10-20 08:00")
        for start in (second - 12 * timedelta(hours=1) - weeks * 7 * DAY, second):
            shift(written, "Ada", start)
            pages(written, "Ada", start, 3)

        assert figure(written.session, KEY).value == value


def test_a_longer_shift_may_have_as_many_more_pages(database: Engine) -> None:
    with books(database) as written:
        rota(written, "Ada", "Ben", "Cy", hours=24)
        pages(written, "Ada", FIRST, 4)
        pages(written, "Ben", FIRST + DAY, 5)

        assert told(written)["shifts_over"] == 1


def test_a_short_shift_is_one_shift(sqlite: Engine) -> None:
    with books(sqlite) as written:
        rota(written, "Ada", "Ben", "Cy", hours=1)
        pages(written, "Ada", FIRST, 2)

        assert told(written)["shifts_over"] == 0


def test_hours_of_overlapping_layers_count_once(database: Engine) -> None:
    with books(database) as written:
        for name in ("Ada", "Ben", "Cy"):
            shift(written, name, FIRST, schedule="primary")
            shift(written, name, FIRST + timedelta(hours=6), schedule="secondary")
            shift(written, name, FIRST + timedelta(hours=1), hours=2, schedule="third")
            pages(written, name, FIRST + timedelta(hours=7), 4)

        found = told(written)
        assert (found["hours_median"], found["hours_highest"]) == (18, 18)
        assert found["pages_per_shift"] == pytest.approx(12 / (54 / 12))
        assert found["shifts"] == 6


def test_an_override_takes_the_planned_persons_place(database: Engine) -> None:
    with books(database) as written:
        rota(written, "Ben", "Cy", first=FIRST + 3 * DAY)
        shift(written, "Ada", FIRST)
        shift(written, "Dee", FIRST, override=True)
        pages(written, "Dee", FIRST, 3)

        found = figure(written.session, KEY)
        assert (found.n, found.detail["shifts"], found.detail["shifts_over"]) == (3, 3, 1)


@pytest.mark.parametrize(("week", "hours"), [("2026-W13", 167), ("2026-W43", 169), ("2026-W20", 168)])
def test_a_week_in_which_the_clocks_change_has_the_hours_it_has(sqlite: Engine, week: str, hours: int) -> None:
    london = ZoneInfo("Europe/London")
    with books(sqlite) as written:
        period = parse(week, london)
        for number, name in enumerate(("Ada", "Ben", "Cy")):
            written_shift = {"schedule": f"s{number}", "hours": hours + 48}
            shift(written, name, period.start - DAY, **written_shift)

        request = Request(period, PERIOD, (Span(period.start, period.end),))
        _, found = compute(written.session, CATALOGUE[KEY], [request], setting_of(written.session))[request][WORKSPACE]
        assert found.detail["hours_highest"] == hours


def test_the_night_is_that_of_each_persons_own_zone(database: Engine) -> None:
    with books(database) as written:
        rota(written, "Ada", "Ben", "Cy", hours=24)
        person(written, "Ada", time_zone="America/Los_Angeles")
        person(written, "Ben", time_zone="Asia/Kolkata")
        for place, name in enumerate(("Ada", "Ben", "Cy")):
            pages(written, name, FIRST + place * DAY + timedelta(hours=1))

        assert told(written)["by_hours"] == {"business": 2, "off": 0, "sleep": 1}


def test_a_weekend_night_is_sleep(sqlite: Engine) -> None:
    with books(sqlite) as written:
        rota(written, "Ada", "Ben", "Cy", hours=24)
        pages(written, "Ada", at("10-17 23:00"))
        pages(written, "Ada", at("10-17 12:00"))

        assert told(written)["by_hours"] == {"business": 0, "off": 1, "sleep": 1}


@pytest.mark.parametrize(
    "changes",
    [
        {"class_": "ticket"},
        {"class_": None},
        {"silenced": True},
        {"test": True},
        {"deleted_at": NOW},
    ],
)
def test_what_woke_nobody_does_not_count(sqlite: Engine, changes: dict[str, Any]) -> None:
    with books(sqlite) as written:
        rota(written, "Ada", "Ben", "Cy")
        pages(written, "Ada", FIRST, 3, **changes)

        assert told(written)["pages"] == 0


def test_pages_at_once_of_one_incident_or_of_one_firing_are_one(database: Engine) -> None:
    with books(database) as written:
        rota(written, "Ada", "Ben", "Cy")
        pages(written, "Ada", FIRST, 3, incident="INC-1")
        pages(written, "Ben", FIRST + DAY, 3, firing="abc", started_at=FIRST + DAY)
        pages(written, "Cy", FIRST + 2 * DAY)
        pages(written, "Cy", FIRST + 2 * DAY + timedelta(seconds=50))

        assert told(written)["pages"] == 3


def test_pages_that_name_nobody_lower_the_coverage(database: Engine) -> None:
    with books(database) as written:
        rota(written, "Ada", "Ben", "Cy")
        pages(written, "Ada", FIRST)
        pages(written, None, FIRST, 3)

        found = figure(written.session, KEY)
        assert (found.coverage_known, found.coverage_expected) == (1, 4)
        assert found.excluded == {"no person named": 3}


def test_pages_that_all_name_nobody_are_no_zero(sqlite: Engine) -> None:
    with books(sqlite) as written:
        rota(written, "Ada", "Ben", "Cy")
        pages(written, None, FIRST, 3)

        found = read_one(written.session, KEY)
        assert (found.value, found.data_state, found.status) == (None, DataState.PARTIAL, Status.NONE)


def test_a_quiet_month_on_call_is_a_real_zero_and_a_month_without_shifts_is_none(sqlite: Engine) -> None:
    with books(sqlite) as written:
        rota(written, "Ada", "Ben", "Cy")

        quiet = read_one(written.session, KEY)
        assert (quiet.value, quiet.data_state, quiet.status) == (0, DataState.REAL_ZERO, Status.ON_TARGET)
        nobody = read_one(written.session, KEY, "2026-08")
        assert (nobody.value, nobody.data_state) == (None, DataState.NO_CASES)
        assert words.headline(nobody) == "Nobody on call"


def test_pages_to_people_who_were_not_on_call_are_told_apart(sqlite: Engine) -> None:
    with books(sqlite) as written:
        rota(written, "Ada", "Ben", "Cy")
        pages(written, "Ada", FIRST + DAY, 4)

        found = told(written)
        assert (found["pages"], found["outside_shifts"], found["pages_per_shift"]) == (4, 4, 0)


def test_a_running_month_is_read_up_to_now(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for place, name in enumerate(("Ada", "Ben", "Cy")):
            shift(written, name, at("11-01 00:00") + place * DAY, 24)
            shift(written, name, at("11-10 00:00") + place * DAY, 24)
        pages(written, "Ada", at("11-01 09:00"), 3)

        found = read_one(written.session, KEY, "2026-11")
        assert (found.detail["shifts"], found.detail["pages_per_shift"]) == (3, 0.5)


class TestPrivacy:
    def test_the_middle_and_the_highest_are_told_and_nobody_is_named(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            rota(written, "Ada", "Ben", "Cy")
            pages(written, "Ada", FIRST, 3)
            pages(written, "Ben", FIRST + DAY, 1)

            found = figure(written.session, KEY)
            assert (found.detail["pages_per_shift_median"], found.detail["pages_per_shift_highest"]) == (1, 3)
            assert found.detail["highest_share"] == 0.75
            behind = records(written.session, KEY, WORKSPACE, OCTOBER.start, OCTOBER.end)
            assert not any(name in str(found) + str(behind) for name in ("Ada", "Ben", "Cy"))

    def test_of_fewer_than_three_people_nothing_is_shown(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            rota(written, "Ada", "Ben", turns=2)
            pages(written, "Ada", FIRST, 3)

            assert figure(written.session, KEY) == Figure(detail={"hidden": True})
            assert words.headline(read_one(written.session, KEY)) == "Hidden to protect people"

    def test_a_team_is_its_people_and_hidden_where_subtraction_would_find_one(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            for team, names in {"Search": ("Ada", "Ben", "Cy", "Dee"), "Risk": ("Eve", "Fay", "Gus")}.items():
                for name in names:
                    person(written, name, team=team)
                rota(written, *names)
            assert figure(written.session, KEY, scope="team:Risk").n == 3
            rota(written, "Hal", first=FIRST + DAY)

            assert figure(written.session, KEY, scope="team:Search").n == 4
            assert figure(written.session, KEY, scope="team:Risk") == Figure(detail={"hidden": True})

    def test_the_rows_behind_it_are_schedules_and_small_ones_are_not_told_apart(self, sqlite: Engine) -> None:
        with books(sqlite) as written:
            rota(written, "Ada", "Ben", "Cy", "Dee")
            pages(written, "Ada", FIRST, 3)
            shift(written, "Eve", FIRST, schedule="night")
            shift(written, "Fay", FIRST, schedule="weekend")
            shift(written, "Gus", FIRST + DAY, schedule="weekend")

            rows = records(written.session, KEY, WORKSPACE, OCTOBER.start, OCTOBER.end).rows
            assert [(row.label, row.excluded or row.note) for row in rows] == [
                ("night", "hidden to protect people"),
                ("primary", "0.75 pages a shift, 1 of 4 shifts over the limit"),
                ("weekend", "hidden to protect people"),
            ]


@pytest.mark.parametrize(("kind", "key"), [(ScopeKind.TIER, "1"), (ScopeKind.MODEL, "ranker")])
def test_no_model_is_on_call(sqlite: Engine, kind: ScopeKind, key: str) -> None:
    with books(sqlite) as written:
        rota(written, "Ada", "Ben", "Cy")

        found = read_one(written.session, KEY, scope=Scope(kind, key))
        assert (found.value, found.status_reason) == (None, f"Not measured by {kind}.")
