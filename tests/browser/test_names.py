"""A person settles an unknown name in two presses."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from ops_console.core.clock import now
from ops_console.core.db import transaction
from tests.browser.looks import press
from tests.web.pages.builders import DAY, Workspace

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def stray(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows = Workspace(session)
        rows.model("ranker", tier=1)
        rows.witness(rows.release(rows.model("svc-ranker", provisional=True), at=now() - DAY))


def test_the_suggested_entry_is_one_press_away(open_page) -> None:
    page = open_page("/models", script=False)
    page.get_by_role("link", name="Map or register it").click()
    page.get_by_role("button", name="Map svc-ranker").click()
    expect(page.get_by_text("Every name is mapped.")).to_be_visible()
    page.get_by_role("button", name="Withdraw the mapping of svc-ranker").click()


def test_a_name_becomes_a_model_of_its_own(open_page) -> None:
    page = open_page("/data-health/names", script=False)
    page.get_by_text("It is a model or service of its own").click()
    page.get_by_label("Tier").select_option("2")
    page.get_by_role("combobox", name="Team").fill("Growth")
    press(page, "Register svc-ranker")
    page.goto(page.url.replace("/data-health/names", "/models/svc-ranker"))
    expect(page.get_by_text("Tier 2 · Team Growth")).to_be_visible()
