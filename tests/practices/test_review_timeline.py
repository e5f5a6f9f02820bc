"""The timeline: from every source, each line with source and link, hand edits kept, imported as often as one likes."""

import pytest
from sqlmodel import Session

from ops_console.core.errors import NotFound
from ops_console.practices.review_import import import_lines
from ops_console.practices.review_timeline import add_line, change_line, lines, remove_line
from ops_console.records import audit
from ops_console.records.alerts import Alert
from ops_console.records.evaluations import Evaluation
from ops_console.records.incidents import Incident
from ops_console.records.pipelines import QualityCheck
from ops_console.records.reviews import IncidentReview
from tests.practices.stories import ANA, BEN, DAY, HOUR, TODAY, started
from tests.web.pages.builders import Workspace

BEGAN = TODAY - 3 * HOUR


@pytest.fixture
def incident(rows: Workspace) -> Incident:
    ranker = rows.model()
    found = rows.incident(ranker, BEGAN, external_id="INC-1", url="https://pager.example/1")
    rows.incident(ranker, BEGAN + HOUR / 10, external_id="INC-2", duplicate_of="INC-1", title="Slow, too")
    rows.release(ranker, "4.12", BEGAN - HOUR)
    rows.degradation(ranker, BEGAN + HOUR / 4, onset_at=BEGAN - HOUR / 4)
    rows.run(ranker, BEGAN - 2 * HOUR, status="failed")
    common = rows._envelope() | {"entry_id": ranker.id}
    alert = {"name": "p99 above 300 ms", "started_at": BEGAN + HOUR / 20, "external_id": "a"}
    check = {"pipeline_run": "r", "name": "freshness", "outcome": "failed", "checked_at": BEGAN - 3 * HOUR}
    evaluation = {"version": "4.12", "metric": "NDCG@10", "evaluated_at": BEGAN + HOUR / 2, "regressed": True}
    for row in (Alert(**common | alert), QualityCheck(**common | check), Evaluation(**common | evaluation)):
        rows._kept(row)
    return found


@pytest.fixture
def review(session: Session, incident: Incident) -> IncidentReview:
    return started(session, incident)


def said(session: Session, review: IncidentReview) -> list[str]:
    return [line.text for line in lines(session, audit.number(review))]


def test_it_holds_what_every_source_knows_in_order(session: Session, review: IncidentReview) -> None:
    assert said(session, review) == [
        "Data check freshness failed",
        "Pipeline train failed",
        "Release 4.12 live in production",
        "Data drift began",
        "Detected",
        "Alert fired: p99 above 300 ms",
        "Also reported as INC-2: Slow, too",
        "Data drift detected",
        "Evaluation of 4.12: NDCG@10 regressed",
        "Restored",
    ]


def test_each_line_names_its_source_and_leads_there(session: Session, review: IncidentReview) -> None:
    found = {line.text: (line.source, line.link) for line in lines(session, audit.number(review))}
    assert found["Detected"] == ("test", "https://pager.example/1")
    assert found["Release 4.12 live in production"] == ("console", "/deployments/1")


def test_facts_far_from_the_incident_stay_away(session: Session, rows: Workspace, review: IncidentReview) -> None:
    before = said(session, review)
    entry = rows.model("bidder")
    rows.release(entry, "9", BEGAN)
    rows.degradation(entry, BEGAN + 2 * DAY)
    assert import_lines(session, review) == 0
    assert said(session, review) == before


def test_importing_again_changes_nothing(session: Session, review: IncidentReview) -> None:
    assert import_lines(session, review) == 0


def test_a_fact_that_changed_moves_its_line(session: Session, incident: Incident, review: IncidentReview) -> None:
    incident.restored_at = BEGAN + 2 * HOUR
    assert import_lines(session, review) == 1
    assert lines(session, audit.number(review))[-1].at == BEGAN + 2 * HOUR
    incident.restored_at = None
    assert import_lines(session, review) == 1
    assert "Restored" not in said(session, review)


def test_a_line_of_a_person_stays_as_he_said(session: Session, incident: Incident, review: IncidentReview) -> None:
    detected = next(line for line in lines(session, audit.number(review)) if line.text == "Detected")
    change_line(session, review, detected.id or 0, 1, BEGAN - HOUR / 2, "A customer called", ANA)
    add_line(session, review, BEGAN + HOUR / 3, "Rolled back by hand", "https://chat.example/1", BEN)
    incident.detected_at = None
    session.flush()
    assert import_lines(session, review) == 0
    assert {"A customer called", "Rolled back by hand"} <= set(said(session, review))


def test_a_line_taken_out_does_not_come_back(session: Session, review: IncidentReview) -> None:
    detected = next(line for line in lines(session, audit.number(review)) if line.text == "Detected")
    remove_line(session, review, detected.id or 0, ANA)
    assert import_lines(session, review) == 0
    assert "Detected" not in said(session, review)
    with pytest.raises(NotFound, match="no line"):
        remove_line(session, review, detected.id or 0, BEN)


def test_of_two_who_change_a_line_the_slower_is_told(session: Session, review: IncidentReview) -> None:
    line = lines(session, audit.number(review))[0]
    assert change_line(session, review, line.id or 0, 1, BEGAN, "Ana's words", ANA) is not None
    assert change_line(session, review, line.id or 0, 1, BEGAN, "Ben's words", BEN) is None
    assert line.text == "Ana's words"


def test_a_line_of_another_review_is_out_of_reach(session: Session, rows: Workspace, review: IncidentReview) -> None:
    other = started(session, rows.incident(rows.model("fraud"), TODAY))
    line = lines(session, audit.number(review))[0]
    with pytest.raises(NotFound):
        change_line(session, other, line.id or 0, 1, BEGAN, "Mine", ANA)
