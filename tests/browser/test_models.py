"""A manager goes through a model's tabs, corrects its owner, and says what the paved road asks for."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from ops_console.core.clock import now
from tests.browser.looks import press, violations
from tests.ingest.deliveries import deliver
from tests.web.pages.builders import DAY

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def catalog(sqlite: Engine) -> None:
    known = {"lifecycle": "production", "tier": 1, "owner": "Ana Lee", "paved_road": "scaffold; ci_workflow"}
    deliver(sqlite, "models", known | {"depends_on": "query-embed", "updated_at": (now() - 30 * DAY).isoformat()})
    deliver(sqlite, "models", {"external_id": "m2", "name": "query-embed", "lifecycle": "production"})


def test_the_tabs_lead_from_one_to_the_next_without_script(open_page) -> None:
    page = open_page("/models", script=False)
    page.get_by_role("link", name="ranker").click()
    tabs = page.get_by_role("navigation", name="About ranker")
    for tab in ("Deployments", "Incidents", "Cost", "Governance", "Dependencies"):
        tabs.get_by_role("link", name=tab).click()
        expect(tabs.get_by_role("link", name=tab)).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="query-embed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("query-embed")
    expect(page.get_by_role("link", name="ranker")).to_be_visible()


def test_a_gap_is_found_filled_and_withdrawn(open_page) -> None:
    page = open_page("/models/gaps", script=False)
    page.get_by_role("row", name="Nobody on call").get_by_role("link", name="ranker").click()
    page.get_by_label("On call", exact=True).fill("search-oc")
    page.get_by_label("Why").fill("the rota of October")
    press(page, "Save changes")
    expect(page.get_by_text("on call search-oc")).to_be_visible()
    row = page.get_by_role("row", name="On call search-oc")
    expect(row).to_contain_text("the rota of October")
    press(page, "Withdraw on call")
    expect(page.get_by_text("on call search-oc")).to_have_count(0)


def test_a_criterion_is_looked_at_set_and_seen_on_the_model(open_page) -> None:
    page = open_page("/settings/paved-road", script=False)
    page.get_by_role("link", name="Add a criterion").click()
    press(page, "Set criterion")
    expect(page.get_by_role("alert")).to_contain_text("Give it a title")
    assert violations(open_page("/settings/paved-road/add")) == []
    page.get_by_label("Title").fill("Watched for drift")
    page.get_by_label("What proves it").select_option(label="It is watched by the monitors chosen below")
    page.get_by_label("Drift").check()
    page.get_by_label("Why").fill("Q4 plan")
    press(page, "See the effect")
    expect(page.get_by_role("region", name="Effect")).to_contain_text("0 production models would be on the paved road")
    press(page, "Set criterion")
    expect(page.get_by_role("row", name="Watched for drift")).to_contain_text("0 of 2")
    page.goto(page.url.replace("/settings/paved-road", "/models/ranker?tab=governance"))
    expect(page.get_by_role("row", name="Watched for drift")).to_contain_text("Not met")
