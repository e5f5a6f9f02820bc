"""`/runbooks`: which are there, who keeps each, does anybody know that they work?"""

import pytest
from flask.testing import FlaskClient

from tests.web.pages.conftest import page, send

URL = "https://runbooks.example/ranker"
HERE = "/runbooks"
DRILL = {"url": URL, "on": "2026-11-02", "worked": "yes"}


@pytest.fixture
def incident(world) -> int:
    """Two models, one of them with a runbook; an incident of that one."""
    with world() as rows:
        number = rows.incident(rows.model(runbook_url=URL, tier=1), external_id="INC-7").id
        rows.model("fraud", tier=2)
        rows.model("stray", provisional=True)
        rows.model("old", lifecycle="retired")
    return int(number)


def test_before_any_is_linked_the_page_says_how_one_gets_there(viewer: FlaskClient) -> None:
    assert "No runbooks yet." in page(viewer, HERE)


@pytest.mark.usefixtures("incident")
def test_each_stands_with_its_models_and_those_without_one_are_named(viewer: FlaskClient) -> None:
    text, lacking = page(viewer, HERE).split('id="lacking"')
    assert f'href="{URL}"' in text and 'href="/models/ranker"' in text and "Never tested" in text
    assert "/models/fraud" in lacking and "stray" not in lacking and "/models/old" not in lacking


@pytest.mark.usefixtures("incident")
def test_a_drill_is_entered_and_shown(editor: FlaskClient, admin: FlaskClient) -> None:
    assert send(editor, HERE, f"{HERE}/followed", **DRILL, note="Step 3 is slow")[0] == 303
    text = page(editor, HERE)
    assert "Tested</span>" in text and "2 Nov 2026" in text and "Step 3 is slow" in text
    trail = page(admin, "/audit?kind=runbook")
    assert "editor@example.com" in trail and "<td>tested</td>" in trail


def test_a_use_leads_to_its_incident(editor: FlaskClient, incident: int) -> None:
    send(editor, HERE, f"{HERE}/followed", **DRILL, incident=incident)
    text = page(editor, HERE)
    assert f'<a href="/incidents/{incident}">INC-7</a>' in text and "Never tested" in text


@pytest.mark.usefixtures("incident")
@pytest.mark.parametrize(
    ("changes", "tag"),
    [
        ({"on": "2026-01-02"}, "Tested more than 180 days ago"),
        ({"worked": "no", "note": "The script is gone"}, "Failed its drill"),
    ],
)
def test_an_old_drill_and_a_failed_one_are_marked(editor: FlaskClient, changes: dict[str, str], tag: str) -> None:
    send(editor, HERE, f"{HERE}/followed", **DRILL | changes)
    assert tag in page(editor, HERE)


@pytest.mark.usefixtures("incident")
def test_its_owner_is_a_person(editor: FlaskClient) -> None:
    assert send(editor, HERE, f"{HERE}/owner", url=URL, owner="editor@example.com")[0] == 303
    assert '<option value="editor@example.com" selected>' in page(editor, HERE)
    assert "Choose a person" in send(editor, HERE, f"{HERE}/owner", url=URL, owner="the team")[1]


@pytest.mark.usefixtures("incident")
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"on": "soon"}, "Write the day as"),
        ({"on": "2026-12-24"}, "has not come yet"),
        ({"worked": "no"}, "Say where it failed"),
        ({"incident": "INC-7"}, "Write the number of the incident"),
        ({"incident": "99"}, "There is no incident 99"),
        ({"url": "https://elsewhere.example/"}, "No model or service links"),
    ],
)
def test_what_makes_no_sense_is_refused_and_said(editor: FlaskClient, changes: dict[str, str], why: str) -> None:
    status, text = send(editor, HERE, f"{HERE}/followed", **DRILL | changes)
    assert status == 422 and why in text and "<title>Error: " in text


@pytest.mark.usefixtures("incident")
def test_a_viewer_may_look_and_not_touch(viewer: FlaskClient) -> None:
    assert f"{HERE}/followed" not in page(viewer, HERE)
    assert send(viewer, "/account", f"{HERE}/followed", **DRILL)[0] == 403


def test_the_page_takes_as_many_statements_for_one_as_for_many(
    viewer: FlaskClient, world, statements, incident
) -> None:
    page(viewer, HERE)
    with statements() as few:
        page(viewer, HERE)
    with world() as rows:
        for number in range(5):
            rows.model(f"model-{number}", runbook_url=f"{URL}/{number}")
    with statements() as many:
        page(viewer, HERE)
    assert len(few) == len(many)
