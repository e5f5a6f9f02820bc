"""From what the month costs to the service that moved it, with and without scripts."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.scorecard import refresh
from tests.browser.looks import broken, unfit
from tests.web.pages.builders import Workspace

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def spent(sqlite: Engine) -> None:
    """Ten days of October."""
    with transaction(sqlite) as session:
        rows = Workspace(session)
        ranker = rows.model(tier=1, team="Search", lifecycle="production")
        for day in (date(2026, 10, 1) + timedelta(days=n) for n in range(10)):
            rows.cost(ranker, day, "100", purpose="training", service_name="Vertex AI")
            rows.cost(None, day, "40", purpose="storage", service_name="S3")
        rows.delivered("costs", state="done")
    refresh.rebuild(sqlite, now())


def test_bars_are_split_by_service_and_each_day_says_what_it_is_made_of(open_page) -> None:
    page = open_page("/cost?period=2026-10")
    page.get_by_role("navigation", name="Bars by").get_by_role("link", name="Service").click()
    expect(page).to_have_url(re.compile("by=service"))
    chart = page.locator("#chart")
    expect(chart.locator(".annotation").get_by_text("Vertex AI $1,000")).to_be_visible()
    chart.locator(".bars path").first.hover(force=True)
    expect(chart.locator(".hovertext")).to_contain_text("$140 in all")


def test_without_scripts_the_page_says_all_of_it(open_page) -> None:
    page = open_page("/cost?period=2026-10&by=service", script=False)
    assert "S3 $400" in page.locator("#chart svg").inner_html()
    page.get_by_role("link", name="Total").click()
    expect(page.get_by_role("columnheader", name="Total")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("link", name="How this is computed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cost against budget")


def test_the_full_page_meets_the_accessibility_rules_and_fits_a_phone(open_page) -> None:
    paths = ["/cost?period=2026-10", "/cost?period=2026-10&by=service&scope=team:Search"]
    assert broken(open_page("/help"), paths) == {}
    assert unfit(open_page("/help", width=320, script=False), paths) == []
