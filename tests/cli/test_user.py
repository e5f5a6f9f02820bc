"""Accounts and tokens from the command line."""

import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from ops_console.accounts import links, tokens
from ops_console.cli import group
from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import reading
from ops_console.core.settings import settings

Run = Callable[..., Result]


@pytest.fixture
def run(command_line: Engine, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("OPS_CONSOLE_BASE_URL", "https://ops.example.com/")
    settings.cache_clear()
    return lambda *words: CliRunner().invoke(group, words, obj=Parts())


def test_a_new_user_gets_a_link_that_works(run: Run, sqlite) -> None:
    answer = run("user", "add", "Ana@Example.com", "--role", "admin")
    assert "ana@example.com is admin." in answer.output
    key = re.search(r"https://ops\.example\.com/sign-in/link/(\S+)", answer.output)
    assert key is not None
    with reading(sqlite) as session:
        assert links.peek(session, key[1], now()) is not None


def test_a_further_link_needs_an_account(run: Run) -> None:
    run("user", "add", "ana@example.com")
    assert "/sign-in/link/" in run("user", "link", "ana@example.com").output
    assert run("user", "link", "ben@example.com").exit_code == 1


def test_users_are_listed_with_their_role_and_whether_they_may_come_in(run: Run) -> None:
    run("user", "add", "ana@example.com", "--role", "editor")
    assert run("user", "close", "ana@example.com").output == "ana@example.com is closed.\n"
    assert run("user", "list").output == "ana@example.com\teditor\tclosed\n"


@pytest.mark.parametrize("words", [("user", "add", "nonsense"), ("user", "add", "a@b", "--role", "king")])
def test_what_makes_no_sense_is_refused(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 1


def test_a_token_is_printed_once_listed_without_its_key_and_revoked(run: Run, sqlite) -> None:
    made = run("token", "new", "pipeline", "--scope", "facts:write", "--days", "30")
    key = made.stdout.strip()
    with reading(sqlite) as session:
        assert tokens.find(session, key, now()) is not None
    listed = run("token", "list").output
    assert listed.startswith("1\tpipeline\tfacts:write\tuntil ") and key not in listed
    assert run("token", "revoke", "1").output == "pipeline is revoked.\n"
    assert "revoked" in run("token", "list").output


def test_a_token_needs_a_scope(run: Run) -> None:
    assert run("token", "new", "pipeline").exit_code == 2
    assert run("token", "new", "pipeline", "--scope", "everything").exit_code == 1
