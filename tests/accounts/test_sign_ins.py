"""Browsers stay signed in as long as they should, and links work once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from ops_console.accounts import links, people, sign_ins
from ops_console.accounts.roles import Role
from ops_console.core.db import reading, transaction
from ops_console.records.access import Account, SignIn, SignInLink
from tests.world import NOW


def somebody(session: Session, email: str = "ana@example.com") -> Account:
    return people.add(session, email, Role.VIEWER, NOW)


def signed_in(engine: Engine) -> str:
    with transaction(engine) as session:
        return sign_ins.begin(session, somebody(session), NOW)


def is_signed_in(engine: Engine, key: str, at: datetime) -> bool:
    with reading(engine) as session:
        return sign_ins.find(session, key, at) is not None


def test_a_key_signs_in_whom_it_was_made_for(database: Engine) -> None:
    key = signed_in(database)
    with reading(database) as session:
        found = sign_ins.find(session, key, NOW)
    assert found is not None and found[1].email == "ana@example.com"


def test_the_database_holds_no_key(database: Engine) -> None:
    key = signed_in(database)
    with reading(database) as session:
        assert key not in repr(session.exec(select(SignIn)).all())


@pytest.mark.parametrize(("later", "stays"), [(timedelta(hours=23), True), (timedelta(hours=24), False)])
def test_a_browser_that_lies_idle_for_a_day_is_signed_out(sqlite: Engine, later: timedelta, stays: bool) -> None:
    assert is_signed_in(sqlite, signed_in(sqlite), NOW + later) is stays


def test_even_a_busy_browser_signs_in_again_after_a_week(sqlite: Engine) -> None:
    key = signed_in(sqlite)
    for hours in range(20, 7 * 24, 20):
        with transaction(sqlite) as session:
            found = sign_ins.find(session, key, NOW + timedelta(hours=hours))
            assert found is not None
            sign_ins.seen(session, found[0], NOW + timedelta(hours=hours))
    assert not is_signed_in(sqlite, key, NOW + timedelta(days=7))


def test_signing_out_ends_one_browser(sqlite: Engine) -> None:
    here, there = signed_in(sqlite), signed_in(sqlite)
    with transaction(sqlite) as session:
        sign_ins.end(session, here, NOW)
    assert (is_signed_in(sqlite, here, NOW), is_signed_in(sqlite, there, NOW)) == (False, True)


def test_a_new_password_ends_every_other_browser(sqlite: Engine) -> None:
    here, there = signed_in(sqlite), signed_in(sqlite)
    with transaction(sqlite) as session:
        sign_ins.end_all(session, people.get(session, "ana@example.com"), NOW, but=here)
    assert (is_signed_in(sqlite, here, NOW), is_signed_in(sqlite, there, NOW)) == (True, False)


def test_a_closed_account_is_signed_out_at_once(sqlite: Engine) -> None:
    key = signed_in(sqlite)
    with transaction(sqlite) as session:
        people.disable(session, people.get(session, "ana@example.com"), NOW)
    assert not is_signed_in(sqlite, key, NOW)


def test_a_link_works_once(database: Engine) -> None:
    with transaction(database) as session:
        key = links.make(session, somebody(session), NOW)
    answers = []
    for _ in range(2):
        with transaction(database) as session:
            answers.append(links.use(session, key, NOW))
    assert [answer is not None for answer in answers] == [True, False]


def test_looking_at_a_link_does_not_use_it_up(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        key = links.make(session, somebody(session), NOW)
        assert links.peek(session, key, NOW) and links.peek(session, key, NOW) and links.use(session, key, NOW)


def test_a_link_dies_after_a_day(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        key = links.make(session, somebody(session), NOW)
        assert links.use(session, key, NOW + timedelta(hours=24)) is None


def test_a_link_of_a_closed_account_opens_nothing(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        account = somebody(session)
        key = links.make(session, account, NOW)
        people.disable(session, account, NOW)
        assert links.use(session, key, NOW) is None


def test_the_database_holds_no_link(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        key = links.make(session, somebody(session), NOW)
        assert key not in repr(session.exec(select(SignInLink)).all())
