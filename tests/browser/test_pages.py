"""Every page of lists and settings keeps its promises in a real browser."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.contracts.decisions import ActionState
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.ingest.criteria_asked import set_defaults
from ops_console.practices import actions, review_states
from ops_console.records.imports import Refusal
from ops_console.records.incidents import Incident
from ops_console.web.pages.model import TABS
from tests.browser.looks import broken, scrolls_sideways, shared_out, unfit
from tests.practices.stories import ANA, BEN, complete, promised, write
from tests.web.pages.builders import DAY, HOUR, Workspace

pytestmark = pytest.mark.browser

PAGES = (
    "/models",
    "/models/gaps",
    *(f"/models/ranker?tab={tab}" for tab in TABS),
    "/models/ranker/edit",
    "/models/svc-stray",
    "/deployments",
    "/deployments/1",
    "/cost",
    "/oncall",
    "/oncall/people",
    "/governance",
    "/incidents",
    "/incidents/1",
    "/incidents/1/review",
    "/incidents/1/review/edit",
    "/incidents/1/review/versions",
    "/reviews",
    "/actions",
    "/decisions",
    "/runbooks",
    "/audit",
    "/actions?view=board",
    "/actions/1",
    "/actions/new?incident=1",
    "/imports",
    "/imports/1",
    "/imports/new",
    "/data-health",
    "/data-health/names",
    "/settings/targets",
    "/settings/targets/mttr",
    "/settings/paved-road",
    "/settings/paved-road/add",
    "/settings/paved-road/criteria/owner",
    "/help",
    "/help/definitions",
    "/help/imports",
    "/help/api",
)

UNEVEN = """() => [...document.querySelectorAll("table")].filter(table => table.checkVisibility()).filter(table => {
    const wide = row => [...row.cells].filter(cell => cell.checkVisibility()).reduce((n, cell) => n + cell.colSpan, 0)
    return new Set([...table.rows].map(wide)).size > 1
}).map(table => table.innerText.slice(0, 80))"""
"""Tables with more headings than cells, or fewer."""


@pytest.fixture(autouse=True)
def company(sqlite: Engine) -> None:
    """One of everything."""
    with transaction(sqlite) as session:
        rows, at = Workspace(session), now() - 2 * DAY
        known = {"tier": 1, "team": "Search", "owner": "Ana Lee", "lifecycle": "production"}
        ranker = rows.model(name="A ranker with a long name that must wrap", depends_on=["x" * 60], **known)
        bad = rows.release(ranker, "2026.11.04-" + "f" * 40, at - HOUR, ready_at=at - 3 * DAY)
        rows.witness(bad)
        rows.change(bad, title="A change", first_commit_at=at - 4 * DAY)
        broken = rows.incident(ranker, at)
        rows.link(broken, bad)
        reviewed(session, broken)
        rows.incident(ranker, at + HOUR, restored_at=None, status="open")
        rows.slice(rows.slo(ranker), 1, 1, at)
        rows.cost(ranker, at.date(), "12.5")
        rows.degradation(ranker, at, episode_ends_at=None)
        rows.run(ranker, at)
        set_defaults(session)
        rows.witness(rows.release(rows.model("svc-stray", provisional=True), at=at))
        rows.delivered(state="done", finished_at=at, refused=1, warnings=["A column is not used."])


def reviewed(session: Session, broken: Incident) -> None:
    """A review approved once and open again, and an action against what it names."""
    for email in (ANA, BEN):
        people.add(session, email, Role.EDITOR, now())
    review = complete(session, broken, "capacity")
    review_states.approve(session, review, BEN)
    review_states.send_back(session, review, ANA, "More is known")
    write(session, review, summary="Answers were late, who knows why.\n" + "x" * 200)
    action = promised(session, broken, cause="capacity")
    actions.move(session, action, ActionState.DONE, ANA, evidence="https://ci.example/1")
    promised(session, broken, title="Test the rollback " + "y" * 60)


@pytest.mark.parametrize("paths", shared_out(PAGES, 3))
def test_every_page_meets_the_accessibility_rules_in_both_themes(open_page, paths: list[str]) -> None:
    assert broken(open_page("/help"), paths) == {}


BARS = ("/incidents", "/deployments", "/actions", "/reviews", "/models", "/kpis/mttr", "/")


def test_what_filters_a_page_stands_on_one_line_of_a_laptop(open_page) -> None:
    ends = """bar => new Set([...bar.querySelectorAll(":scope .filters > *, :scope .tools")]
        .filter(each => each.offsetWidth).map(each => Math.round(each.getBoundingClientRect().bottom))).size"""
    page, lines = open_page("/help"), {}
    for path in BARS:
        page.goto(path)
        lines[path] = [bar.evaluate(ends) for bar in page.locator(".bar").filter(has_text="Apply").all()]
    assert {path: each for path, each in lines.items() if set(each) != {1}} == {}


def test_why_a_row_is_refused_can_be_read_on_a_phone(open_page, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        reason = "finished_at lies 36,504 days ahead, and is told once it has happened"
        session.add(Refusal(import_id=1, line=3, column="Finished", reason=reason, raw="d-3,ranker"))
    page = open_page("/imports/1", width=390)
    assert page.get_by_role("cell", name="36,504 days").evaluate("e => e.offsetWidth") > 200
    assert not scrolls_sideways(page)


def test_paper_shows_no_switches(open_page) -> None:
    page = open_page("/")
    assert page.locator(".switch:visible").count() > 0
    page.emulate_media(media="print")
    assert page.locator(".switch:visible").count() == 0


def test_every_page_fits_a_narrow_phone_without_script(open_page) -> None:
    assert unfit(open_page("/help", width=320, script=False), PAGES) == []


def test_a_wide_table_scrolls_in_its_own_region_by_keyboard(open_page) -> None:
    page = open_page("/deployments", width=320)
    region = page.get_by_role("region", name="Deployments")
    region.focus()
    page.keyboard.press("ArrowRight")
    expect(region).not_to_have_js_property("scrollLeft", 0)


def test_a_filter_is_applied_with_enter_and_removed_by_its_chip(open_page) -> None:
    page = open_page("/models", script=False)
    page.get_by_label("Name or alias").fill("nothing like it")
    with page.expect_navigation():
        page.get_by_label("Name or alias").press("Enter")
    expect(page.get_by_text("No models match Search: nothing like it.")).to_be_visible()
    page.get_by_role("link", name="Remove filter Search: nothing like it").click()
    expect(page.get_by_role("link", name="A ranker with a long name")).to_be_visible()


def test_print_leaves_out_what_only_a_screen_can_use(open_page) -> None:
    """Filters, and the columns of tables in which one presses something, with their headings."""
    page = open_page("/models")
    page.emulate_media(media="print")
    expect(page.locator("form.filters")).to_be_hidden()
    for path in ("/models", "/actions", "/incidents/1/review"):
        page.goto(path)
        assert page.locator("td:visible").filter(has=page.locator("form, input")).count() == 0, path
        assert page.evaluate(UNEVEN) == [], path
