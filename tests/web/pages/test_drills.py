"""Drills are played, not suffered: they are entered as such, kept apart, counted nowhere, and may be reviewed."""

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from ops_console.core.db import reading
from ops_console.practices.reviews import of_incident, open_due
from ops_console.records.incidents import Incident
from tests.web.pages.builders import HOUR
from tests.web.pages.conftest import TODAY, page, send


def test_a_drill_is_entered_by_a_form_that_begins_as_one(editor: FlaskClient, sqlite: Engine, world) -> None:
    with world() as rows:
        rows.model()
    assert 'href="/facts/incidents/new?drill=true"' in page(editor, "/incidents?state=drills")
    form = page(editor, "/facts/incidents/new?drill=true")
    assert '<option value="true" selected>Yes</option>' in form
    fields = {"fact-model": "ranker", "fact-title": "Poisoned features", "fact-drill": "true"}
    times = {"fact-detected_at": "2026-11-03T09:00", "fact-restored_at": "2026-11-03T10:00"}
    assert send(editor, "/facts/incidents/new", "/facts/incidents/new", **fields, **times)[0] == 303
    with reading(sqlite) as session:
        assert session.scalars(select(Incident)).one().drill


def test_drills_stand_under_their_own_filter_and_nowhere_else(viewer: FlaskClient, world) -> None:
    with world() as rows:
        ranker = rows.model()
        rows.incident(ranker, title="Real")
        rows.incident(ranker, title="Played", drill=True)
        rows.incident(ranker, title="Played and open", drill=True, restored_at=None)
    for query in ("", "?state=open", "?state=excluded", "?state=restored"):
        assert "Played" not in page(viewer, f"/incidents{query}")
    text = page(viewer, "/incidents?state=drills")
    assert "Played" in text and "Played and open" in text and ">Real<" not in text
    assert "Drill</span>" in text and "2 drill" in text
    assert "Real" not in viewer.get("/incidents.csv?state=drills").text
    assert "Played" not in page(viewer, "/models/ranker?tab=incidents")


def test_its_page_says_so_in_words_and_asks_for_no_release(editor: FlaskClient, world) -> None:
    with world() as rows:
        number = rows.incident(rows.model(), drill=True).id
    text = page(editor, f"/incidents/{number}")
    assert "Drill</span> counted in no figure" in text
    assert "Which release caused it?" not in text


def test_no_rule_demands_a_review_of_a_drill_but_people_may_write_one(
    editor: FlaskClient, sqlite: Engine, world
) -> None:
    at = datetime.fromisoformat(TODAY)
    with world() as rows:
        number = rows.incident(rows.model(tier=1), at - 5 * HOUR, severity="SEV1", drill=True).id
        assert open_due(rows.session, at) == []
    assert "A drill demands none" in page(editor, f"/incidents/{number}")
    assert send(editor, f"/incidents/{number}", f"/incidents/{number}/review/start")[0] == 303
    with reading(sqlite) as session:
        review = of_incident(session, number)
        assert review is not None
        assert (review.state, review.required_because) == ("draft", [])
    assert 'class="label">Drill' in page(editor, f"/incidents/{number}/review")
    assert ", a drill" in page(editor, "/reviews")


def test_what_was_entered_as_real_becomes_a_drill_and_back(editor: FlaskClient, sqlite: Engine, world) -> None:
    with world() as rows:
        number = rows.incident(rows.model()).id
    here = f"/incidents/{number}"
    shown = {"severity": "SEV2", "detected_at": "2026-10-14T12:00:00", "restored_at": "2026-10-14T13:00:00"}
    send(editor, here, f"{here}/correct", fields="1", reason="We played it", drill="true", **shown)
    assert "counted in no figure" in page(editor, here)
    send(editor, here, f"{here}/undo", field="drill")
    assert "counted in no figure" not in page(editor, here)
