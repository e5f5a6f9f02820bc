"""A decision is asked, looked at, answered and asked again, without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.looks import press

pytestmark = pytest.mark.browser


def test_a_decision_is_asked_mended_answered_and_asked_again(open_page) -> None:
    page = open_page("/decisions")
    page.get_by_text("Ask for a decision", exact=True).click()
    asking = page.locator("#ask")
    asking.get_by_label("What is to be decided").fill("Fund a second region")
    asking.get_by_label("By", exact=True).fill("2030-11-30")
    press(page, "Ask for the decision")
    expect(page.get_by_role("alert")).to_contain_text("Say who decides")
    expect(page.locator("#ask").get_by_label("What is to be decided")).to_have_value("Fund a second region")
    page.locator("#ask").get_by_label("Who decides").fill("Dana Fox")
    press(page, "Ask for the decision")
    row = page.get_by_role("row", name="Fund a second region")
    expect(row).to_contain_text("Dana Fox")
    expect(row).to_contain_text("30 Nov 2030")
    row.get_by_text("Answer…").click()
    row.get_by_label("What was decided").fill("From March")
    press(page, "It is decided")
    expect(page.get_by_text("Nothing waits for a decision.")).to_be_visible()
    expect(page.get_by_role("row", name="Fund a second region")).to_contain_text("From March")
    press(page, "Ask again")
    expect(page.get_by_role("row", name="Fund a second region")).to_contain_text("Asked")
