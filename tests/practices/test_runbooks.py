"""Runbooks: kept by somebody, tested in drills, used in incidents."""

from datetime import date

import pytest
from sqlmodel import Session

from ops_console.core.errors import BadInput, NotFound
from ops_console.practices import runbooks
from ops_console.practices.runbooks import Followed
from ops_console.records import audit
from tests.practices.stories import ANA, BEN
from tests.web.pages.builders import Workspace

URL = "https://runbooks.example/ranker"
TODAY = date(2026, 11, 4)


@pytest.fixture(autouse=True)
def linked(rows: Workspace) -> None:
    rows.model(runbook_url=URL)


def trail(session: Session) -> list[tuple[str, str]]:
    return [(entry.did, entry.by) for entry in audit.history(session, "runbook", [1])]


def test_a_drill_is_entered_with_who_when_and_what_was_learned(session: Session) -> None:
    event = runbooks.follow(session, URL, Followed(date(2026, 11, 2), True, "Step 3 is slow"), ANA, TODAY)
    assert (event.happened, event.on, event.worked, event.note) == ("tested", date(2026, 11, 2), True, "Step 3 is slow")
    assert trail(session) == [("tested", ANA)]


def test_a_use_names_the_incident(session: Session, rows: Workspace) -> None:
    number = rows.incident(rows.model("fraud")).id
    event = runbooks.follow(session, URL, Followed(TODAY, True, incident_id=number), ANA, TODAY)
    assert (event.happened, event.incident_id) == ("used", number)


def test_followed_in_a_drill_of_its_own_page_it_was_tested(session: Session, rows: Workspace) -> None:
    played = rows.incident(rows.model("fraud"), drill=True)
    event = runbooks.follow(session, URL, Followed(TODAY, worked=True, incident_id=played.id), ANA, TODAY)
    assert (event.happened, event.incident_id) == ("tested", played.id)


def test_the_owner_changes_with_what_was_before(session: Session) -> None:
    runbooks.keep(session, URL, ANA, BEN)
    runbooks.keep(session, URL, "", BEN)
    entries = audit.history(session, "runbook", [1])
    assert [(entry.before, entry.after) for entry in entries] == [
        ({"owner": ANA}, {"owner": None}),
        ({"owner": None}, {"owner": ANA}),
    ]


@pytest.mark.parametrize(
    ("followed", "why"),
    [
        (Followed(date(2026, 11, 5), True), "has not come yet"),
        (Followed(TODAY, False), "Say where it failed"),
        (Followed(TODAY, False, "  "), "Say where it failed"),
    ],
)
def test_what_makes_no_sense_is_refused(session: Session, followed: Followed, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        runbooks.follow(session, URL, followed, ANA, TODAY)
    assert trail(session) == []


def test_what_is_not_there_is_not_spoken_of(session: Session) -> None:
    with pytest.raises(NotFound, match="No model or service links"):
        runbooks.follow(session, "https://elsewhere.example/", Followed(TODAY, True), ANA, TODAY)
    with pytest.raises(NotFound, match="There is no incident 99"):
        runbooks.follow(session, URL, Followed(TODAY, True, incident_id=99), ANA, TODAY)
    with pytest.raises(BadInput, match="Choose a person"):
        runbooks.keep(session, URL, "the team", ANA)


def test_the_owner_that_stands_already_is_said(session: Session) -> None:
    runbooks.keep(session, URL, ANA, BEN)
    with pytest.raises(BadInput, match=f"kept by {ANA} already"):
        runbooks.keep(session, URL, ANA, BEN)
