"""Saved views: one person's, shared or not, one of them seen first."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.accounts import people, saved_views
from ops_console.accounts.roles import Role
from ops_console.core.db import transaction
from ops_console.core.errors import BadInput, NotFound
from ops_console.records.access import Account
from ops_console.records.saved_views import SavedView

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
ADDRESS = "/kpis?scope=team:Search&period=latest"


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with transaction(database) as opened:
        yield opened


def person(session: Session, name: str, role: Role = Role.VIEWER) -> Account:
    return people.add(session, f"{name}@example.com", role, NOW, name=name)


def saved(session: Session, owner: Account, name: str = "Search", *, is_shared: bool = False) -> int:
    return saved_views.save(session, owner, name, ADDRESS, NOW, is_shared=is_shared).id or 0


def names(session: Session, reader: Account) -> list[str]:
    return [view.name for view in saved_views.offered(session, reader)]


def first_of(session: Session, reader: Account) -> list[str]:
    return [view.name for view in saved_views.offered(session, reader) if view.is_landing]


def test_a_view_is_offered_to_its_owner_alone_until_it_is_shared(session: Session) -> None:
    ana, ben = person(session, "Ana"), person(session, "Ben")
    number = saved(session, ana)
    assert (names(session, ana), names(session, ben)) == (["Search"], [])
    saved_views.change(session, ana, number, "Search", is_shared=True)
    (shared,) = saved_views.offered(session, ben)
    assert (shared.owner, shared.is_mine, shared.is_shared, shared.address) == ("Ana", False, True, ADDRESS)


def test_views_stand_by_name_whatever_its_letters(session: Session) -> None:
    ana, ben = person(session, "Ana"), person(session, "Ben")
    for owner, name in ((ana, "tier 1"), (ana, "Search"), (ben, "ads")):
        saved(session, owner, name, is_shared=True)
    assert names(session, ana) == ["ads", "Search", "tier 1"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_view_needs_a_name_of_a_hundred_letters_at_most(session: Session, name: str) -> None:
    with pytest.raises(BadInput):
        saved(session, person(session, "Ana"), name)


def test_a_name_is_kept_without_stray_spaces(session: Session) -> None:
    ana = person(session, "Ana")
    saved(session, ana, "  Search,\t tier 1 ")
    assert names(session, ana) == ["Search, tier 1"]


def test_two_views_of_one_person_differ_in_name_and_those_of_two_need_not(session: Session) -> None:
    ana, ben = person(session, "Ana"), person(session, "Ben")
    saved(session, ana)
    saved(session, ben)
    with pytest.raises(BadInput, match="already"):
        saved(session, ana, "SEARCH")


def test_a_view_keeps_its_name_when_its_readers_change(session: Session) -> None:
    ana = person(session, "Ana")
    number, other = saved(session, ana), saved(session, ana, "Ads")
    saved_views.change(session, ana, number, "Search", is_shared=True)
    with pytest.raises(BadInput, match="already"):
        saved_views.change(session, ana, other, "search", is_shared=False)


def test_an_address_beyond_what_browsers_carry_is_refused(session: Session) -> None:
    with pytest.raises(BadInput, match="2000"):
        saved_views.save(session, person(session, "Ana"), "Long", "/kpis?q=" + "x" * 2000, NOW)


def test_nobody_changes_or_deletes_a_view_of_another(session: Session) -> None:
    ana, ben = person(session, "Ana"), person(session, "Ben", Role.MANAGER)
    number = saved(session, ana, is_shared=True)
    with pytest.raises(NotFound):
        saved_views.change(session, ben, number, "Mine", is_shared=True)
    with pytest.raises(NotFound):
        saved_views.remove(session, ben, number)
    assert names(session, ana) == ["Search"]


def test_an_administrator_clears_away_what_is_shared_and_sees_nothing_private(session: Session) -> None:
    ana, root = person(session, "Ana"), person(session, "Root", Role.ADMIN)
    private, shared = saved(session, ana, "Mine"), saved(session, ana, "Ours", is_shared=True)
    with pytest.raises(NotFound):
        saved_views.remove(session, root, private)
    saved_views.remove(session, root, shared)
    assert names(session, ana) == ["Mine"]


def test_one_view_is_seen_first_and_another_takes_its_place(session: Session) -> None:
    ana = person(session, "Ana")
    search, ads = saved(session, ana), saved(session, ana, "Ads")
    saved_views.land_on(session, ana, search)
    saved_views.land_on(session, ana, ads)
    assert first_of(session, ana) == ["Ads"]
    saved_views.land_on(session, ana, None)
    assert first_of(session, ana) == []


def test_what_one_person_sees_first_is_nobody_elses_choice(session: Session) -> None:
    ana, ben = person(session, "Ana"), person(session, "Ben")
    number = saved(session, ana, is_shared=True)
    saved_views.land_on(session, ben, number)
    assert (first_of(session, ana), first_of(session, ben)) == ([], ["Search"])


def test_a_view_that_one_may_not_open_cannot_be_seen_first(session: Session) -> None:
    ana, ben = person(session, "Ana"), person(session, "Ben")
    for number in (saved(session, ana), 4711):
        with pytest.raises(NotFound):
            saved_views.land_on(session, ben, number)


def test_who_loses_a_view_sees_the_overview_first_again(session: Session) -> None:
    ana, ben = person(session, "Ana"), person(session, "Ben")
    number = saved(session, ana, is_shared=True)
    for reader in (ana, ben):
        saved_views.land_on(session, reader, number)
    saved_views.change(session, ana, number, "Search", is_shared=False)
    assert (first_of(session, ana), first_of(session, ben)) == (["Search"], [])
    saved_views.remove(session, ana, number)
    session.flush()
    assert (names(session, ana), session.get(SavedView, number)) == ([], None)
