"""An action and its issue in Jira, as a person sees both: opened, done there, away and back, and a clash decided."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import stamina
from flask import Flask
from playwright.sync_api import Page, expect
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine, update

import integrations
import reports
from ops_console import factory
from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.contracts.office import Office
from ops_console.contracts.parts import assemble
from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.settings import settings
from ops_console.ingest import sources
from ops_console.jobs.tracking import keep_in_step
from ops_console.records.trackers import ActionLink, TrackerRound
from ops_console.records.workspace import Workspace as Home
from ops_console.web.console import EXTENSION
from tests.browser.looks import press, scrolls_sideways, violations
from tests.integrations.jira.board import ANA, BEN, Board
from tests.integrations.jira.site import BEGAN
from tests.practices.stories import promised

pytestmark = pytest.mark.browser
TODAY = now().date()
DUE, SOONER, LATER = (TODAY + timedelta(days=days) for days in (20, 10, 30))


@pytest.fixture
def app(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setenv("OPS_CONSOLE_PRIVATE_ADDRESSES", "127.0.0.0/8,::1/128")
    monkeypatch.setenv("JIRA_TOKEN", "ATATT-t0ken")
    settings.cache_clear()
    made = factory.create_app(assemble(integrations, reports), database_url=str(sqlite.url))
    yield made
    made.extensions[EXTENSION].engine.dispose()
    settings.cache_clear()


@pytest.fixture
def board(httpserver: HTTPServer) -> Board:
    return Board(httpserver)


@pytest.fixture
def keep(app: Flask, sqlite: Engine, board: Board) -> Callable[[Page], None]:
    """An action, and a Jira that takes actions. Each call is a round of the timetable, seen on the page afterwards."""
    console = app.extensions[EXTENSION]
    with transaction(sqlite) as session:
        session.add(Home(name="Ops", time_zone="Europe/London", currency="GBP", made_at=now()))
        for email in (ANA, BEN):
            people.add(session, email, Role.EDITOR, now())
        promised(session, due_on=DUE)
        manifest = console.parts.manifests["jira"]
        sources.add(session, manifest, "jira", board.settings(), {"token": "JIRA_TOKEN"}, BEGAN, ANA)

    def once(page: Page) -> None:
        with transaction(sqlite) as session:  # the minutes between two rounds pass at once
            session.execute(update(TrackerRound).values(due_at=BEGAN, searched_at=BEGAN))
            session.execute(update(ActionLink).values(due_at=None))
        with stamina.set_testing(True, attempts=1):
            keep_in_step(Office(sqlite, console.parts, console.settings))
        page.reload()

    return once


def opened(page: Page, keep: Callable[[Page], None]) -> None:
    press(page, "Open a ticket in jira")
    expect(page.locator("#ticket")).to_contain_text("One is being opened in jira")
    keep(page)


def test_an_issue_is_opened_and_what_is_done_there_is_done_here(open_page, keep, board: Board) -> None:
    page = open_page("/actions/1", script=False)
    opened(page, keep)
    expect(page.locator("#ticket").get_by_role("link", name="OPS-1")).to_have_attribute(
        "href", f"{board.url}/browse/OPS-1"
    )
    board.move("OPS-1", "Done", now(), "Done")
    keep(page)
    expect(page.locator(".lead")).to_contain_text("Done")
    expect(page.get_by_role("table", name="Decisions about this action")).to_contain_text("jira")
    page.get_by_role("link", name="Actions").first.click()
    expect(page.get_by_role("row", name="Add an alert on feature age")).to_contain_text("OPS-1")


def test_while_jira_is_away_a_person_goes_on_and_it_catches_up(open_page, keep, board: Board) -> None:
    page = open_page("/actions/1", script=False)
    opened(page, keep)
    board.away = True
    page.get_by_label("Begin it").check()
    press(page, "Save the state")
    keep(page)
    expect(page.locator("#ticket")).to_contain_text("jira is away")
    expect(page.locator(".lead")).to_contain_text("In progress")
    board.away = False
    keep(page)
    expect(page.locator("#ticket")).not_to_contain_text("jira is away")
    assert board.shown("OPS-1")[0] == "In Progress"


def test_a_day_that_both_moved_is_shown_and_decided(open_page, keep, board: Board) -> None:
    page = open_page("/actions/1")
    opened(page, keep)
    board.put_off("OPS-1", LATER.isoformat())
    page.get_by_text("Change the action").click()
    page.get_by_label("Due", exact=True).fill(SOONER.isoformat())
    page.locator("details[open]").get_by_label("Why", exact=True).fill("More to do")
    press(page, "Save the change")
    keep(page)
    panel = page.locator("#ticket")
    expect(panel).to_contain_text("Due differs.")
    assert (violations(page), scrolls_sideways(page)) == ([], False)
    panel.get_by_label(f"In jira: {units.day(LATER)}").check()
    press(page, "Settle it")
    expect(page.locator(".lead")).to_contain_text(units.day(LATER))
    keep(page)
    expect(panel).not_to_contain_text("differs")
    assert board.shown("OPS-1")[2] == LATER.isoformat()
