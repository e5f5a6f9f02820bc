"""Several actions changed at once, and a review that nobody needs to write."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from ops_console.contracts.decisions import ActionState
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.practices import reviews
from ops_console.records.actions import Action
from tests.browser.looks import press
from tests.web.pages.builders import HOUR, Workspace

pytestmark = pytest.mark.browser

TITLES = ("Raise the pool limit", "Write the runbook", "Test the rollback")
REVIEW = "/incidents/1/review"


@pytest.fixture
def promised(sqlite: Engine) -> None:
    """Three actions after one incident, whose review is due."""
    moment = now()
    due_on = moment.date() + timedelta(days=30)
    with transaction(sqlite) as session:
        rows = Workspace(session)
        rows.incident(rows.model(tier=1), moment - 2 * HOUR, title="Answers are late")
        session.flush()
        for title in TITLES:
            session.add(
                Action(
                    title=title,
                    done_when="It is seen",
                    kind="prevent",
                    priority="medium",
                    owner="ana@example.com",
                    due_on=due_on,
                    first_due_on=due_on,
                    state=ActionState.OPEN,
                    cause="capacity",
                    incident_id=1,
                    made_by="ana@example.com",
                    made_at=moment,
                )
            )
    with transaction(sqlite) as session:
        reviews.open_due(session, moment)


@pytest.mark.parametrize("script", [True, False])
def test_what_was_ticked_and_filled_in_stays_until_the_change_can_be_made(open_page, promised: None, script) -> None:
    page = open_page("/actions", script=script)
    for title in TITLES[:2]:
        page.get_by_label(f"Choose {title}").check()
    page.get_by_text("Change those chosen").click()
    page.locator("#bulk").get_by_label("Priority").select_option("high")
    page.locator("#bulk").get_by_label("Due").fill(f"{now().date() + timedelta(days=60)}")
    press(page, "Change the chosen actions")
    expect(page.get_by_role("alert")).to_contain_text("Say why they take longer")
    expect(page.get_by_label(f"Choose {TITLES[0]}")).to_be_checked()
    page.get_by_label("Why").fill("The library is late")
    press(page, "Change the chosen actions")
    expect(page.get_by_role("row", name=re.compile(TITLES[1]))).to_contain_text("moved 1×")
    expect(page.get_by_role("row", name=re.compile(TITLES[1]))).to_contain_text("high")
    expect(page.get_by_role("row", name=re.compile(TITLES[2]))).to_contain_text("medium")


def test_a_review_is_waived_with_its_reason_and_can_be_taken_up_again(open_page, promised: None) -> None:
    page = open_page(REVIEW)
    page.get_by_text("Waive it", exact=True).click()
    press(page, "Waive the review")
    expect(page.get_by_role("alert")).to_contain_text("Say why, in one sentence.")
    page.get_by_label("Why nobody needs to write it").fill("The same as last week")
    press(page, "Waive the review")
    expect(page.get_by_text(re.compile("^Waived by .*: The same as last week"))).to_be_visible()
    page.get_by_text("Write more").click()
    page.get_by_role("textbox", name="Why").fill("It was not the same")
    press(page, "Send it back")
    expect(page.get_by_role("button", name="Hand it in")).to_be_visible()
