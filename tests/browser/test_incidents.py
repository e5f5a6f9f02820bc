"""A person says what caused an incident, and takes it back, with the keyboard."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from ops_console.core.clock import now
from ops_console.core.db import transaction
from tests.web.pages.builders import DAY, HOUR, Workspace

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def broken(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows, at = Workspace(session), now() - 2 * DAY
        ranker = rows.model()
        rows.release(ranker, "4.12", at - HOUR)
        rows.incident(ranker, at)


def test_a_release_is_confirmed_by_keyboard_and_withdrawn(open_page) -> None:
    page = open_page("/incidents/1", script=False)
    page.get_by_label("4.12").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("The log says so")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    panel = page.locator("#link")
    expect(panel.locator(".tag", has_text="Confirmed")).to_be_visible()
    with page.expect_navigation():
        panel.get_by_role("button", name="Withdraw this answer").click()
    expect(panel.get_by_role("button", name="Withdraw this answer")).to_be_hidden()


def test_a_wrong_form_puts_the_focus_on_what_is_wrong(open_page) -> None:
    page = open_page("/incidents/1")
    page.get_by_label("None of them").check()
    page.get_by_role("button", name="Confirm link").click()
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_role("alert").get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "link-reason"
    expect(page.get_by_label("None of them")).to_be_checked()


def test_a_correction_is_shown_with_its_reason_and_can_be_withdrawn(open_page) -> None:
    page = open_page("/incidents/1", script=False)
    page.get_by_text("Correct this incident").click()
    page.get_by_label("Planned maintenance").check()
    page.get_by_label("Why").fill("It was announced")
    page.get_by_role("button", name="Save corrections").click()
    row = page.locator("#corrections").get_by_role("row", name="Maintenance")
    expect(row.get_by_text("It was announced")).to_be_visible()
    row.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Nobody corrected this incident.")).to_be_visible()
