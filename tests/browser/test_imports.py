"""A person gets a file in, without script: upload, look, mend, import."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from ops_console.web import upload_shelf

pytestmark = pytest.mark.browser

FILE = "id,app,tag,stage,state\n1,svc-ranker,4.12,production,success\n2,,4.13,production,success\n"


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_shelf.tempfile, "gettempdir", lambda: str(tmp_path))


@pytest.mark.parametrize("script", [True, False])
def test_a_foreign_file_is_mapped_and_imported(open_page, tmp_path: Path, script: bool) -> None:
    file = tmp_path / "deploys.csv"
    file.write_text(FILE)
    page = open_page("/imports/new", script=script)
    page.get_by_label("What are the rows?").select_option("deployments")
    page.get_by_label("Where does the file come from?").fill("old-pipeline")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Upload and look").click()
    expect(page.get_by_text("None of the first 2 rows can be taken.")).to_be_visible()
    page.locator("tr", has=page.locator("#w-status")).locator("summary").click()
    page.get_by_label("Translations of status").fill("success = succeeded")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_text("1 of the first 2 rows can be taken.")).to_be_visible()
    page.get_by_role("button", name="Save mapping and import").click()
    expect(page.get_by_role("heading", name="Deployments from old-pipeline")).to_be_visible()
    expect(page.get_by_text("neither model nor service is given")).to_be_visible()
