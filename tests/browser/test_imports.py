"""A person gets a file in, without script: upload, look, mend, import."""

from pathlib import Path

import pytest

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
    assert page.get_by_text("None of the first 2 rows can be taken.").is_visible()
    page.locator("tr", has=page.locator("#w-status")).locator("summary").click()
    page.get_by_label("Translations of status").fill("success = succeeded")
    page.get_by_role("button", name="Look again").click()
    assert page.get_by_text("1 of the first 2 rows can be taken.").is_visible()
    page.get_by_role("button", name="Save mapping and import").click()
    assert page.get_by_role("heading", name="Deployments from old-pipeline").is_visible()
    assert page.get_by_text("neither model nor service is given").is_visible()
