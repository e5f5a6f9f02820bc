"""Hiring and skills: filled of planned as it was at the end of the period."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from ops_console.measures.readings import Status
from ops_console.records.skills import Position, Skill
from tests.kpis.records import Books, at
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
        skill(written, "Cy", 1, at=at("10-05"))

        beside = figure(written.session, "capability_growth", QUARTER).detail["skills_at_level"]
        assert (beside["k"], beside["n"]) == (1, 2)


def test_the_plan_is_the_target(sqlite: Engine) -> None:
    with books(sqlite) as written:
        position(written, at("05-01"))
        assert read_one(written.session, "capability_growth", QUARTER).status is Status.ON_TARGET
        position(written)
        assert read_one(written.session, "capability_growth", QUARTER).status is Status.OFF_TARGET
