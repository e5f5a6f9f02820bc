"""An incident that broke again, on its page: each stretch of trouble with its start and its end."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.core.db import reading
from ops_console.records import audit
from ops_console.records.incidents import Incident
from tests.web.pages.builders import HOUR, NOON
from tests.web.pages.conftest import page, send


@pytest.fixture
def here(world) -> str:
    with world() as rows:
        return f"/incidents/{rows.incident(rows.model()).id}"


def again(browser: FlaskClient, here: str, what: str, at: str, reason: str = "Customers called") -> tuple[int, str]:
    return send(browser, here, f"{here}/{what}", **{"again-at": at, "again-reason": reason})


def kept(engine: Engine, here: str) -> Incident:
    with reading(engine) as session:
        return session.get_one(Incident, int(here.rpartition("/")[2]))


def test_it_is_open_again_and_keeps_its_first_restoration(editor: FlaskClient, sqlite: Engine, here: str) -> None:
    assert again(editor, here, "reopen", "2026-10-14T15:00")[0] == 303
    assert (kept(sqlite, here).restored_at, kept(sqlite, here).reopened_at) == (NOON + HOUR, NOON + 3 * HOUR)
    text = page(editor, here)
    assert "Open again</span>" in text and "Note the restoration" in text
    assert "Broke again</td>" in text and "14 Oct 2026 15:00 UTC to now</td>" in text
    assert "Open again</span>" in page(editor, "/incidents")
    assert "<strong>0</strong> of 1 incidents count" in page(editor, "/incidents?state=open")


def test_restored_again_its_stretches_add_up_on_page_list_and_file(
    editor: FlaskClient, sqlite: Engine, here: str
) -> None:
    again(editor, here, "reopen", "2026-10-14T15:00")
    assert again(editor, here, "restore", "2026-10-14T17:00")[0] == 303
    text = page(editor, here)
    assert "Restored after 3 h of trouble, reopened 1×" in text
    assert "Restored again</td>" in text
    assert ">3 h</td>" in page(editor, "/incidents")
    assert "2026-10-14T15:00:00Z/2026-10-14T17:00:00Z,10800" in editor.get("/incidents.csv").text
    with reading(sqlite) as session:
        did = [(entry.did, entry.reason) for entry in audit.history(session, "incident", [kept(sqlite, here).id or 0])]
    assert did == [("restored again", "Customers called"), ("reopened", "Customers called")]


def test_a_reopening_is_withdrawn_like_any_correction(editor: FlaskClient, sqlite: Engine, here: str) -> None:
    again(editor, here, "reopen", "2026-10-14T15:00")
    assert send(editor, here, f"{here}/undo", field="reopenings")[0] == 303
    assert (kept(sqlite, here).reopenings, kept(sqlite, here).reopened_at) == ([], None)


def test_what_cannot_be_is_refused_and_kept_in_the_form(editor: FlaskClient, here: str) -> None:
    status, text = again(editor, here, "reopen", "2026-10-14T12:30")
    assert status == 422 and "choose a later time" in text and 'value="2026-10-14T12:30"' in text
    assert "write it as 2026-10-31" in again(editor, here, "reopen", "soon")[1]
    assert "Say how you know" in again(editor, here, "reopen", "2026-10-14T15:00", reason="")[1]
    assert "It is not open again." in again(editor, here, "restore", "2026-10-14T15:00")[1]


def test_of_two_who_reopen_it_the_slower_is_told(
    editor: FlaskClient, admin: FlaskClient, sqlite: Engine, here: str
) -> None:
    again(admin, here, "reopen", "2026-10-14T15:00")
    status, text = again(editor, here, "reopen", "2026-10-14T16:00")
    assert status == 422 and "It is not restored" in text
    assert kept(sqlite, here).reopenings == ["2026-10-14T15:00:00Z/"]


def test_a_viewer_sees_the_stretches_and_reopens_nothing(viewer: FlaskClient, world) -> None:
    with world() as rows:
        spans = ["2026-10-14T15:00:00Z/2026-10-14T17:00:00Z"]
        number = rows.incident(rows.model(), reopenings=spans, reopened_ms=7_200_000).id
    assert "Broke again" in page(viewer, f"/incidents/{number}")
    assert send(viewer, "/account", f"/incidents/{number}/reopen")[0] == 403
