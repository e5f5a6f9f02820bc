"""What people decide the paved road asks for: from a day on, with a reason. The past keeps what it asked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import Monitor
from ops_console.core.clock import milliseconds, now
from ops_console.core.columns import FOREVER
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest.criteria_asked import asked_over_time, key_of
from ops_console.ingest.outdated import mark
from ops_console.ingest.proofs import conclude_all_proofs
from ops_console.ingest.tables import criteria
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.criteria import ATTESTED, CARD, MONITOR, NAMED, ROLLBACK, SLO, VERSION, Criterion, passes
from ops_console.records.production import in_production

MOST_DAYS = 3660
SUBJECT = "criterion"
TOLD = ("key", "title", "proof", "required", "from_at", "withdrawn")


@dataclass(frozen=True)
class Wanted:
    """A criterion as a person asks for it."""

    title: str
    proof: str
    required: bool = True


def every_criterion(session: Session) -> list[Criterion]:
    """All there are and were, by key, each key's newest first. Before anybody said otherwise, the defaults."""
    order = (col(Criterion.key), col(Criterion.from_at).desc(), col(Criterion.id).desc())
    return list(session.scalars(select(Criterion).order_by(*order)))


def set_criterion(session: Session, key: str, wanted: Wanted, from_at: datetime, by: str, reason: str = "") -> str:
    """Ask for something from an instant on; the key under which it is kept."""
    key = key or key_of(wanted.title)
    if not key:
        raise BadInput("A criterion needs a title of letters or digits.")
    proof = checked_proof(wanted.proof or ATTESTED + key)
    _enter(session, key, {"title": wanted.title, "proof": proof, "required": wanted.required}, from_at, by, reason)
    return key


def withdraw_criterion(session: Session, key: str, from_at: datetime, by: str, reason: str = "") -> None:
    """From an instant on it is not asked for."""
    asked_over_time(session)
    newest = select(criteria).where(criteria.c.key == key).order_by(criteria.c.from_at.desc(), criteria.c.id.desc())
    kept = session.execute(newest.limit(1)).first()
    if kept is None:
        raise NotFound(f"There is no criterion {key!r}.", remedy="Choose one on the paved-road page.")
    values = {"title": kept.title, "proof": kept.proof, "required": kept.required}
    _enter(session, key, values, from_at, by, reason, withdrawn=True)


def effect(session: Session, key: str, wanted: Wanted, from_at: datetime, at: datetime) -> tuple[set[str], set[str]]:
    """Which production models pass at an instant, and which would with the criterion; nothing is kept."""
    before = passing(session, at)
    rehearsal = session.begin_nested()
    set_criterion(session, key, wanted, from_at, "rehearsal")
    after = passing(session, at)
    rehearsal.rollback()
    return before, after


def passing(session: Session, at: datetime) -> set[str]:
    """The slugs of models that are in production and on the paved road at an instant."""
    found = select(col(CatalogEntry.slug)).join(CatalogInterval, in_production(at))
    return set(session.scalars(found.where(passes(col(CatalogEntry.id), at))))


def checked_proof(proof: str) -> str:
    """The names of the proofs a criterion needs, each known and none twice."""
    named = sorted(set(proof.split()))
    for what in named:
        _check(what)
    if not named:
        raise BadInput("A criterion needs something that proves it.", remedy="Choose what is looked at.")
    return " ".join(named)


def _check(what: str) -> None:
    if what.startswith(ROLLBACK):
        days = what.removeprefix(ROLLBACK)
        if not (days.isdecimal() and 0 < int(days) <= MOST_DAYS):
            raise BadInput(f"{days!r} is no number of days.", remedy=f"Write a whole number up to {MOST_DAYS:,}.")
    elif what.startswith(MONITOR):
        if what.removeprefix(MONITOR) not in {*Monitor}:
            raise BadInput(f"{what!r} is no monitor.", remedy=f"Choose among {', '.join(Monitor)}.")
    elif not (what.startswith(ATTESTED) or what in (*NAMED, SLO, VERSION, CARD)):
        raise BadInput(f"{what!r} proves nothing that is known here.", remedy="Choose what is looked at.")


def _enter(
    session: Session,
    key: str,
    values: dict[str, object],
    from_at: datetime,
    by: str,
    reason: str,
    *,
    withdrawn: bool = False,
) -> None:
    asked_over_time(session)
    at = milliseconds(now())
    decided = {"set_by": by, "set_at": at, "reason": reason, "withdrawn": withdrawn}
    when = {"from_at": milliseconds(from_at), "until_at": milliseconds(FOREVER)}
    before = _standing(session, key, from_at)
    number = session.scalar(insert(criteria).values(key=key, **values, **decided, **when).returning(criteria.c.id))
    _close(session, key)
    mark(session, "models", [(from_at, FOREVER)])
    conclude_all_proofs(session)
    did = "criterion withdrawn" if withdrawn else "criterion set"
    after = {"key": key, **values, "from_at": from_at, "withdrawn": withdrawn}
    audit.record(session, Decision(did, SUBJECT, number or 0, by, before, after, reason))


def _standing(session: Session, key: str, at: datetime) -> dict[str, Any] | None:
    """What the criterion asked for until then."""
    begun = select(Criterion).where(col(Criterion.key) == key, col(Criterion.from_at) <= at)
    newest = session.scalars(begun.order_by(col(Criterion.from_at).desc(), col(Criterion.id).desc())).first()
    return audit.some(newest, TOLD) if newest else None


def _close(session: Session, key: str) -> None:
    """Each row of a key holds until the next begins; one replaced on its own first day never held."""
    order = (criteria.c.from_at, criteria.c.id)
    rows = session.execute(select(criteria).where(criteria.c.key == key).order_by(*order)).all()
    ends = [*(row.from_at for row in rows[1:]), milliseconds(FOREVER)]
    for row, ends_at in zip(rows, ends, strict=True):
        if row.until_at != ends_at:
            session.execute(update(criteria).where(criteria.c.id == row.id).values(until_at=ends_at))
