"""A message that somebody sends from Slack lands on the timeline of an incident, and in the review that is written."""

from collections.abc import Iterator
from functools import partial

import pytest
import requests
from flask import Flask
from playwright.sync_api import expect
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine

from integrations.slack import commands
from ops_console import factory
from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.practices import reviews
from ops_console.records.workspace import Workspace as Home
from ops_console.web import background
from ops_console.web.console import EXTENSION
from tests.browser.looks import scrolls_sideways, violations
from tests.integrations.slack.asking import Slack, member
from tests.practices.stories import ANA
from tests.web.pages.builders import HOUR, Workspace

pytestmark = pytest.mark.browser
ARCHIVE = "https://team.slack.example/archives/C0123456789/p"
SENT = now().replace(microsecond=0) - HOUR / 2


@pytest.fixture
def slack(httpserver: HTTPServer) -> Slack:
    return Slack(httpserver, users={"U1": member(ANA)}).open()


@pytest.fixture
def app(sqlite: Engine, slack: Slack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr(background, "start", partial(background.start, patience=30))
    with transaction(sqlite) as session:
        session.add(Home(name="Ops", time_zone="Europe/London", currency="GBP", made_at=now()))
        people.add(session, ANA, Role.EDITOR, now())
        rows = Workspace(session)
        rows.incident(rows.model(), now() - HOUR, restored_at=None, title="Answers are slow")
    made = factory.create_app(Parts(commands={"slack": commands}), database_url=str(sqlite.url))
    made.extensions[EXTENSION].settings = slack.settings()
    yield made
    made.extensions[EXTENSION].engine.dispose()


def asked(address: str, request: tuple[bytes, dict[str, str]]) -> None:
    body, headers = request
    answer = requests.post(f"{address}/chat/slack", data=body, headers=headers, timeout=30)
    assert answer.status_code == 200


def shared(address: str, slack: Slack, trigger: str, **message: str) -> None:
    """The shortcut of a message, and the form that Slack opens for it."""
    asked(address, slack.shortcut(trigger=trigger, **message))
    asked(address, slack.submission(incident="1"))


def test_a_message_from_slack_lands_on_the_timeline(open_page, address: str, slack: Slack) -> None:
    page = open_page("/incidents/1")
    expect(page.locator("#messages")).to_have_count(0)
    shared(address, slack, "t1", ts=f"{SENT.timestamp():.6f}", text="p99 is at <https://g.example|two seconds>")
    page.reload()
    timeline = page.locator("#timeline").get_by_role("row", name="p99 is at two seconds")
    expect(timeline.get_by_role("link", name="slack")).to_have_attribute(
        "href", f"{ARCHIVE}{SENT.timestamp():.0f}000000"
    )
    expect(page.locator("#trail")).to_contain_text("message added to timeline")
    assert (violations(page), scrolls_sideways(page)) == ([], False)


def test_the_review_takes_it_over_and_keeps_what_a_person_makes_of_it(
    open_page, address: str, slack: Slack, sqlite: Engine
) -> None:
    shared(address, slack, "t1", ts=f"{SENT.timestamp():.6f}", text="p99 is at two seconds")
    with transaction(sqlite) as session:
        reviews.start(session, 1, ANA)
    page = open_page("/incidents/1/review", script=False)
    expect(page.get_by_role("table", name="What happened")).to_contain_text("p99 is at two seconds")
    shared(address, slack, "t2", ts=f"{SENT.timestamp() + 60:.6f}", text="Rolled back")
    page.reload()
    expect(page.get_by_role("table", name="What happened")).to_contain_text("Rolled back")


def test_ops_incident_opens_one_that_its_page_shows(open_page, address: str, slack: Slack) -> None:
    asked(address, slack.command("incident ranker SEV2 Ranks stale items first"))
    assert "/incidents/2" in slack.said[-1]
    page = open_page("/incidents/2", script=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Ranks stale items first")
    expect(page.locator(".lead")).to_contain_text("SEV2")
