"""Actions from where people talk: one's own, a new one, one that is done."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.chat.work import Answer, Asked, Said, Work
from ops_console.contracts.commands import Blank, Form, Line, Look
from ops_console.contracts.decisions import PROMISED, ActionState, ActionType, Priority
from ops_console.core import units
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput, NotFound
from ops_console.practices import actions
from ops_console.practices.action_rules import default_due
from ops_console.practices.promises import LONGEST_TITLE, Promise
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.incidents import Incident
from ops_console.records.workspace import current

FORM = "action"
SHOWN = 20


def command(work: Work, rest: str) -> Answer:
    word, _, more = rest.partition(" ")
    match word.lower():
        case "" | "mine":
            return _mine(work)
        case "add":
            work.must_be_editor()
            return Asked(_form(work, more.strip()))
        case "done":
            work.must_be_editor()
            return _finished(work, more.strip())
        case _:
            raise BadInput(f"{word!r} is nothing an action can do.", remedy="Write mine, add or done.")


def filled(work: Work, _rest: str) -> Answer:
    work.must_be_editor()
    said = work.call.said
    number = _number(said.get("incident", ""))
    with transaction(work.engine) as session:
        promise = Promise(
            title=" ".join(said.get("title", "").split()),
            done_when=said.get("done_when", "").strip(),
            kind=said.get("type", ""),
            priority=said.get("priority", ""),
            owner=said.get("owner", "").strip().lower(),
            due_on=_day(said.get("due_on", "")),
        )
        kept = actions.add(session, promise, work.caller.email, _incident_id(session, number))
        return work.done(session, f"Promised: {kept.title}, due {units.day(kept.due_on)}", _path(kept))


def _mine(work: Work) -> Answer:
    with reading(work.engine) as session:
        today = work.at.astimezone(current(session).zone).date()
        owed = (col(Action.owner) == work.caller.email, col(Action.state).in_(PROMISED))
        wanted = select(Action).where(*owed).order_by(col(Action.due_on), col(Action.id)).limit(SHOWN + 1)
        found = list(session.scalars(wanted))
    lines = [Line(_told(each, today), work.address(_path(each))) for each in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(Line("There are more.", work.address("/actions?owner=me")))
    return Said(lines or [Line("You owe no action.", work.address("/actions"))])


def _told(action: Action, today: date) -> str:
    late = ", overdue" if action.due_on < today else ""
    return f"{action.id} {action.title}, due {units.day(action.due_on)}{late}"


def _finished(work: Work, rest: str) -> Answer:
    number, _, evidence = rest.lstrip("#").partition(" ")
    if not number.isdecimal() or len(number) > 15 or not evidence.strip():
        raise BadInput("Say which action, and what proves that it is done.", remedy="/ops action done 12 <link>")
    with transaction(work.engine) as session:
        kept = actions.get(session, int(number))
        actions.move(session, kept, ActionState.DONE, work.caller.email, evidence=evidence)
        return work.done(session, f"Done: {kept.title}", _path(kept))


def _form(work: Work, title: str) -> Form:
    with reading(work.engine) as session:
        due = default_due(None, work.at.astimezone(current(session).zone).date())
    kinds, priorities = (tuple((each.value, each.capitalize()) for each in words) for words in (ActionType, Priority))
    blanks = [
        Blank("title", "What is to be done", value=title[:LONGEST_TITLE], hint="Begin with a verb."),
        Blank("done_when", "Done when", Look.TEXT, hint="How everybody will see that it is done."),
        Blank("owner", "Owner", value=work.caller.email, hint="The address of a person."),
        Blank("due_on", "Due", Look.DAY, value=due.isoformat()),
        Blank("type", "Type", Look.CHOICE, ActionType.PREVENT.value, options=kinds),
        Blank("priority", "Priority", Look.CHOICE, Priority.MEDIUM.value, options=priorities),
        Blank("incident", "Incident", hint="Its number or address, if it is about one.", is_required=False),
    ]
    return Form(FORM, "Promise an action", "Promise", blanks)


def _number(text: str) -> int | None:
    """`12`, or the address of its page."""
    number = text.strip().rstrip("/").rpartition("/")[2].lstrip("#")
    if not text.strip():
        return None
    if not number.isdecimal() or len(number) > 15:
        raise BadInput(f"{text.strip()!r} is no incident.", remedy="Write its number or the address of its page.")
    return int(number)


def _incident_id(session: Session, number: int | None) -> int | None:
    found = None if number is None else session.get(Incident, number)
    if number is not None and (found is None or found.deleted_at is not None):
        raise NotFound(f"There is no incident {number}.")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("Write the day as 2026-11-30.") from None


def _path(action: Action) -> str:
    return f"/actions/{audit.number(action)}"
