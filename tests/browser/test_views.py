"""Views, links and keys as a person uses them, with and without script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from tests.browser.looks import broken, press, scrolls_sideways, violations, violations_in_both_themes
from tests.conftest import Filled

pytestmark = pytest.mark.browser


@pytest.fixture
def sqlite(company_template: bytes, sqlite_filled: Filled) -> Engine:
    return sqlite_filled(company_template)


def save(page, name: str, *choices: str) -> None:
    page.get_by_text("Views", exact=True).click()
    page.get_by_label("Save this page as").fill(name)
    for choice in choices:
        page.get_by_label(choice).check()
    press(page, "Save view")


@pytest.mark.parametrize("script", [True, False])
def test_a_view_is_saved_and_seen_first_and_the_overview_stays_in_reach(open_page: Callable, script: bool) -> None:
    page = open_page("/kpis?period=2026-09&scope=tier:1", script=script)
    save(page, "Tier 1", "always the latest month", "See it first after signing in")
    expect(page).to_have_url(re.compile("period=latest"))
    page.goto(page.url.split("/kpis")[0] + "/")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^KPIs, .*Tier 1"))
    page.get_by_role("link", name="Overview", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Overview"))


def test_a_view_is_opened_renamed_and_deleted_in_two_steps(open_page: Callable) -> None:
    page = open_page("/incidents?severity=SEV2", script=False)
    save(page, "Grave")
    page.goto(page.url.split("/incidents")[0] + "/kpis")
    page.get_by_text("Views", exact=True).click()
    page.get_by_role("link", name="Grave").click()
    expect(page).to_have_url(re.compile("severity=SEV2"))
    page.get_by_text("Views", exact=True).click()
    page.get_by_role("link", name="Manage views").click()
    page.get_by_text("Change Grave…").click()
    page.get_by_label("Name").fill("Grave ones")
    press(page, "Save changes")
    page.get_by_text("Delete Grave ones…").click()
    press(page, "Delete Grave ones")
    expect(page.get_by_text("No views yet.")).to_be_visible()


def test_a_figure_is_compared_with_a_year_ago_without_script(open_page: Callable) -> None:
    page = open_page("/kpis/model_deployments?period=2026-W43", script=False)
    page.get_by_label("Compared with").select_option("year")
    press(page, "Apply")
    expect(page.get_by_text("Week 43, 2025 3")).to_be_visible()
    page.get_by_label("Compared with").select_option("none")
    press(page, "Apply")
    expect(page.get_by_text("Week 43, 2025 3")).to_have_count(0)


def test_a_link_to_the_latest_month_is_copied(open_page: Callable) -> None:
    page = open_page("/kpis?period=2026-09")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("Share", exact=True).click()
    page.get_by_role("link", name="Copy link to the latest month").click()
    expect(page.get_by_role("status")).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()").endswith("/kpis?period=latest")
    page.keyboard.press("c")
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.endsWith('period=2026-09'))")


def test_without_script_the_same_words_are_plain_links(open_page: Callable) -> None:
    page = open_page("/kpis/mttr?period=2026-09", script=False)
    page.get_by_text("Share", exact=True).click()
    page.get_by_role("link", name="Copy link to the latest month").click()
    expect(page).to_have_url(re.compile(r"/kpis/mttr\?period=latest$"))


def test_escape_and_a_press_elsewhere_close_a_menu(open_page: Callable) -> None:
    page = open_page("/kpis?period=2026-10")
    menu, box = page.get_by_text("Views", exact=True), page.get_by_label("Save this page as")
    menu.click()
    box.press("Escape")
    expect(box).to_be_hidden()
    expect(menu).to_be_focused()
    menu.click()
    page.get_by_role("heading", level=1).click()
    expect(box).to_be_hidden()


def test_the_keys_of_periods_work_wherever_there_is_one(open_page: Callable) -> None:
    page = open_page("/help")
    for path in ("/kpis", "/deployments", "/incidents"):
        page.goto(f"{path}?period=2026-09")
        page.keyboard.press("]")
        page.wait_for_url(f"**{path}?period=2026-10")
        page.keyboard.press("[")
        page.wait_for_url(f"**{path}?period=2026-09")


def test_a_question_mark_shows_the_keys_and_escape_hides_them(open_page: Callable) -> None:
    page = open_page("/models")
    keys = page.get_by_role("dialog", name="Keys")
    page.keyboard.press("?")
    expect(keys).to_contain_text("Previous and next period")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/?period=latest")


def test_keys_that_are_off_show_nothing_and_links_are_copied_still(open_page: Callable) -> None:
    page = open_page("/account")
    page.get_by_label("Off").check()
    press(page, "Save preferences")
    page.goto(page.url.replace("/account", "/kpis?period=2026-09"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_text("Share", exact=True).click()
    page.get_by_role("link", name="Copy link to Sep 2026").click()
    expect(page.get_by_role("status")).to_have_text("Link copied")


def test_menus_and_the_list_of_views_meet_the_accessibility_rules_in_both_themes(open_page: Callable) -> None:
    page = open_page("/?period=2026-10")
    save(page, "October", "Share it with everyone")
    for menu in ("Views", "Share"):
        page.emulate_media(color_scheme="light")
        page.get_by_text(menu, exact=True).click()
        assert violations_in_both_themes(page) == []
    assert broken(page, ["/views"]) == {}


def test_menus_and_the_list_of_views_fit_a_narrow_phone(open_page: Callable) -> None:
    page = open_page("/kpis?period=2026-10", width=320)
    save(page, "A rather long name for a view that somebody saved")
    page.get_by_text("Views", exact=True).click()
    assert not scrolls_sideways(page)
    page.get_by_role("link", name="Manage views").click()
    expect(page.get_by_role("heading", name="Saved views")).to_be_visible()
    assert not scrolls_sideways(page)
