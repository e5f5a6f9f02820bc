"""Accounts, passwords and roles."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ops_console.accounts import passwords, people
from ops_console.accounts.roles import Role, role
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput, NotFound
from tests.world import NOW

GOOD = "correct horse battery staple"


@pytest.mark.parametrize(
    ("one", "other", "may"), [("admin", "viewer", True), ("viewer", "editor", False), ("editor", "editor", True)]
)
def test_a_role_may_do_what_the_ones_before_it_may(one: str, other: str, may: bool) -> None:
    assert role(one).includes(role(other)) is may


def test_an_unknown_role_is_refused_with_the_known_ones_named() -> None:
    with pytest.raises(BadInput, match="viewer, editor, manager, admin"):
        role("owner")


def test_a_password_is_kept_as_argon2id_and_recognised() -> None:
    stored = passwords.hash_password(GOOD)
    assert stored.startswith("$argon2id$") and GOOD not in stored
    assert passwords.matches(stored, GOOD) and not passwords.matches(stored, GOOD + "s")


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 501])
def test_too_short_and_absurdly_long_passwords_are_refused(password: str) -> None:
    with pytest.raises(BadInput, match="12 to 500"):
        passwords.hash_password(password)


def test_an_account_without_a_password_matches_none() -> None:
    assert not passwords.matches(None, "no account has this password")


def test_an_address_is_found_however_it_is_spelled(database: Engine) -> None:
    with transaction(database) as session:
        people.add(session, " Ana@Example.com ", Role.VIEWER, NOW)
    with reading(database) as session:
        found = people.get(session, "ANA@example.com")
    assert (found.email, found.name) == ("ana@example.com", "ana")


def test_adding_an_account_again_changes_its_role_and_keeps_its_password(database: Engine) -> None:
    with transaction(database) as session:
        people.set_password(session, people.add(session, "ana@example.com", Role.VIEWER, NOW, name="Ana"), GOOD)
    with transaction(database) as session:
        people.disable(session, people.get(session, "ana@example.com"), NOW)
        again = people.add(session, "ana@example.com", Role.ADMIN, NOW + timedelta(days=1))
    assert (again.role, again.name, again.made_at, again.disabled_at) == (Role.ADMIN, "Ana", NOW, None)
    assert passwords.matches(again.password_hash, GOOD)


@pytest.mark.parametrize("text", ["", "ana", "@example.com", "ana@", "an a@example.com", "a@" + "x" * 300])
def test_what_is_no_address_is_refused(sqlite: Engine, text: str) -> None:
    with pytest.raises(BadInput, match="no e-mail address"), transaction(sqlite) as session:
        people.add(session, text, Role.VIEWER, NOW)


def test_a_missing_account_is_said_to_be_missing(sqlite: Engine) -> None:
    with pytest.raises(NotFound, match="nobody@example"), reading(sqlite) as session:
        people.get(session, "nobody@example.com")
