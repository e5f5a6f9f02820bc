"""Connecting a tool in a real browser: read, check, confirm, watch; and each page keeps its promises."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from pytest_httpserver import HTTPServer

from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.ingest import inbox, sources, sync
from tests.browser.looks import broken, press, unfit, violations
from tests.integrations.github.forge import REPOSITORY, Forge
from tests.web.conftest import office_of

pytestmark = pytest.mark.browser

PAGES = (
    "/integrations",
    "/integrations/github/new",
    "/sources/github",
    "/sources/github-2",
    "/sources/github/settings",
    "/sources/github/deliveries/1",
    "/data-health",
)


@pytest.fixture
def app(full_app: Flask) -> Flask:
    return full_app


@pytest.fixture
def forge(httpserver: HTTPServer) -> Forge:
    made = Forge(httpserver)
    for number in range(12):
        at = now() - timedelta(days=30 - number)
        made.deploy(at, "prod-eu" if number % 4 else "staging")
        made.status(1000 + number, "success", at + timedelta(minutes=5))
    return made


@pytest.fixture
def connected(app: Flask, forge: Forge) -> None:
    """A source after its first sync, one that failed, and a delivery that was read."""
    at = office_of(app)
    manifest = at.parts.manifests["github"]
    secrets = {"token": "GITHUB_TOKEN", "webhook_secret": "GITHUB_HOOK"}
    with transaction(at.engine) as session:
        made = sources.add(session, manifest, "github", forge.settings(), secrets, now() - timedelta(days=90), "ana")
        gone = forge.settings(repositories=["acme/gone"])
        other = sources.add(session, manifest, "github-2", gone, secrets, now() - timedelta(days=90), "ana")
        numbers = (made.id or 0, other.id or 0)
        webhook = at.parts.webhooks["github"]
        sent = forge.deploy(now())
        inbox.receive(session, made, webhook.arrival(sent["headers"], sent["body"]), sent["body"], now())
    assert [sync.sync(at, number, "timetable").state for number in numbers] == ["done", "rejected"]
    inbox.process(at)


def test_a_tool_is_connected_from_reading_to_the_first_facts(open_page, app: Flask, forge: Forge) -> None:
    page = open_page("/integrations")
    page.get_by_role("link", name="Set up GitHub").click()
    page.get_by_label("Repositories").fill(REPOSITORY)
    page.get_by_label("Address of the API").fill(forge.url)
    page.get_by_label("Token", exact=True).fill("GITHUB_TOKEN")
    press(page, "Check")
    expect(page.get_by_text("12 successful deployments in 2 environments.")).to_be_visible()
    expect(page.get_by_label("prod-eu, 9 successful deployments")).to_be_checked()
    page.get_by_label("staging, 3 successful deployments").check()
    press(page, "Check again")
    expect(page.get_by_text("12 of 12 successful deployments count")).to_be_visible()
    page.get_by_label("staging, 3 successful deployments").uncheck()
    press(page, "Save and begin")
    expect(page.get_by_role("heading", name="github")).to_be_visible()
    sync.sync_due(office_of(app), "timetable", 20)
    page.reload()
    expect(page.get_by_text("Working")).to_be_visible()


def test_a_check_leads_to_what_it_found(open_page, forge: Forge) -> None:
    page = open_page("/integrations/github/new", script=False)
    page.get_by_label("Repositories").fill(REPOSITORY)
    page.get_by_label("Address of the API").fill(forge.url)
    page.get_by_label("Token", exact=True).fill("GITHUB_TOKEN")
    press(page, "Check")
    expect(page.get_by_role("heading", name="What is there")).to_be_in_viewport()


def test_a_backfill_is_watched_without_touching_the_page(open_page, app: Flask, forge: Forge) -> None:
    at = office_of(app)
    secrets = {"token": "GITHUB_TOKEN"}
    with transaction(at.engine) as session:
        manifest, since = at.parts.manifests["github"], now() - timedelta(days=90)
        number = sources.add(session, manifest, "github", forge.settings(), secrets, since, "ana").id or 0
    page = open_page("/integrations")
    page.clock.install()
    page.goto(page.url.replace("/integrations", "/sources/github"))
    expect(page.get_by_text("The next sync begins within a minute")).to_be_visible()
    sync.sync(at, number, "timetable", seconds=-1)
    page.clock.run_for(5000)
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text("12 facts so far")).to_be_visible()
    assert violations(page) == []
    sync.sync(at, number, "timetable")
    page.clock.run_for(5000)
    expect(page.get_by_text("Working")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_deliveries_are_read_again_after_a_confirmation(open_page, app: Flask, connected: None) -> None:
    page = open_page("/sources/github")
    expect(page.get_by_role("button", name="Read again")).to_be_hidden()
    page.get_by_text("Read them again…").click()
    press(page, "Read again")
    expect(page.get_by_text("1 to be read again.")).to_be_visible()
    assert inbox.process(office_of(app)) == 1


def test_what_is_wrong_is_said_on_top_with_the_focus(open_page, forge: Forge) -> None:
    page = open_page("/integrations/github/new", script=False)
    page.get_by_label("Repositories").fill("acme/gone")
    page.get_by_label("Address of the API").fill(forge.url)
    page.get_by_label("Token", exact=True).fill("GITHUB_TOKEN")
    press(page, "Check")
    expect(page.get_by_role("alert")).to_contain_text(
        "GitHub does not find the deployments of acme/gone, or the token may not see it."
    )
    expect(page.get_by_label("Repositories")).to_have_value("acme/gone")


def test_every_page_meets_the_accessibility_rules_in_both_themes(open_page, connected: None) -> None:
    assert broken(open_page("/help"), PAGES) == {}


def test_every_page_fits_a_narrow_phone_without_script(open_page, connected: None) -> None:
    assert unfit(open_page("/help", width=320, script=False), PAGES) == []
