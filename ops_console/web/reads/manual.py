"""What was entered by hand: the newest version of each fact, and who may see it as it is."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlmodel import Session, col

from ops_console.accounts.roles import Role
from ops_console.ingest.shapes import Shape, choices, required, shapes
from ops_console.records.access import Account
from ops_console.records.manual import ManualFact
from ops_console.web.fact_words import is_of_a_person

M = ManualFact
ANSWERS = "survey_responses"
"""Answers are seen by who typed them in and by nobody else."""
MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact in a list: what it says in a few words, when it was, and who entered it."""

    fact: ManualFact
    words: str
    at: str | None

    @property
    def is_changed(self) -> bool:
        return self.fact.made_at != self.fact.entered_at


def may_see(fact: ManualFact, reader: Account) -> bool:
    """Whether a person may see a fact as it was entered."""
    if fact.entered_by == reader.email:
        return True
    if fact.kind == ANSWERS:
        return False
    named = (fact.person or "").casefold() in (reader.email.casefold(), reader.name.casefold())
    return not is_of_a_person(fact.kind) or named or Role(reader.role).includes(Role.MANAGER)


def _seen_by(kind: str, reader: Account) -> ColumnElement[bool]:
    """The same as a condition."""
    own = col(M.entered_by) == reader.email
    if kind == ANSWERS:
        return own
    if not is_of_a_person(kind) or Role(reader.role).includes(Role.MANAGER):
        return true()
    return or_(own, func.lower(M.person).in_((reader.email.lower(), reader.name.lower())))


def total(session: Session, kind: str, reader: Account) -> int:
    return session.scalar(select(func.count()).select_from(_listed(kind, reader).subquery())) or 0


def entries(session: Session, kind: str, reader: Account, limit: int, offset: int) -> list[Entry]:
    """Newest first; a fact that was removed stays in its place and says so."""
    newest_first = _listed(kind, reader).order_by(col(M.made_at).desc(), col(M.id).desc())
    found = session.scalars(newest_first.limit(limit).offset(offset))
    return [Entry(fact, words(kind, fact.said), _at(kind, fact.said)) for fact in found]


def _listed(kind: str, reader: Account) -> Select[ManualFact]:
    newest = select(func.max(col(M.id))).where(col(M.kind) == kind).group_by(col(M.external_id))
    return select(M).where(col(M.id).in_(newest), _seen_by(kind, reader))


def versions(session: Session, kind: str, external_id: str) -> list[ManualFact]:
    """How a fact was entered and changed, the first version first."""
    mine = and_(col(M.kind) == kind, col(M.external_id) == external_id)
    return list(session.scalars(select(M).where(mine).order_by(col(M.id))))


def counts(session: Session) -> dict[str, int]:
    """How many facts of each kind stand that were entered by hand."""
    newest = select(func.max(col(M.id))).group_by(col(M.kind), col(M.external_id))
    standing = select(col(M.kind), func.count()).where(col(M.id).in_(newest), col(M.removed).is_(False))
    return {row[0]: row[1] for row in session.execute(standing.group_by(col(M.kind)))}


def words(kind: str, said: dict[str, Any]) -> str:
    """A fact in a few words: the texts it cannot do without."""
    named = [name for name in shapes(kind) if name in required(kind) or name in ("model", "service")]
    texts = [str(said[name]) for name in named if name in said and _is_text(kind, name)]
    return " · ".join(texts[:MOST_WORDS]) or next(iter(map(str, said.values())), "")


def _is_text(kind: str, name: str) -> bool:
    return shapes(kind)[name] is Shape.TEXT and not choices(kind, name)


def _at(kind: str, said: dict[str, Any]) -> str | None:
    """When it was, as far as it says: the first time it cannot do without, else the first it has."""
    times = [name for name, shape in shapes(kind).items() if shape in (Shape.INSTANT, Shape.DAY) and name in said]
    first = sorted(times, key=lambda name: name not in required(kind))
    return said[first[0]] if first else None
