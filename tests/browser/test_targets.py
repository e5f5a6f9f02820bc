"""A manager looks at the effect of a target before it counts."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_target_is_looked_at_set_and_withdrawn(open_page) -> None:
    page = open_page("/settings/targets", script=False)
    page.get_by_role("link", name="Set a target for Lead time").click()
    page.get_by_label("Less than, days").fill("10")
    page.get_by_label("Why").fill("Q4 plan")
    page.get_by_role("button", name="See the effect").click()
    expect(page.get_by_role("region", name="Effect")).to_be_visible()
    expect(page.get_by_label("Less than, days")).to_have_value("10")
    page.get_by_role("button", name="Set target").click()
    expect(page.get_by_role("row", name="All models < 10 days").get_by_text("In force")).to_be_visible()
    page.get_by_role("link", name="Set a target for Lead time").click()
    page.get_by_text("Withdraw…").click()
    page.get_by_role("button", name="Withdraw the target").click()
    expect(page.get_by_text("No target from then on").first).to_be_visible()
