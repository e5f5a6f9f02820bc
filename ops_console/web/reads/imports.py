"""Deliveries of facts: the list, one of them, and the rows it refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session, col

from ops_console.accounts.roles import Role
from ops_console.records.access import Account
from ops_console.records.imports import Import, Refusal
from ops_console.web.fact_words import tells_of_people
from ops_console.web.reads.manual import ANSWERS


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filter bar asks for; `None` asks for everything."""

    start: datetime | None = None
    end: datetime | None = None
    kind: str | None = None
    source: str | None = None
    state: str | None = None


COLUMNS: dict[str, Any] = {name: getattr(Import, name) for name in ("started_at", "kind", "source", "rows", "refused")}
NEWEST_FIRST = COLUMNS["started_at"].desc()


def total(session: Session, wanted: Wanted) -> int:
    """How many deliveries the filter lets through."""
    return session.scalar(_filtered(select(func.count(col(Import.id))), wanted)) or 0


def imports(
    session: Session, wanted: Wanted, order: Any = NEWEST_FIRST, limit: int = 50, offset: int = 0
) -> list[Import]:
    """One page of deliveries, newest first unless the link asks otherwise."""
    found = _filtered(select(Import), wanted).order_by(order, col(Import.id).desc()).limit(limit).offset(offset)
    return list(session.scalars(found))


def newest(session: Session) -> datetime | None:
    """When facts were last delivered."""
    return session.scalar(select(func.max(col(Import.started_at))))


def sources(session: Session) -> list[str]:
    """Everybody who ever delivered something."""
    return list(session.scalars(select(col(Import.source)).distinct().order_by(col(Import.source))))


def _filtered(statement: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    asked = [(wanted.kind, Import.kind), (wanted.source, Import.source), (wanted.state, Import.state)]
    conditions: list[ColumnElement[bool]] = [col(column) == value for value, column in asked if value is not None]
    if wanted.start is not None and wanted.end is not None:
        conditions += [col(Import.started_at) >= wanted.start, col(Import.started_at) < wanted.end]
    return statement.where(*conditions)


def may_see_refused(delivery: Import, reader: Account) -> bool:
    """Whether a person may see what refused rows said: who brought them in may, and managers, except for answers."""
    if delivery.made_by == reader.email or not tells_of_people(delivery.kind):
        return True
    return delivery.kind != ANSWERS and Role(reader.role).includes(Role.MANAGER)


def refusals(session: Session, import_id: int, limit: int = 50, offset: int = 0) -> list[Refusal]:
    """The rows one delivery refused, in the order of the file."""
    kept = select(Refusal).where(col(Refusal.import_id) == import_id).order_by(col(Refusal.line), col(Refusal.id))
    return list(session.scalars(kept.limit(limit).offset(offset)))


def refusals_kept(session: Session, import_id: int) -> int:
    """How many refused rows are kept with the delivery."""
    return session.scalar(select(func.count(col(Refusal.id))).where(col(Refusal.import_id) == import_id)) or 0


def reasons(session: Session, import_id: int, limit: int = 5) -> list[tuple[str | None, str, int]]:
    """The most frequent reasons: column, words, and how many rows."""
    said = (col(Refusal.column), col(Refusal.reason))
    grouped = select(*said, func.count(col(Refusal.id))).where(col(Refusal.import_id) == import_id).group_by(*said)
    ordered = grouped.order_by(func.count(col(Refusal.id)).desc(), col(Refusal.reason))
    return [(row[0], row[1], row[2]) for row in session.execute(ordered.limit(limit))]
