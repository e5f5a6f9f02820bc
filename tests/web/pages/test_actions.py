"""`/actions`: what did we promise, is it done, and did it help?"""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.core.db import reading
from ops_console.records.actions import Action
from tests.web.pages.conftest import page, send

USUAL = {
    "title": "Add an alert on feature age",
    "done_when": "It fires in a drill",
    "kind": "detect",
    "priority": "high",
    "owner": "editor@example.com",
    "due_on": "2026-11-20",
    "cause": "missing_alert",
}


@pytest.fixture
def promise(editor: FlaskClient) -> Callable[..., None]:
    def promised(**changes: object) -> None:
        assert send(editor, "/actions/new", "/actions/new", **USUAL | changes)[0] == 303

    return promised


@pytest.fixture
def incident(world) -> int:
    with world() as rows:
        number = rows.incident(rows.model(tier=1)).id
    return int(number)


def test_before_anything_is_promised_the_page_says_what_will_stand_there(viewer: FlaskClient) -> None:
    assert "No actions yet." in page(viewer, "/actions")


def test_the_form_knows_the_day_by_severity_and_the_person(editor: FlaskClient, incident: int) -> None:
    text = page(editor, f"/actions/new?incident={incident}")
    assert 'value="2026-12-04"' in text and 'value="editor@example.com"' in text
    assert "There is no incident 99" in page(editor, "/actions/new?incident=99", 404)


def test_an_action_of_an_incident_stands_on_its_page(editor: FlaskClient, promise, incident: int) -> None:
    promise(incident=incident)
    assert "Add an alert on feature age" in page(editor, f"/incidents/{incident}")
    assert "ranker" in page(editor, "/actions")


def test_a_wrong_one_is_refused_with_everything_typed_kept(editor: FlaskClient) -> None:
    status, text = send(editor, "/actions/new", "/actions/new", **USUAL | {"title": "Alert on age", "due_on": "soon"})
    assert status == 422 and "Write the day as 2026-11-30." in text
    status, text = send(
        editor, "/actions/new", "/actions/new", **USUAL | {"title": "Alert on age", "owner": "the team"}
    )
    assert "Begin with a verb" in text and "Choose a person" in text
    assert 'value="Alert on age"' in text and 'value="the team"' in text and "<title>Error: " in text


def test_the_overdue_stand_first_and_are_counted(editor: FlaskClient, promise) -> None:
    promise(title="Test the rollback")
    promise(title="Write the runbook", due_on="2026-11-03")
    text = page(editor, "/actions")
    assert text.index("Write the runbook") < text.index("Test the rollback")
    assert "1 overdue, 1 open" in text or "1 open, 1 overdue" in text
    assert "Test the rollback" not in page(editor, "/actions?state=overdue")


def test_my_actions_are_mine(editor: FlaskClient, admin: FlaskClient, promise) -> None:
    promise(title="Test the rollback")
    promise(title="Write the runbook", owner="admin@example.com")
    text = page(admin, "/actions?owner=me")
    assert "Write the runbook" in text and "Test the rollback" not in text


def test_the_board_has_a_column_for_each_state(editor: FlaskClient, promise) -> None:
    promise()
    text = page(editor, "/actions?view=board")
    assert len(re.findall('aria-labelledby="column-', text)) == 5
    assert "Add an alert on feature age" in text


def test_the_whole_list_is_a_file(viewer: FlaskClient, promise) -> None:
    promise()
    file = viewer.get("/actions.csv?state=owed").text
    assert "Add an alert on feature age,It fires in a drill,detect,high,editor@example.com,2026-11-20" in file


def test_it_is_begun_finished_with_evidence_and_opened_again(editor: FlaskClient, promise) -> None:
    promise()
    here = "/actions/1"
    assert send(editor, here, f"{here}/move", state="in_progress")[0] == 303
    assert "Say what proves" in send(editor, here, f"{here}/move", state="done")[1]
    assert send(editor, here, f"{here}/move", state="done", evidence="https://ci.example/1")[0] == 303
    text = page(editor, here)
    assert 'href="https://ci.example/1"' in text and "Done</span>" in text
    assert send(editor, here, f"{here}/move", state="open")[0] == 303
    assert "Choose what becomes of it" in send(editor, here, f"{here}/move", state="vanished")[1]


def test_its_owner_alone_cannot_drop_it(editor: FlaskClient, admin: FlaskClient, promise) -> None:
    promise()
    here = "/actions/1"
    status, text = send(editor, here, f"{here}/move", state="dropped", why="No time")
    assert status == 422 and "you own it" in text and 'value="No time"' in text
    assert send(admin, here, f"{here}/move", state="dropped", why="The model is retired")[0] == 303
    assert "The model is retired" in page(editor, here)


def test_a_later_day_needs_a_reason_and_is_counted(editor: FlaskClient, promise) -> None:
    promise()
    later = USUAL | {"due_on": "2026-12-01", "revision": "1"}
    assert "Say why it takes longer" in send(editor, "/actions/1", "/actions/1", **later)[1]
    assert send(editor, "/actions/1", "/actions/1", **later, reason="The vendor is late")[0] == 303
    text = page(editor, "/actions/1")
    assert "moved 1×, first 20 Nov 2026" in text and "The vendor is late" in text


def test_of_two_who_change_it_the_slower_keeps_his_words(editor: FlaskClient, admin: FlaskClient, promise) -> None:
    promise()
    send(editor, "/actions/1", "/actions/1", **USUAL | {"title": "Add two alerts", "revision": "1"})
    status, text = send(admin, "/actions/1", "/actions/1", **USUAL | {"title": "Add three alerts", "revision": "1"})
    assert status == 422
    assert "Somebody changed it meanwhile" in text and 'value="Add three alerts"' in text
    assert '<h1 class="word">Add two alerts</h1>' in text


def test_several_change_at_once(editor: FlaskClient, admin: FlaskClient, promise, sqlite: Engine) -> None:
    promise(title="Test the rollback")
    promise(title="Write the runbook")
    send(editor, "/actions", "/actions/bulk?state=owed", action=["1", "2"], owner="admin@example.com", priority="low")
    with reading(sqlite) as session:
        assert {(session.get_one(Action, n).owner, session.get_one(Action, n).priority) for n in (1, 2)} == {
            ("admin@example.com", "low")
        }
    assert "Tick some actions" in send(editor, "/actions", "/actions/bulk", owner="admin@example.com")[1]
    refused = send(editor, "/actions", "/actions/bulk", action="1", due_on="2027-01-01")[1]
    assert "Say why they take longer" in refused
    assert re.findall(r'value="(\d)" checked', refused) == ["1"]


def test_a_viewer_may_look_and_not_touch(viewer: FlaskClient, promise) -> None:
    promise()
    assert '<form method="post" action="/actions/1' not in page(viewer, "/actions/1")
    assert send(viewer, "/account", "/actions/1/move", state="done")[0] == 403


def test_markup_in_a_title_stays_text(editor: FlaskClient, promise) -> None:
    promise(title="Add <script>x</script>")
    for address in ("/actions", "/actions?view=board", "/actions/1"):
        assert "<script>x" not in page(editor, address)


def test_the_list_takes_as_many_statements_for_one_as_for_many(
    viewer: FlaskClient, promise, statements, incident: int
) -> None:
    promise(incident=incident)
    page(viewer, "/actions")
    with statements() as few:
        page(viewer, "/actions")
    for _ in range(4):
        promise(incident=incident)
    with statements() as many:
        page(viewer, "/actions")
    assert len(few) == len(many) <= 12
