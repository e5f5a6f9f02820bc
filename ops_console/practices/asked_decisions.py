"""Decisions that the team asks of somebody else: asked, changed, decided or withdrawn; every word on the trail."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from ops_console.contracts.decisions import AskState
from ops_console.core.clock import now
from ops_console.core.errors import BadInput, NotFound
from ops_console.practices.promises import Faulty
from ops_console.practices.questions import LONGEST, Question, check
from ops_console.practices.revisions import revise
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.decisions import AskedDecision

SUBJECT = "decision"


def ask(session: Session, asked: Question, by: str) -> AskedDecision:
    check(asked)
    row = AskedDecision(**asdict(asked), state=AskState.ASKED.value, made_by=by, made_at=now())
    session.add(row)
    session.flush()
    audit.record(session, Decision("asked", SUBJECT, audit.number(row), by, after=audit.plain(row)))
    return row


def change(session: Session, number: int, asked: Question, by: str, revision: int) -> AskedDecision:
    """Ask otherwise, from the revision that was seen."""
    check(asked)
    return _updated(session, _open(session, number), "changed", asdict(asked), by, revision=revision)


def decide(session: Session, number: int, answer: str, by: str) -> AskedDecision:
    """Whoever owns it decided; `answer` says what."""
    _check_answer(answer, "Say what was decided")
    return _closed(session, number, AskState.DECIDED, answer, by)


def withdraw(session: Session, number: int, why: str, by: str) -> AskedDecision:
    _check_answer(why, "Say why it is asked no more")
    return _closed(session, number, AskState.WITHDRAWN, why, by)


def reopen(session: Session, number: int, by: str) -> AskedDecision:
    """Ask again what was decided or withdrawn, as after a slip."""
    row = _row(session, number)
    if row.state == AskState.ASKED:
        raise BadInput("It is asked as it stands.")
    return _updated(session, row, "asked again", {"state": AskState.ASKED.value, "answer": "", "closed_at": None}, by)


def _check_answer(answer: str, wanted: str) -> None:
    if not 0 < len(answer) <= LONGEST:
        raise Faulty([("answer", f"{wanted}, in 1 to {LONGEST} letters.")])


def _closed(session: Session, number: int, state: AskState, answer: str, by: str) -> AskedDecision:
    values = {"state": state.value, "answer": answer, "closed_at": now()}
    return _updated(session, _open(session, number), state.value, values, by)


def _updated(
    session: Session, row: AskedDecision, did: str, values: Mapping[str, Any], by: str, revision: int | None = None
) -> AskedDecision:
    before, seen = audit.plain(row), row.revision if revision is None else revision
    if not revise(session, row, seen, **values):
        raise Faulty([("question", "Somebody changed it meanwhile: look at what stands there now, and change that.")])
    was, is_now = audit.changes(before, audit.plain(row))
    audit.record(session, Decision(did, SUBJECT, audit.number(row), by, was, is_now))
    return row


def _open(session: Session, number: int) -> AskedDecision:
    row = _row(session, number)
    if row.state != AskState.ASKED:
        raise BadInput(f"It is {row.state} already.", remedy="Ask it again first.")
    return row


def _row(session: Session, number: int) -> AskedDecision:
    row = session.get(AskedDecision, number)
    if row is None:
        raise NotFound(f"There is no decision {number}.")
    return row
