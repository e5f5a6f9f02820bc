"""Decisions asked of others: asked, changed, decided, withdrawn and asked again."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session

from ops_console.core.errors import BadInput, NotFound
from ops_console.practices import asked_decisions as practice
from ops_console.practices.promises import Faulty
from ops_console.practices.questions import Question
from ops_console.records import audit
from tests.practices.stories import ANA, BEN, TODAY

USUAL = Question("Fund a second region", "The ranker has one", "Dana Fox", date(2026, 11, 30))


def trail(session: Session) -> list[tuple[str, str]]:
    return [(entry.did, entry.by) for entry in audit.history(session, "decision", [1])]


def test_a_question_waits_with_who_decides_and_by_when(session: Session) -> None:
    row = practice.ask(session, USUAL, ANA)
    assert (row.question, row.why, row.owner, row.due_on) == (USUAL.question, USUAL.why, USUAL.owner, USUAL.due_on)
    assert (row.state, row.answer, row.made_by, row.made_at, row.closed_at) == ("asked", "", ANA, TODAY, None)
    assert trail(session) == [("asked", ANA)]


def test_an_answer_closes_it_and_a_slip_is_undone(session: Session) -> None:
    practice.ask(session, USUAL, ANA)
    row = practice.decide(session, 1, "From March", BEN)
    assert (row.state, row.answer, row.closed_at) == ("decided", "From March", TODAY)
    row = practice.reopen(session, 1, BEN)
    assert (row.state, row.answer, row.closed_at) == ("asked", "", None)
    assert practice.withdraw(session, 1, "Not this year", ANA).state == "withdrawn"
    assert trail(session) == [("withdrawn", ANA), ("asked again", BEN), ("decided", BEN), ("asked", ANA)]


def test_a_change_keeps_what_was_before(session: Session) -> None:
    practice.ask(session, USUAL, ANA)
    practice.change(session, 1, replace(USUAL, due_on=date(2026, 12, 4)), BEN, 1)
    newest = audit.history(session, "decision", [1])[0]
    assert (newest.did, newest.before["due_on"], newest.after["due_on"]) == ("changed", "2026-11-30", "2026-12-04")


def test_of_two_who_change_at_once_one_is_told(session: Session) -> None:
    practice.ask(session, USUAL, ANA)
    practice.change(session, 1, replace(USUAL, owner="Lee Park"), ANA, 1)
    with pytest.raises(Faulty, match="Somebody changed it meanwhile"):
        practice.change(session, 1, replace(USUAL, owner="Kim Roe"), BEN, 1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"question": ""}, "question"),
        ({"question": "x" * 301}, "question"),
        ({"why": "x" * 301}, "why"),
        ({"owner": ""}, "owner"),
        ({"due_on": date(1999, 1, 1)}, "due_on"),
    ],
)
def test_what_cannot_be_asked_is_said_with_its_field(session: Session, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Faulty) as told:
        practice.ask(session, replace(USUAL, **wrong), ANA)  # type: ignore[arg-type]
    assert [name for name, _ in told.value.errors] == [field]


def test_nothing_is_decided_without_a_word_nor_twice(session: Session) -> None:
    practice.ask(session, USUAL, ANA)
    with pytest.raises(Faulty, match="Say what was decided"):
        practice.decide(session, 1, "", ANA)
    with pytest.raises(Faulty, match="in 1 to 300 letters"):
        practice.decide(session, 1, "x" * 301, ANA)
    with pytest.raises(Faulty, match="Say why"):
        practice.withdraw(session, 1, "", ANA)
    with pytest.raises(BadInput, match="as it stands"):
        practice.reopen(session, 1, ANA)
    practice.decide(session, 1, "Yes", ANA)
    with pytest.raises(BadInput, match="decided already"):
        practice.withdraw(session, 1, "Late", ANA)
    with pytest.raises(BadInput, match="decided already"):
        practice.change(session, 1, USUAL, ANA, 2)


def test_what_was_never_asked_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound, match="no decision 7"):
        practice.decide(session, 7, "Yes", ANA)
