"""What people write on the page of decisions: a question, its change, its answer."""

from collections.abc import Callable
from datetime import date

from flask import request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.errors import OpsConsoleError
from ops_console.practices import asked_decisions as practice
from ops_console.practices.promises import Faulty
from ops_console.practices.questions import Question
from ops_console.records.decisions import AskedDecision
from ops_console.web.access import Access, Pages
from ops_console.web.action_form import read_due
from ops_console.web.annotation_form import one_line
from ops_console.web.auth import account
from ops_console.web.database import write
from ops_console.web.pages.decisions import page_of_decisions
from ops_console.web.view import see_other

pages = Pages("decision_forms")

Answer = AnyResponse | tuple[str, int]


@pages.post("/decisions", access=Access.EDITOR)
def ask() -> Answer:
    return _written(lambda session: practice.ask(session, _asked(), account().email))


@pages.post("/decisions/<int:number>", access=Access.EDITOR)
def change(number: int) -> Answer:
    revision = request.form.get("revision", "")
    seen = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 10 else 0
    return _written(lambda session: practice.change(session, number, _asked(), account().email, seen), number)


@pages.post("/decisions/<int:number>/decide", access=Access.EDITOR)
def decide(number: int) -> Answer:
    return _written(lambda session: practice.decide(session, number, _said("answer"), account().email), number)


@pages.post("/decisions/<int:number>/withdraw", access=Access.EDITOR)
def withdraw(number: int) -> Answer:
    return _written(lambda session: practice.withdraw(session, number, _said("answer"), account().email), number)


@pages.post("/decisions/<int:number>/reopen", access=Access.EDITOR)
def reopen(number: int) -> Answer:
    return _written(lambda session: practice.reopen(session, number, account().email), number)


def _written(say: Callable[[Session], AskedDecision], number: int = 0) -> Answer:
    """What was said, or the page again with what is wrong beside the form it came from."""
    try:
        with write() as session:
            say(session)
    except Faulty as error:
        return page_of_decisions(number, [(f"{name}-{number}", sentence) for name, sentence in error.errors]), 422
    except OpsConsoleError as error:
        return page_of_decisions(number, [("decisions", str(error))]), 422
    return see_other(url_for("decisions.decisions"))


def _asked() -> Question:
    due_on, _ = read_due(request.form.get("due_on", ""))
    # No day is one that cannot be, and is named together with all else that is wrong.
    return Question(_said("question"), _said("why"), _said("owner"), due_on or date.min)


def _said(name: str) -> str:
    return one_line(request.form.get(name, ""))
