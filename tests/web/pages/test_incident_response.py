"""Notes and parts in the response, on the page of an incident: nobody's words are lost, all of it is on the trail."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.core.db import reading
from ops_console.practices.incident_notes import notes
from ops_console.practices.incident_roles import roles
from ops_console.records.incidents import IncidentNote, IncidentRole
from tests.web.pages.conftest import page, send


@pytest.fixture
def here(world) -> str:
    with world() as rows:
        return f"/incidents/{rows.incident(rows.model()).id}"


def number(here: str) -> int:
    return int(here.rpartition("/")[2])


def noted(engine: Engine, here: str) -> list[IncidentNote]:
    with reading(engine) as session:
        return notes(session, number(here))


def parts(engine: Engine, here: str) -> list[IncidentRole]:
    with reading(engine) as session:
        return roles(session, number(here))


def test_a_note_stands_with_its_author_on_the_timeline_and_on_the_trail(editor: FlaskClient, here: str) -> None:
    text = "**Rolled back** <script>x</script>\nhttps://chat.example/1"
    assert send(editor, here, f"{here}/notes", note=text)[0] == 303
    shown = page(editor, here)
    assert "**Rolled back** &lt;script&gt;x" in shown and "<script>x" not in shown
    assert '<a href="https://chat.example/1" rel="' in shown
    assert shown.count("**Rolled back**") >= 3
    assert "editor@example.com" in shown


def test_a_note_is_changed_and_removed_from_the_revision_that_was_seen(
    editor: FlaskClient, sqlite: Engine, here: str
) -> None:
    send(editor, here, f"{here}/notes", note="Cause unknown")
    address = f"{here}/notes/{noted(sqlite, here)[0].id}"
    assert send(editor, here, address, revision=1, **{"note-text": "A full disk"})[0] == 303
    assert "changed by editor@example.com" in page(editor, here)
    assert send(editor, here, f"{address}/remove", revision=2)[0] == 303
    assert noted(sqlite, here) == []


def test_two_who_change_a_note_lose_no_words(
    editor: FlaskClient, admin: FlaskClient, sqlite: Engine, here: str
) -> None:
    send(editor, here, f"{here}/notes", note="Cause unknown")
    address = f"{here}/notes/{noted(sqlite, here)[0].id}"
    send(admin, here, address, revision=1, **{"note-text": "A full disk"})
    status, text = send(editor, here, address, revision=1, **{"note-text": "The network"})
    assert status == 422
    assert "admin@example.com changed this note while you wrote; it says now: A full disk" in text
    assert ">The network</textarea>" in text and 'name="revision" value="2"' in text
    assert [note.text for note in noted(sqlite, here)] == ["A full disk"]
    assert send(editor, here, f"{address}/remove", revision=1)[0] == 422
    assert [note.text for note in noted(sqlite, here)] == ["A full disk"]


def test_an_empty_note_is_refused(editor: FlaskClient, here: str) -> None:
    status, text = send(editor, here, f"{here}/notes", note="  ")
    assert status == 422 and "1 to 5,000 letters" in text


def test_a_commander_is_named_handed_over_and_ended(
    editor: FlaskClient, admin: FlaskClient, sqlite: Engine, here: str
) -> None:
    first = {"role": "commander", "role-person": "editor@example.com", "role-at": "2026-10-14T12:10"}
    assert send(editor, here, f"{here}/roles", **first)[0] == 303
    second = {"role": "commander", "role-person": "admin@example.com", "role-at": "2026-10-14T12:40"}
    assert send(editor, here, f"{here}/roles", **second)[0] == 303
    before, after = parts(sqlite, here)
    assert before.until_at == after.from_at
    assert send(editor, here, f"{here}/roles/{after.id}/end", revision=1)[0] == 303
    text = page(editor, here)
    assert "Commander: editor@example.com" in text and "Commander until here: admin@example.com" in text
    assert "role taken" in text and "role ended" in text


def test_a_part_that_changed_meanwhile_is_not_ended_unseen(editor: FlaskClient, sqlite: Engine, here: str) -> None:
    send(editor, here, f"{here}/roles", role="scribe", **{"role-person": "editor@example.com"})
    address = f"{here}/roles/{parts(sqlite, here)[0].id}"
    status, text = send(editor, here, f"{address}/end", revision=7)
    assert status == 422 and "Somebody changed who has this part meanwhile." in text
    assert send(editor, here, f"{address}/remove", revision=1)[0] == 303
    assert parts(sqlite, here) == []


def test_a_stranger_gets_no_part_and_what_was_typed_stays(editor: FlaskClient, here: str) -> None:
    status, text = send(editor, here, f"{here}/roles", role="scribe", **{"role-person": "nobody@example.com"})
    assert status == 422
    assert "Choose a person by address" in text and 'value="nobody@example.com"' in text
    assert '<option value="scribe" selected>' in text
    assert "write it as" in send(editor, here, f"{here}/roles", role="scribe", **{"role-at": "noon"})[1]


def test_a_viewer_writes_nothing(viewer: FlaskClient, here: str) -> None:
    for address in ("notes", "notes/1", "notes/1/remove", "roles", "roles/1/end", "roles/1/remove"):
        assert send(viewer, "/account", f"{here}/{address}")[0] == 403
