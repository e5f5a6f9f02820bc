"""Who is who, and what may be shown of them."""

from dataclasses import dataclass
from datetime import date

import pytest

from ops_console.measures.people import People, Someone
from ops_console.measures.privacy import shown


@dataclass
class Row:
    name: str
    email: str | None = None
    external_id: str = ""
    team: str | None = None
    time_zone: str | None = None
    active_from: date | None = None
    active_to: date | None = None


def test_a_person_is_found_by_name_address_or_number() -> None:
    people = People([Row("Ada Lee", "ada@example.com", "P1", "Search")])

    assert {people.named(name).key for name in ("ada lee", " Ada Lee", "ADA@example.com", "p1")} == {"ada@example.com"}


def test_what_several_sources_say_of_one_person_adds_up() -> None:
    people = People([Row("Ada Lee", "ada@example.com"), Row("Ada Lee", team="Search", time_zone="Asia/Kolkata")])

    ada = people.named("ada@example.com")
    assert (ada.team, str(ada.zone)) == ("Search", "Asia/Kolkata")


def test_two_people_of_one_name_are_told_apart_by_their_addresses() -> None:
    people = People([Row("Ada Lee", "ada@example.com", team="Search"), Row("Ada Lee", "lee@example.com", team="Risk")])

    assert [people.named(name).team for name in ("ada@example.com", "lee@example.com")] == ["Search", "Risk"]


def test_who_is_unknown_has_no_team_and_no_zone() -> None:
    assert People().named("Nobody") == Someone("nobody")


def test_a_zone_that_does_not_exist_is_unknown() -> None:
    assert People([Row("Ada", time_zone="Mars/Olympus")]).named("Ada").zone is None


@pytest.mark.parametrize(
    ("since", "until", "is_here"),
    [
        (None, None, True),
        (date(2026, 11, 1), None, False),
        (None, date(2026, 9, 30), False),
        (date(2026, 10, 31), None, True),
    ],
)
def test_people_are_here_from_their_first_day_to_their_last(
    since: date | None, until: date | None, is_here: bool
) -> None:
    someone = Someone("ada", active_from=since, active_to=until)

    assert someone.is_here(date(2026, 10, 1), date(2026, 10, 31)) is is_here


@pytest.mark.parametrize(
    ("sizes", "teams"),
    [
        ({"A": 3}, {"A"}),
        ({"A": 2}, set()),
        ({"A": 4, "B": 3, "C": 2}, {"A"}),
        ({"A": 4, "B": 2, "C": 2}, {"A"}),
        ({"A": 4, "": 1}, set()),
        ({"A": 4, "B": 3, "": 3}, {"A", "B"}),
    ],
)
def test_a_small_team_is_hidden_and_so_is_one_that_would_reveal_it(sizes: dict[str, int], teams: set[str]) -> None:
    assert shown(sizes) == teams
