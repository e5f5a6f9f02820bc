"""A person merges an incident into the one it repeats, and undoes it."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import Engine

from ops_console.core.clock import now
from ops_console.core.db import transaction
from tests.web.pages.builders import DAY, HOUR, Workspace

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def told_twice(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        rows, at = Workspace(session), now() - 2 * DAY
        ranker = rows.model()
        rows.incident(ranker, at, external_id="INC-1", title="Slow answers")
        rows.incident(ranker, at + HOUR / 2, external_id="A-7", source="monitor", title="p99 high")


def test_a_duplicate_is_merged_and_the_merge_undone(open_page) -> None:
    page = open_page("/incidents/2", script=False)
    panel = page.locator("#duplicates")
    panel.get_by_text("It repeats another incident").click()
    panel.get_by_label("Incident it repeats").select_option("#1")
    panel.get_by_role("button", name="Merge into it").click()
    expect(page.get_by_role("alert")).to_contain_text("Say how you know")
    panel.get_by_label("How can you tell?").fill("The same alert")
    panel.get_by_role("button", name="Merge into it").click()
    panel.get_by_role("link", name="INC-1").click()
    expect(page.locator("#duplicates")).to_contain_text("A-7 p99 high")
    expect(page.locator("#timeline")).to_contain_text("Also reported as A-7: p99 high")
    page.go_back()
    panel.get_by_role("button", name="Undo the merge").click()
    expect(panel).to_contain_text("No other incident tells of the same trouble.")
    expect(page.locator("#trail")).to_contain_text("The same alert")
