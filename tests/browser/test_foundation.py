"""What a reader's browser makes of the pages: legible, operable, quiet."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from tests.browser.looks import broken, press, shared_out, unfit
from tests.conftest import Filled
from tests.web.conftest import make_link

pytestmark = pytest.mark.browser

PAGES = [
    "/?period=2026-10",
    "/?period=2026-10&by=model",
    "/kpis?period=2026-10",
    "/kpis/lead_time?period=2026-10",
    "/kpis/change_failure_rate?period=2026-10&by=tier",
    "/kpis/cost_vs_budget?period=2026-10",
    "/reports",
    "/account",
    "/account/password",
    "/setup",
    "/search?q=rank",
    "/nope",
]


@pytest.fixture
def sqlite(company_template: bytes, sqlite_filled: Filled) -> Engine:
    return sqlite_filled(company_template)


def test_a_one_time_link_signs_in_and_asks_for_a_password(chromium, address: str, sqlite: Engine) -> None:
    page = chromium.new_page()
    page.goto(address + make_link(sqlite, "ben@example.com"))
    press(page, "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set a password")
    page.close()


@pytest.mark.parametrize("paths", shared_out(PAGES, 2))
def test_axe_finds_nothing_in_either_theme(open_page: Callable, paths: list[str]) -> None:
    assert broken(open_page("/help"), paths) == {}


def test_nothing_scrolls_sideways_at_320_pixels(open_page: Callable) -> None:
    assert unfit(open_page("/help", width=320), PAGES) == []


def test_every_page_has_one_title_landmarks_and_a_way_past_the_menu(open_page: Callable) -> None:
    page, seen = open_page("/help", script=False), {}
    for path in PAGES:
        page.goto(path)
        landmarks = [page.locator(each).count() for each in ("h1", "main", "body > header")]
        seen[path] = (*landmarks, page.locator("a.skip").get_attribute("href"))
    assert {path: each for path, each in seen.items() if each != (1, 1, 1, "#content")} == {}


def test_without_script_the_chart_the_table_and_the_filters_work(open_page: Callable) -> None:
    page = open_page("/kpis/lead_time?period=2026-10", script=False)
    expect(page.locator("#chart svg")).to_be_visible()
    page.get_by_label("Period", exact=True).select_option("2026-09")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_title(re.compile("Sep 2026"))
    page.get_by_text("Show data table").click()
    expect(page.get_by_role("columnheader", name="Period")).to_be_visible()


def test_with_script_hover_is_added_and_nothing_breaks(open_page: Callable) -> None:
    page = open_page("/help")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto("/kpis/lead_time?period=2026-10")
    page.locator("#chart .main-svg").first.wait_for(timeout=20_000)
    page.locator("#chart .points path").last.hover(force=True)
    expect(page.locator("#chart .hoverlayer")).to_contain_text("2026")
    assert page.locator("#chart .modebar-btn").count() == 0
    # The library brings a sheet for maps, which nobody misses; a style that a drawing asks for would be missed.
    assert [text for text in said if "style attribute" in text or "inline style" not in text] == []


def test_pages_break_no_rule_of_the_content_policy(open_page: Callable) -> None:
    page = open_page("/help")
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}") if message.type == "error" else None)
    for path in ("/?period=2026-10", "/kpis?period=2026-10", "/reports", "/account"):
        page.goto(path)
    assert said == []


def test_pages_ask_nobody_else(open_page: Callable) -> None:
    page = open_page("/account")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    home = page.url.replace("/account", "")
    page.goto(f"{home}/kpis/lead_time?period=2026-10", wait_until="networkidle")
    assert asked and all(url.startswith(home) for url in asked)


def test_a_saved_theme_wins_over_the_system(open_page: Callable) -> None:
    page = open_page("/account", scheme="light")
    page.get_by_label("Dark").check()
    press(page, "Save preferences")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"


def test_the_menu_opens_on_a_phone_without_script(open_page: Callable) -> None:
    page = open_page("/?period=2026-10", width=390, script=False)
    expect(page.get_by_role("link", name="KPIs", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="KPIs", exact=True).click()
    expect(page).to_have_url(re.compile("/kpis$"))


def test_keys_lead_where_they_should(open_page: Callable) -> None:
    page = open_page("/?period=2026-09")
    page.keyboard.press("]")
    page.wait_for_url("**/?period=2026-10")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Tab")
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.wait_for_url("**/kpis")


def test_keys_can_be_switched_off(open_page: Callable) -> None:
    page = open_page("/account")
    page.get_by_label("Off").check()
    press(page, "Save preferences")
    page.goto(page.url.replace("/account", "/?period=2026-09"))
    page.keyboard.press("]")
    page.wait_for_timeout(300)
    assert page.url.endswith("period=2026-09")


def test_print_is_light_and_without_controls(open_page: Callable) -> None:
    page = open_page("/kpis?period=2026-10", scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).color") == "rgb(26, 31, 38)"
    expect(page.get_by_role("button", name="Apply")).to_be_hidden()


def test_print_shows_the_whole_chart_however_wide_the_window_was(open_page: Callable) -> None:
    page = open_page("/kpis/lead_time?period=2026-10", width=1400)
    hover = page.locator("#chart .main-svg").first
    hover.wait_for(timeout=20_000)
    drawing = page.locator("#chart > svg")
    expect(drawing).to_be_hidden()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 900})
    expect(hover).to_be_hidden()
    expect(drawing).to_be_visible()
    assert drawing.evaluate("e => e.getBoundingClientRect().right") <= 680


def test_what_is_focused_can_be_seen(open_page: Callable) -> None:
    page = open_page("/?period=2026-10")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
