"""A review from due to closed: filled by facts, written by people, approved by somebody else."""

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.core.errors import BadInput
from ops_console.practices import review_discard, review_factors, review_states, reviews
from ops_console.practices.review_versions import content, hash_of, versions
from ops_console.practices.review_writing import add_part, remove_part, sections
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.incidents import Incident
from ops_console.records.reviews import IncidentReview, ReviewLine
from ops_console.web import review_words
from tests.practices.stories import ANA, BEN, DAY, HOUR, TODAY, complete, promised, started, write
from tests.web.pages.builders import Workspace


@pytest.fixture
def incident(rows: Workspace) -> Incident:
    began = TODAY - 3 * HOUR
    ranker = rows.model(tier=1)
    found = rows.incident(
        ranker,
        began,
        impact_started_at=began,
        detected_at=began + HOUR / 4,
        mitigated_at=began + HOUR / 2,
        mitigation="rollback_model_version",
    )
    rows.link(found, rows.release(ranker, "4.12", began - HOUR), confirmed=False)
    rows.degradation(ranker, began + HOUR / 4, onset_at=began)
    return found


def texts(session: Session, review: IncidentReview) -> dict[str, str]:
    return {section.key: section.text for section in sections(session, audit.number(review))}


def test_it_begins_filled_with_what_facts_say(session: Session, incident: Incident) -> None:
    (review,) = reviews.open_due(session, TODAY)
    said = texts(session, review)
    assert said["impact"] == (
        "SEV2: ranker (tier 1) was affected for 1 h, from 4 Nov 2026 06:00 GMT to 4 Nov 2026 07:00 GMT. "
        "Mitigated after 30 min by rollback model version."
    )
    assert said["detection"] == "Detected 15 min after the impact began."
    assert said["model"] == "ranker 4.12, in production since 4 Nov 2026 05:00 GMT (suspected release)"
    assert said["degraded"] == "data drift: 15 min"
    assert said["summary"] == ""


def test_facts_that_change_fill_it_again_but_touch_no_word_of_a_person(session: Session, incident: Incident) -> None:
    review = started(session, incident)
    write(session, review, detection="A customer told us.")
    incident.severity, incident.detected_at = "SEV1", incident.began_at
    assert reviews.refill(session, review) > 0
    said = texts(session, review)
    assert said["impact"].startswith("SEV1: ")
    assert said["detection"] == "A customer told us."
    assert reviews.refill(session, review) == 0


def test_whoever_writes_first_is_the_author(session: Session, incident: Incident) -> None:
    (review,) = reviews.open_due(session, TODAY)
    assert (review.state, review.author) == ("due", None)
    write(session, review, BEN, summary="Late.")
    write(session, review, ANA, summary="Late answers.")
    assert (review.state, review.author) == ("draft", BEN)


def test_an_incomplete_one_cannot_be_handed_in(session: Session, incident: Incident) -> None:
    review = started(session, incident)
    with pytest.raises(BadInput, match="summary is empty, no contributing factor is named"):
        review_states.submit(session, review, ANA)
    assert review.held_at is None


def test_the_author_may_not_approve_nor_who_handed_it_in(session: Session, incident: Incident) -> None:
    review = complete(session, incident, "capacity", by=ANA)
    with pytest.raises(BadInput, match="Somebody else must approve it"):
        review_states.approve(session, review, ANA)
    review_states.send_back(session, review, BEN, "One more look")
    review_states.submit(session, review, BEN)
    for by in (ANA, BEN):
        with pytest.raises(BadInput, match="Somebody else"):
            review_states.approve(session, review, by)


def test_approval_freezes_what_it_says(session: Session, incident: Incident) -> None:
    review = complete(session, incident, "capacity", "missing_alert")
    promised(session, incident)
    version = review_states.approve(session, review, BEN)
    assert version.content["factors"] == [
        {"factor": "capacity", "note": ""},
        {"factor": "missing_alert", "note": ""},
    ]
    assert version.content["actions"][0]["title"] == "Add an alert on feature age"
    assert version.content_hash == hash_of(version.content) == hash_of(content(session, review))
    review_states.close(session, review, BEN)
    assert (review.state, review.approved_by) == ("closed", BEN)


def test_a_later_edit_makes_a_new_version_and_leaves_the_first(session: Session, incident: Incident) -> None:
    review = complete(session, incident, "capacity")
    first = review_states.approve(session, review, BEN)
    with pytest.raises(BadInput, match="approved by now"):
        write(session, review, summary="Rewritten")
    review_states.send_back(session, review, ANA, "A customer told us more")
    write(session, review, summary="Answers were wrong, too.")
    held = review.held_at
    review_states.submit(session, review, ANA)
    second = review_states.approve(session, review, BEN)
    assert [version.number for version in versions(session, first.review_id)] == [2, 1]
    assert hash_of(first.content) == first.content_hash != second.content_hash
    assert review.held_at == held


def test_a_waiver_needs_a_reason_and_keeps_who_gave_it(session: Session, incident: Incident) -> None:
    (review,) = reviews.open_due(session, TODAY)
    with pytest.raises(BadInput, match="Say why"):
        review_states.waive(session, review, BEN, "  ")
    review_states.waive(session, review, BEN, "The same as INC-7")
    assert (review.state, review.waived_by, review.waived_reason) == ("waived", BEN, "The same as INC-7")
    with pytest.raises(BadInput, match="waived by now"):
        review_states.submit(session, review, ANA)


def test_of_two_who_decide_at_once_one_is_told(session: Session, incident: Incident) -> None:
    review = complete(session, incident, "capacity")
    session.expunge(review)
    seen_by_another = reviews.get(session, review.incident_id)
    review_states.approve(session, seen_by_another, BEN)
    session.expunge(seen_by_another)
    session.add(review)
    with pytest.raises(BadInput, match="Somebody else decided"):
        review_states.send_back(session, review, ANA, "More")


def test_discarding_a_review_keeps_its_actions_and_every_word_on_the_trail(
    session: Session, incident: Incident
) -> None:
    review = started(session, incident)
    write(session, review, summary="A wrong start.")
    action = promised(session, incident)
    number = audit.number(review)
    review_discard.discard(session, review, BEN, "Opened for the wrong incident")
    assert reviews.of_incident(session, audit.number(incident)) is None
    assert session.get(Action, action.id) is not None
    assert session.scalars(select(ReviewLine).where(col(ReviewLine.review_id) == number)).all() == []
    last = audit.history(session, "review", [number])[0]
    assert (last.did, last.reason) == ("discarded", "Opened for the wrong incident")
    assert "A wrong start." in str(last.before)


def test_what_was_approved_once_cannot_be_discarded(session: Session, incident: Incident) -> None:
    review = complete(session, incident, "capacity")
    review_states.approve(session, review, BEN)
    review_states.send_back(session, review, ANA, "More")
    with pytest.raises(BadInput, match="approved once"):
        review_discard.discard(session, review, BEN, "Not needed")


def test_a_part_of_ones_own_comes_and_goes_with_its_words_kept(session: Session, incident: Incident) -> None:
    review = started(session, incident)
    part = add_part(session, review, "  Message to   customers ", ANA, "We are sorry.")
    assert sections(session, audit.number(review))[-1].title == "Message to customers"
    remove_part(session, review, part.key, BEN)
    assert "We are sorry." in str(audit.history(session, "review", [audit.number(review)])[0].before)


def test_a_factor_is_named_once_in_the_same_words(session: Session, incident: Incident) -> None:
    review = started(session, incident)
    factor = review_factors.add_factor(session, review, "capacity", "The pool was full", ANA)
    review_factors.add_factor(session, review, "capacity", "So was the queue", ANA)
    with pytest.raises(BadInput, match="listed already"):
        review_factors.add_factor(session, review, "capacity", "The pool was full", BEN)
    review_factors.remove_factor(session, review, factor.id or 0, BEN)


def test_everything_people_did_stands_on_the_trail(session: Session, incident: Incident) -> None:
    review = complete(session, incident, "capacity")
    review_factors.comment(session, review, "Well done", BEN)
    review_states.approve(session, review, BEN)
    did = [entry.did for entry in audit.history(session, "review", [audit.number(review)])]
    assert did == ["approved", "commented", "handed in", "factor added", "written", "written", "opened"]
    assert audit.broken_at(session) is None


def test_a_day_later_nothing_has_moved_the_clock(session: Session, incident: Incident, clock) -> None:
    review = complete(session, incident, "capacity")
    due = review.due_at
    clock.shift(DAY)
    review_states.send_back(session, review, BEN, "More")
    review_states.submit(session, review, ANA)
    assert (review.due_at, review.held_at) == (due, TODAY)


def test_begun_before_the_restoration_it_gets_its_clock_with_it(session: Session, rows: Workspace) -> None:
    broken = rows.incident(rows.model(tier=1), TODAY - HOUR, restored_at=None)
    review = reviews.start(session, broken.id or 0, ANA)
    assert (review.due_at, reviews.open_due(session, TODAY)) == (None, [])
    broken.restored_at = TODAY
    assert reviews.open_due(session, TODAY) == []
    assert (review.restored_at, review.due_at, review.late_at) == (TODAY, TODAY + 2 * DAY, TODAY + 3 * DAY)
    assert (review.author, review.required_because) == (ANA, ["severity", "tier_1"])
    assert [each.did for each in audit.history(session, "review", [review.id or 0])] == ["clock started", "opened"]
    broken.restored_at = TODAY + HOUR
    reviews.open_due(session, TODAY)
    assert review.restored_at == TODAY


def test_what_a_drill_taught_has_no_day(session: Session, rows: Workspace) -> None:
    played = rows.incident(rows.model(tier=1), TODAY - 3 * HOUR, drill=True)
    review = reviews.start(session, played.id or 0, ANA)
    reviews.open_due(session, TODAY)
    assert (review.due_at, review.late_at, review.required_because) == (None, None, [])
    assert review_words.clock(review, TODAY + 9 * DAY) == "no date: nothing demands it"
    played.drill = False
    reviews.open_due(session, TODAY)
    assert review.due_at is not None
