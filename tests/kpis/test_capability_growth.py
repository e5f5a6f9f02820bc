"""Hiring and skills: filled of planned as it was at the end of the period."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from ops_console.measures.readings import Status, machine
from ops_console.records.skills import Position, Skill
from tests.kpis.records import Books, at
from tests.kpis.team_records import person
from tests.scorecard.measuring import books, figure, read_one

QUARTER = "2026-Q3"


def position(written: Books, filled: datetime | None = None, **changes: Any) -> None:
    written.put(Position, **({"title": "Engineer", "planned_at": at("02-01"), "filled_at": filled} | changes))


def skill(written: Books, person: str, level: int, **changes: Any) -> None:
    when = changes.pop("at", at("08-01"))
    written.put(
        Skill,
        **(
            {
                "person": person,
                "skill": "Kubernetes",
                "level": level,
                "target": 3,
                "assessed_on": when.date(),
                "assessed_at": when,
            }
            | changes
        ),
    )


def test_filled_of_planned(database: Engine) -> None:
    with books(database) as written:
        position(written, at("05-01"))
        position(written)

        found = figure(written.session, "capability_growth", QUARTER)
        assert (found.value, found.k, found.n) == (0.5, 1, 2)


def test_a_plan_made_later_changes_no_earlier_quarter(sqlite: Engine) -> None:
    with books(sqlite) as written:
        position(written, at("05-01"))
        position(written, planned_at=at("10-01"))

        assert figure(written.session, "capability_growth", QUARTER).n == 1
        assert figure(written.session, "capability_growth", "2026-Q4").n == 2


def test_a_position_filled_later_was_open_then(sqlite: Engine) -> None:
    with books(sqlite) as written:
        position(written, at("10-02"))

        assert figure(written.session, "capability_growth", QUARTER).value == 0


def test_a_cancelled_position_is_left_out_from_then_on(sqlite: Engine) -> None:
    with books(sqlite) as written:
        position(written, cancelled_at=at("08-01"))

        assert figure(written.session, "capability_growth", "2026-Q2").n == 1
        assert figure(written.session, "capability_growth", QUARTER).excluded == {"cancelled": 1}


def test_a_team_sees_its_own_positions(sqlite: Engine) -> None:
    with books(sqlite) as written:
        position(written, at("05-01"), team="Search")
        position(written, team="Risk")

        assert figure(written.session, "capability_growth", QUARTER, "team:Search").value == 1


def test_the_latest_assessment_of_each_person_counts(database: Engine) -> None:
    with books(database) as written:
        position(written)
        skill(written, "Ada", 1, at=at("03-01"))
        skill(written, "ada", 3)
        skill(written, "Ben", 2)
        skill(written, "Cy", 1)
        skill(written, "Cy", 3, at=at("10-05"))

        beside = skills(written)
        assert (beside["k"], beside["n"], beside["gaps"]) == (1, 3, 3)


def test_periods_that_end_together_tell_the_same_skills(database: Engine) -> None:
    with books(database) as written:
        position(written)
        for who in ("Ada", "Ben", "Cy"):
            skill(written, who, 2)

        told = [read_one(written.session, "capability_growth", period).detail for period in ("2026-09", QUARTER)]
        assert [each["skills_at_level"]["gaps"] for each in told] == [3, 3]


def test_what_one_masters_too_well_fills_no_gap_of_another(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for who, level in (("Ada", 5), ("Ben", 1), ("Cy", 2)):
            skill(written, who, level)

        assert skills(written)["gaps"] == 3


def skills(written: Books, scope: str = "workspace") -> dict[str, Any]:
    return figure(written.session, "capability_growth", QUARTER, scope).detail["skills_at_level"]


def test_skills_of_two_people_are_hidden_however_many_skills_and_spellings(sqlite: Engine) -> None:
    with books(sqlite) as written:
        person(written, "Ada", email="ada@example.com")
        for who in ("Ada", "ada@example.com", "Ben"):
            for each in ("Kubernetes", "SQL"):
                skill(written, who, 1, skill=each)

        assert skills(written) == {"n": 0, "excluded": {}, "hidden": True}


def test_skills_of_a_team_are_hidden_where_it_or_the_rest_is_small(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for who, team in (("Ada", "Search"), ("Ben", "Search"), ("Cy", "Search"), ("Di", "Risk"), ("Ed", "Risk")):
            skill(written, who, 1, team=team)

        assert skills(written)["gaps"] == 10
        assert [skills(written, f"team:{team}").get("hidden") for team in ("Search", "Risk")] == [True, True]


def test_skills_of_large_teams_are_shown(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for number in range(6):
            skill(written, f"Person {number}", 1, team=("Search", "Risk")[number % 2])

        assert skills(written, "team:Search")["gaps"] == 6


def test_hidden_skills_leave_no_number_in_what_programs_read(sqlite: Engine) -> None:
    with books(sqlite) as written:
        position(written, at("05-01"))
        skill(written, "Ada", 1)

        told = machine(read_one(written.session, "capability_growth", QUARTER))
        assert told["detail"]["skills_at_level"] == {"n": 0, "excluded": {}, "hidden": True}


def test_the_plan_is_the_target(sqlite: Engine) -> None:
    with books(sqlite) as written:
        position(written, at("05-01"))
        assert read_one(written.session, "capability_growth", QUARTER).status is Status.ON_TARGET
        position(written)
        assert read_one(written.session, "capability_growth", QUARTER).status is Status.OFF_TARGET
