"""The whole way: an incident is restored, reviewed, approved; an action is promised, done, and judged 90 days later."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from ops_console.accounts.roles import Role
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.settings import Settings
from ops_console.jobs.timetable import timetable
from ops_console.records.actions import Action
from ops_console.reporting.schedule import Slot
from tests.browser.looks import press
from tests.web.conftest import make_link
from tests.web.pages.builders import HOUR, Workspace

pytestmark = pytest.mark.browser

BEGAN = now().replace(microsecond=0) - 2 * HOUR
RESTORED = BEGAN + timedelta(minutes=70)
BEN = "ben@example.com"
REVIEW = "/incidents/1/review"


@pytest.fixture
def broken(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        ranker = rows.model(tier=1, lifecycle="production")
        rows.release(ranker, "4.12", BEGAN - HOUR)
        rows.incident(ranker, BEGAN, title="Answers are late", kind="service", restored_at=None)


def restored(sqlite: Engine, page: Any, address: str) -> None:
    """A person says when it was restored; the timetable opens the review."""
    page.goto(f"{address}/incidents/1")
    page.get_by_text("Correct this incident").click()
    page.get_by_label("Restored").fill(f"{RESTORED:%Y-%m-%dT%H:%M:%S}")
    page.get_by_label("Why", exact=True).fill("The dashboard shows it")
    press(page, "Save corrections")
    job = next(job for job in timetable(Parts()) if job.name == "open reviews")
    job.run(Office(sqlite, Parts(), Settings()), Slot("now", now()))


def reviewed(page: Any, address: str) -> None:
    """Written with what facts filled in, and handed in."""
    page.goto(f"{address}/incidents/1")
    page.get_by_role("link", name="Open the review").click()
    expect(page.get_by_text("Demanded by: SEV1 or SEV2, a tier 1 model.")).to_be_visible()
    expect(page.get_by_role("table", name="What happened")).to_contain_text("Release 4.12 live in production")
    page.get_by_role("link", name="Write", exact=True).click()
    expect(page.get_by_label("Impact")).to_have_value(re.compile("^SEV2: ranker .tier 1. was affected for 1 h 10 min"))
    page.get_by_label("Summary").fill("Answers were late for an hour.")
    press(page, "Save what I wrote")
    page.get_by_label("Factor", exact=True).select_option("capacity")
    page.get_by_label("What it was here").fill("The pool was full")
    press(page, "Add the factor")
    press(page, "Hand it in")
    expect(page.get_by_text(re.compile(r"handed in 5\d min after the restoration"))).to_be_visible()


def promised(page: Any) -> None:
    page.get_by_role("link", name="Add an action").click()
    page.get_by_label("What is to be done").fill("Raise the pool limit")
    page.get_by_label("Done when").fill("A load test at twice the peak passes")
    page.get_by_label("What must not come back").select_option("capacity")
    press(page, "Add the action")
    expect(page.get_by_role("link", name="Raise the pool limit")).to_be_visible()


def approved(page: Any, address: str, sqlite: Engine) -> None:
    """Not by its author: another person signs in, approves and closes it."""
    page.goto(address + REVIEW)
    expect(page.get_by_text("You wrote it or handed it in, so somebody else approves it")).to_be_visible()
    expect(page.get_by_role("button", name="Approve and freeze")).to_have_count(0)
    signed_in(page, address, sqlite, BEN)
    page.goto(address + REVIEW)
    press(page, "Approve and freeze")
    expect(page.get_by_role("table", name="Approved versions")).to_contain_text(BEN)
    press(page, "Close the review")


def signed_in(page: Any, address: str, sqlite: Engine, email: str) -> None:
    page.goto(address + make_link(sqlite, email, Role.EDITOR))
    press(page, "Sign in")


def done(page: Any, address: str) -> None:
    page.goto(f"{address}/actions?state=owed")
    page.get_by_role("link", name="Raise the pool limit").click()
    page.get_by_label("It is done", exact=True).check()
    page.get_by_label("Evidence, if it is done").fill("https://ci.example/load-test/7")
    press(page, "Save the state")
    expect(page.locator("#effect")).to_contain_text("Watched")


def ninety_days_pass(sqlite: Engine) -> None:
    """The clock of a browser cannot be turned; what was done is moved back instead."""
    with transaction(sqlite) as session:
        action = session.get_one(Action, 1)
        assert action.done_at is not None
        action.done_at -= timedelta(days=92)


def test_from_incident_to_verdict(open_page, address: str, sqlite: Engine, broken: None) -> None:
    page = open_page("/incidents/1", script=False)
    restored(sqlite, page, address)
    reviewed(page, address)
    promised(page)
    approved(page, address, sqlite)
    done(page, address)
    ninety_days_pass(sqlite)
    page.reload()
    expect(page.locator("#effect")).to_contain_text("Effective")
    expect(page.locator("#effect")).to_contain_text("90 days in production")
