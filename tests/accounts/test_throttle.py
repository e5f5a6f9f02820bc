"""Guessing is slowed down, for one account and for one address."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from ops_console.accounts import throttle
from ops_console.core.db import reading, transaction
from tests.world import NOW

ANA, BEN = throttle.account_subject("ana@example.com"), throttle.account_subject("ben@example.com")
HERE = throttle.address_subject("192.0.2.1")


def fail(engine: Engine, times: int, *subjects: str, at: datetime = NOW) -> None:
    for _ in range(times):
        with transaction(engine) as session:
            throttle.failed(session, subjects, at)


def blocked(engine: Engine, *subjects: str, at: datetime = NOW) -> bool:
    with reading(engine) as session:
        return throttle.is_blocked(session, subjects, at)


def test_five_failures_block_an_account(database: Engine) -> None:
    fail(database, 4, ANA)
    assert not blocked(database, ANA)
    fail(database, 1, ANA)
    assert blocked(database, ANA) and not blocked(database, BEN)


def test_thirty_failures_block_an_address_whatever_the_account(sqlite: Engine) -> None:
    fail(sqlite, 30, HERE)
    assert blocked(sqlite, BEN, HERE)


def test_the_block_ends_after_a_quarter_of_an_hour(sqlite: Engine) -> None:
    fail(sqlite, 5, ANA)
    assert not blocked(sqlite, ANA, at=NOW + timedelta(minutes=15))


def test_the_spelling_of_an_address_does_not_evade_it(sqlite: Engine) -> None:
    fail(sqlite, 5, throttle.account_subject(" ANA@example.com "))
    assert blocked(sqlite, ANA)


def test_a_right_password_clears_the_account_and_not_the_address(sqlite: Engine) -> None:
    fail(sqlite, 30, ANA, HERE)
    with transaction(sqlite) as session:
        throttle.cleared(session, ANA)
    assert not blocked(sqlite, ANA) and blocked(sqlite, HERE)
