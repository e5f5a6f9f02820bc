"""`/imports`: what came in, what was refused, and how a file gets in without script."""

import io
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlmodel import col

from ops_console.accounts.roles import Role
from ops_console.core.db import reading
from ops_console.records.access import Account
from ops_console.records.deployments import Deployment
from ops_console.records.imports import Mapping, Refusal
from ops_console.web import upload_shelf
from tests.web.conftest import csrf, sign_in
from tests.web.pages.builders import Workspace
from tests.web.pages.conftest import page, send

GOOD = b"""external_id,service,version,environment,status,started_at,finished_at
1,ranker,4.12,production,succeeded,2026-10-01T09:00:00Z,2026-10-01T09:20:00Z
2,ranker,4.13,production,succeeded,2026-10-02T09:00:00,2026-10-02T09:20:00Z
"""
FOREIGN = b"""id,app,tag,stage,state
1,ranker,4.12,production,success
2,ranker,4.13,production,failure
"""
MAPPED = {
    "column:external_id": "id",
    "column:service": "app",
    "column:version": "tag",
    "column:environment": "stage",
    "column:status": "state",
    "values:status": "success = succeeded\nfailure = failed",
}


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Uploads of a test lie in its own folder."""
    monkeypatch.setattr(upload_shelf.tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path


def upload(browser: FlaskClient, content: bytes, **fields: object) -> tuple[int, str]:
    given = {"kind": "deployments", "source": "github", "file": (io.BytesIO(content), "deploys.csv"), **fields}
    return send(browser, "/imports/new", "/imports/new", **given)


def test_before_the_first_import_the_page_offers_one(editor: FlaskClient, viewer: FlaskClient) -> None:
    assert 'href="/imports/new"' in page(editor, "/imports")
    text = page(viewer, "/imports")
    assert "Nothing was imported yet." in text and "/imports/new" not in text


def test_kinds_of_fact_are_offered_as_they_are_called_everywhere(editor: FlaskClient, world) -> None:
    with world() as rows:
        rows.delivered("slos", state="done")
    for address in ("/imports", "/imports/new"):
        assert all(f">{title}</option>" in page(editor, address) for title in ("SLOs", "SLI slices"))


def test_imports_stand_with_what_they_brought(viewer: FlaskClient, world) -> None:
    with world() as rows:
        rows.delivered("deployments", rows=1200, new=1100, refused=3, unmapped=2, warnings=["odd"], state="done")
        rows.delivered("costs", source="aws", state="failed", error="The file is damaged.")
    text = page(viewer, "/imports")
    assert "1,200" in text and "2 unmapped, 1 warning" in text and "Failed" in text
    assert "aws" not in viewer.get("/imports.csv?kind=deployments").text


def test_one_import_shows_its_refused_rows_and_lets_them_go(viewer: FlaskClient, world) -> None:
    with world() as rows:
        number = rows.delivered(refused=1, state="done").id
        about = {"line": 7, "column": "started_at", "reason": "no time", "raw": "=7,<b>x</b>"}
        rows.session.add(Refusal(import_id=number, **about))
    text = page(viewer, f"/imports/{number}")
    assert "<code>started_at</code>" in text and "&lt;b&gt;" in text
    assert '7,started_at,no time,"\'=7,<b>x</b>"' in viewer.get(f"/imports/{number}/refused.csv").text


OF_PEOPLE = ["alerts", "capacity", "people", "shifts", "skills", "survey_responses", "toil"]


def refused_row(rows: Workspace, kind: str, **changes: object) -> int:
    number = rows.delivered(kind, refused=1, state="done", **changes).id
    rows.session.add(Refusal(import_id=number, line=7, column="minutes", reason="more than a day", raw="Ada,1500"))
    assert number is not None
    return number


@pytest.mark.parametrize("kind", OF_PEOPLE)
def test_what_refused_rows_said_of_people_is_for_their_manager(
    viewer: FlaskClient, app: Flask, sqlite: Engine, world, kind: str
) -> None:
    with world() as rows:
        number = refused_row(rows, kind)
    text = page(viewer, f"/imports/{number}")
    assert "Ada" not in text and "more than a day" in text and "1×" in text
    assert viewer.get(f"/imports/{number}/refused.csv").status_code == 403

    manager = sign_in(app.test_client(), sqlite, Role.MANAGER)
    is_for_managers = kind != "survey_responses"
    assert ("Ada" in page(manager, f"/imports/{number}")) is is_for_managers
    assert manager.get(f"/imports/{number}/refused.csv").status_code == (200 if is_for_managers else 403)


@pytest.mark.parametrize("kind", OF_PEOPLE)
def test_who_brought_rows_in_sees_what_they_said(editor: FlaskClient, sqlite: Engine, world, kind: str) -> None:
    with reading(sqlite) as session:
        editors = session.scalars(select(Account.email).where(col(Account.role) == "editor")).one()
    with world() as rows:
        number = refused_row(rows, kind, made_by=editors)
    assert "Ada" in page(editor, f"/imports/{number}")
    assert "Ada" in editor.get(f"/imports/{number}/refused.csv").text


def test_an_import_under_way_says_how_far_it_is_and_looks_again(viewer: FlaskClient, world) -> None:
    with world() as rows:
        number = rows.delivered(state="running", rows=15_000, finished_at=None).id
    text = page(viewer, f"/imports/{number}")
    assert "15,000 rows so far." in text
    assert '<meta http-equiv="refresh" content="3">' in text


def test_an_import_nobody_knows_is_not_found(viewer: FlaskClient) -> None:
    page(viewer, "/imports/99", 404)


def test_the_upload_says_what_is_missing_and_keeps_what_was_typed(editor: FlaskClient) -> None:
    status, text = send(editor, "/imports/new", "/imports/new", kind="deployments", source="", zone="Mars/Base")
    assert status == 422
    for sentence in ("Name the system", "Choose a file to import.", "Choose a time zone"):
        assert sentence in text
    assert '<option value="deployments" selected>' in text and 'value="Mars/Base"' in text


def test_a_file_whose_columns_fit_can_be_imported_at_once(editor: FlaskClient, sqlite: Engine, shelf: Path) -> None:
    status, look = upload(editor, GOOD)
    assert status == 303
    text = page(editor, look)
    assert "1 of the first 2 rows can be taken." in text
    assert "2026-10-02T09:00:00 has no offset" in text
    fields = ("external_id", "service", "version", "environment", "status", "started_at", "finished_at")
    status, result = send(editor, look, look, then="import", **{f"column:{name}": name for name in fields})
    assert status == 303
    text = page(editor, result)
    assert "Done" in text and "has no offset" in text
    with reading(sqlite) as session:
        assert [kept.version for kept in session.scalars(select(Deployment))] == ["4.12"]
    assert list(shelf.glob("ops-console-uploads-*/*")) == []


def test_a_row_that_is_kept_though_its_times_cannot_be_is_marked_before_the_import(editor: FlaskClient) -> None:
    times = "2026-10-05T09:00:00Z,2026-10-04T09:00:00Z"
    odd = f"external_id,title,service,impact_started_at,restored_at\ni1,Down,ranker,{times}\n"
    _, look = upload(editor, odd.encode(), kind="incidents")
    text = page(editor, look)
    assert "The first row can be taken; 1 to look at again." in text
    assert "Taken, look again" in text and "lies before impact_started_at" in text


def test_nothing_is_written_before_the_import(editor: FlaskClient, sqlite: Engine) -> None:
    _, look = upload(editor, FOREIGN)
    send(editor, look, look, then="look", **MAPPED)
    with reading(sqlite) as session:
        assert session.scalars(select(Deployment)).all() == []
        assert session.scalars(select(Mapping)).all() == []


def test_foreign_columns_are_mapped_and_the_mapping_is_kept_for_the_next_file(
    editor: FlaskClient, sqlite: Engine
) -> None:
    _, look = upload(editor, FOREIGN)
    assert "translate it in the mapping" in page(editor, look)
    assert "The first 2 rows can be taken." in send(editor, look, look, then="look", **MAPPED)[1]
    assert send(editor, look, look, then="import", **MAPPED)[0] == 303
    with reading(sqlite) as session:
        assert {kept.status for kept in session.scalars(select(Deployment))} == {"succeeded", "failed"}
    _, again = upload(editor, FOREIGN)
    text = page(editor, again)
    assert "As saved for github" in text and "The first 2 rows can be taken." in text


def test_a_declared_zone_reads_times_without_an_offset(editor: FlaskClient) -> None:
    _, look = upload(editor, GOOD, zone="Europe/London", covers_until="2026-10-31")
    assert "The first 2 rows can be taken." in page(editor, look)


def test_a_translation_that_says_nothing_is_refused(editor: FlaskClient) -> None:
    _, look = upload(editor, FOREIGN)
    status, text = send(editor, look, look, then="import", **MAPPED | {"values:status": "success"})
    assert status == 422
    assert "translates nothing" in text


def test_a_file_nothing_can_be_read_from_leads_back_to_the_form(editor: FlaskClient) -> None:
    _, look = upload(editor, b"")
    assert "deploys.csv is empty." in page(editor, look, 422)


def test_an_upload_belongs_to_who_sent_it_and_can_be_discarded(editor: FlaskClient, admin: FlaskClient) -> None:
    _, look = upload(editor, GOOD)
    page(admin, look, 404)
    assert send(editor, look, f"{look}/drop")[0] == 303
    assert "no longer here" in page(editor, look, 404)


def test_a_viewer_may_not_upload(viewer: FlaskClient) -> None:
    page(viewer, "/imports/new", 403)
    token = csrf(page(viewer, "/account"))
    assert viewer.post("/imports/new", data={"csrf_token": token}).status_code == 403
