"""Notes on an incident: nobody's words are lost, and the trail keeps what was said before."""

import pytest
from sqlmodel import Session

from ops_console.core.errors import BadInput, NotFound
from ops_console.practices.incident_notes import LONGEST, add_note, change_note, note_of, notes, remove_note
from ops_console.practices.review_import import import_lines
from ops_console.practices.review_timeline import lines
from ops_console.records import audit
from ops_console.records.incidents import Incident
from tests.practices.stories import ANA, BEN, HOUR, TODAY, started
from tests.web.pages.builders import Workspace


@pytest.fixture
def incident(rows: Workspace) -> Incident:
    return rows.incident(rows.model(), TODAY - 3 * HOUR)


def texts(session: Session, incident: Incident) -> list[str]:
    return [note.text for note in notes(session, audit.number(incident))]


def test_a_note_says_who_and_when(session: Session, incident: Incident) -> None:
    note = add_note(session, incident, "  **p99** is back\r\nbelow 300 ms \0 ", ANA)
    assert (note.text, note.made_by, note.made_at) == ("**p99** is back\nbelow 300 ms", ANA, TODAY)
    (entry,) = audit.history(session, "incident", [audit.number(incident)])
    assert (entry.did, entry.by, entry.after) == ("noted", ANA, {"note": note.id, "text": note.text})


def test_an_empty_or_endless_note_is_refused(session: Session, incident: Incident) -> None:
    for text in (" \n\0", "x" * (LONGEST + 1)):
        with pytest.raises(BadInput, match="1 to 5,000 letters"):
            add_note(session, incident, text, ANA)


def test_of_two_who_change_a_note_the_slower_is_told(session: Session, incident: Incident) -> None:
    note = add_note(session, incident, "Cause unknown", ANA)
    number = audit.number(note)
    assert change_note(session, incident, number, 1, "Cause: a full disk", BEN) is not None
    assert change_note(session, incident, number, 1, "Cause: the network", ANA) is None
    assert remove_note(session, incident, number, 1, ANA) is None
    assert texts(session, incident) == ["Cause: a full disk"]
    assert (note.changed_by, note.revision) == (BEN, 2)


def test_a_removed_note_is_shown_no_more_and_the_trail_keeps_it(session: Session, incident: Incident) -> None:
    note = add_note(session, incident, "Wrong incident", ANA)
    assert remove_note(session, incident, audit.number(note), 1, BEN) is not None
    assert texts(session, incident) == []
    latest = audit.history(session, "incident", [audit.number(incident)])[0]
    assert (latest.did, latest.by, latest.before) == ("note removed", BEN, {"note": note.id, "text": "Wrong incident"})
    with pytest.raises(NotFound, match="no note"):
        note_of(session, incident, audit.number(note))


def test_a_note_of_another_incident_is_out_of_reach(session: Session, rows: Workspace, incident: Incident) -> None:
    note = add_note(session, incident, "Mine", ANA)
    with pytest.raises(NotFound):
        change_note(session, rows.incident(rows.model("fraud"), TODAY), audit.number(note), 1, "Yours", BEN)


def test_the_timeline_of_its_review_follows_a_note(session: Session, incident: Incident) -> None:
    review = started(session, incident)
    note = add_note(session, incident, "Traffic moved away", ANA)
    import_lines(session, review)
    change_note(session, incident, audit.number(note), 1, "All traffic moved away", ANA)
    assert import_lines(session, review) == 1
    assert import_lines(session, review) == 0
    (line,) = (each for each in lines(session, audit.number(review)) if each.origin == f"note:{note.id}")
    assert (line.text, line.source, line.at) == ("All traffic moved away", ANA, TODAY)
