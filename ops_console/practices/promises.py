"""What people agree on when they promise an action, and what is wrong with a promise that cannot be one."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlmodel import Session, col

from ops_console.contracts.decisions import ActionType, Factor, Priority
from ops_console.core.errors import BadInput
from ops_console.practices.action_rules import begins_with_verb
from ops_console.records.access import Account
from ops_console.records.people import Person

LONGEST_TITLE, LONGEST_TEXT = 300, 2000
YEARS = range(2000, 2200)
Errors = list[tuple[str, str]]


class Faulty(BadInput):
    """Something about an action cannot be: `errors` names each field and what is wrong with it."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(" ".join(sentence for _, sentence in errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Promise:
    """What people agree on."""

    title: str
    done_when: str
    kind: str
    priority: str
    owner: str
    due_on: date
    cause: str | None = None


def check(session: Session, promise: Promise) -> None:
    """`Faulty` names everything that is wrong at once."""
    errors: Errors = []
    if not 0 < len(promise.title) <= LONGEST_TITLE:
        errors.append(("title", f"Say in 1 to {LONGEST_TITLE} letters what is to be done."))
    elif not begins_with_verb(promise.title):
        errors.append(("title", "Begin with a verb: “Add an alert on feature age”, not “Alert on feature age”."))
    if not 0 < len(promise.done_when) <= LONGEST_TEXT:
        errors.append(("done_when", "Say how everybody will see that it is done."))
    if promise.kind not in {*ActionType}:
        errors.append(("kind", "Choose one of the types offered."))
    if promise.priority not in {*Priority}:
        errors.append(("priority", "Choose one of the priorities offered."))
    if promise.cause is not None and promise.cause not in {*Factor}:
        errors.append(("cause", "Choose one of the factors offered."))
    if not is_person(session, promise.owner):
        errors.append(("owner", "Choose a person by address: somebody who signs in here or is on record."))
    if promise.due_on.year not in YEARS:
        errors.append(("due_on", "Write the day as 2026-11-30."))
    if errors:
        raise Faulty(errors)


def people(session: Session) -> dict[str, str]:
    """Who may own an action: address and name of everyone who signs in or is on record, once."""
    known = select(col(Person.email), col(Person.name)).where(col(Person.deleted_at).is_(None))
    signed = select(col(Account.email), col(Account.name)).where(col(Account.disabled_at).is_(None))
    found = {row.email: row.name for wanted in (known, signed) for row in session.execute(wanted) if row.email}
    return dict(sorted(found.items()))


def is_person(session: Session, address: str) -> bool:
    """Somebody who signs in here or is on record."""
    signed = exists().where(col(Account.email) == address, col(Account.disabled_at).is_(None))
    known = exists().where(col(Person.email) == address, col(Person.deleted_at).is_(None))
    return bool(address) and bool(session.scalar(select(signed | known)))
