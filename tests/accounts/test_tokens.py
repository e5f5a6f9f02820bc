"""API tokens: scoped, expiring, revocable, and never stored."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ops_console.accounts import tokens
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput, NotFound
from tests.world import NOW


def new(engine: Engine, *, scopes: tuple[str, ...] = ("facts:write",), days: int = 90, name: str = "pipeline") -> str:
    with transaction(engine) as session:
        return tokens.make(session, name, scopes, days, "test", NOW)


def test_a_token_is_found_by_what_was_shown_once(database: Engine) -> None:
    key = new(database)
    with reading(database) as session:
        found = tokens.find(session, key, NOW)
        assert found is not None and found.scopes == ["facts:write"] and key not in repr(found)


def test_a_token_begins_so_that_a_leak_is_recognised(sqlite: Engine) -> None:
    assert new(sqlite).startswith("oc_")


@pytest.mark.parametrize(("later", "works"), [(timedelta(days=89), True), (timedelta(days=90), False)])
def test_a_token_expires(sqlite: Engine, later: timedelta, works: bool) -> None:
    key = new(sqlite)
    with reading(sqlite) as session:
        assert (tokens.find(session, key, NOW + later) is not None) is works


def test_a_revoked_token_is_refused_and_revoking_again_changes_nothing(sqlite: Engine) -> None:
    key = new(sqlite)
    with transaction(sqlite) as session:
        tokens.revoke(session, 1, NOW)
        again = tokens.revoke(session, 1, NOW + timedelta(days=1))
        assert again.revoked_at == NOW and tokens.find(session, key, NOW) is None


@pytest.mark.parametrize(
    "wrong", [{"scopes": ()}, {"scopes": ("everything",)}, {"days": 0}, {"days": 367}, {"name": " "}]
)
def test_what_makes_no_sense_is_refused(sqlite: Engine, wrong: dict) -> None:
    with pytest.raises(BadInput):
        new(sqlite, **wrong)


def test_a_token_that_is_not_there_cannot_be_revoked(sqlite: Engine) -> None:
    with pytest.raises(NotFound), transaction(sqlite) as session:
        tokens.revoke(session, 7, NOW)
