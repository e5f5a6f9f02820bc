"""A person enters a fact, mends it and takes it back, without script, on a phone, and by the accessibility rules."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from ops_console.ingest import manual
from tests.browser.looks import broken, press, shared_out, unfit, violations
from tests.ingest.deliveries import fact

pytestmark = pytest.mark.browser

PAGES = (
    "/facts",
    "/facts/incidents",
    "/facts/incidents/new",
    "/facts/incidents/hand-00000001?saved=new",
    "/facts/incidents/hand-00000001/delete",
    "/facts/costs/new",
    "/facts/toil",
    "/kpis/mttr",
)


@pytest.fixture
def incident(sqlite: Engine) -> None:
    told = fact("incidents", title="A long title " * 20, impact_started_at="2026-10-25T01:30:00Z")
    manual.enter(sqlite, "hand-00000001", told, "ana@example.com")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_fact_is_entered_mended_changed_and_deleted_without_script(open_page, width: int) -> None:
    page = open_page("/imports", script=False, width=width)
    page.get_by_role("link", name="Enter by hand").click()
    page.get_by_role("link", name="Enter one incident").click()
    page.get_by_label("Model", exact=True).fill("ranker")
    page.get_by_label("Impact started at").fill("2026-10-05T09:00")
    page.get_by_label("False positive").select_option("Yes")
    press(page, "Save the incident")
    expect(page).to_have_title(re.compile("^Error: Enter an incident"))
    page.get_by_role("alert").get_by_role("link", name="Title: this is needed.").click()
    expect(page.get_by_label("Title")).to_be_in_viewport()
    expect(page.get_by_label("Impact started at")).to_have_value("2026-10-05T09:00")
    page.get_by_label("Title").fill("Latency above the limit")
    press(page, "Save the incident")
    expect(page.get_by_text("Saved as hand-")).to_be_visible()
    expect(page.get_by_label("False positive")).to_have_value("true")
    page.get_by_label("Title").fill("Latency far above the limit")
    page.get_by_label("Why it changes").fill("clearer")
    press(page, "Save the change")
    expect(page.get_by_role("region", name="Versions")).to_contain_text("clearer")
    page.get_by_role("link", name="Delete…").click()
    page.get_by_label("Why it is deleted").fill("seen twice")
    press(page, "Delete incident hand-")
    row = page.get_by_role("row", name="ranker · Latency far above the limit")
    expect(row.get_by_text("Deleted")).to_be_visible()


def test_the_summary_of_errors_has_the_focus(open_page) -> None:
    page = open_page("/facts/toil/new")
    press(page, "Save the toil")
    expect(page.get_by_role("alert")).to_be_focused()


@pytest.mark.parametrize("paths", shared_out(PAGES, 2))
def test_its_pages_meet_the_accessibility_rules_in_both_themes(open_page, incident: None, paths: list[str]) -> None:
    assert broken(open_page("/help"), paths) == {}


def test_a_form_full_of_errors_meets_the_accessibility_rules_too(open_page) -> None:
    page = open_page("/facts/costs/new")
    press(page, "Save the cost")
    assert violations(page) == []


def test_its_pages_fit_a_narrow_phone_without_script(open_page, incident: None) -> None:
    assert unfit(open_page("/help", width=320, script=False), PAGES) == []
