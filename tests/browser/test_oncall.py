"""From how heavy the month was to one's own line."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from tests.browser.looks import broken, unfit
from tests.web.pages.rotas import fill_rota

pytestmark = pytest.mark.browser

MIDDLE_OF_A_BAR = """() => [...document.querySelectorAll("#chart .bars path")]
    .map(bar => bar.getBoundingClientRect()).filter(box => box.height > 5)
    .map(box => [box.x + box.width / 2, box.y + box.height / 2])[0]"""
"""Most weeks of most parts have none, which are bars too."""


@pytest.fixture(autouse=True)
def rota(sqlite: Engine) -> None:
    fill_rota(sqlite, 11)


def test_from_the_load_of_the_team_to_each_person(open_page) -> None:
    page = open_page("/oncall?period=2026-10")
    expect(page.get_by_role("cell", name="from 12 Oct 2026")).to_be_visible()
    page.locator("#chart").scroll_into_view_if_needed()
    expect(page.locator("#chart .bars path").first).to_be_attached()
    page.mouse.move(*page.evaluate(MIDDLE_OF_A_BAR))
    expect(page.locator("#chart .hovertext")).to_contain_text("in all")
    page.get_by_role("link", name="By person").click()
    expect(page.get_by_role("row", name="Ada")).to_contain_text("240 h")


def test_full_pages_meet_the_accessibility_rules_and_fit_a_phone(open_page) -> None:
    paths = ["/oncall?period=2026-10", "/oncall/people?period=2026-10"]
    assert broken(open_page("/help"), paths) == {}
    assert unfit(open_page("/help", width=320, script=False), paths) == []
