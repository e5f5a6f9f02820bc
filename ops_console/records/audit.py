"""The trail of decisions: who, when, what it was before and after. Entries are added; each is sealed by the next."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, func, select, text
from sqlmodel import Field, Session, col

from ops_console.core.clock import iso, now
from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json, Keyed

COMMAND_LINE = "command line"
"""Who decides there: whoever may open the database."""
START = "0" * 64
"""What the first entry follows."""
SEALED = ("at", "by", "did", "subject", "number", "reason", "before", "after", "previous_hash")


class AuditEntry(Keyed, table=True):
    """One decision. `entry_hash` covers the row and `previous_hash`: none can be changed or taken out unseen."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("previous_hash"),
        Index("ix_audit_entry_subject", "subject", "number"),
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_by", "by", "at"),
    )

    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=300)
    did: str = Field(max_length=50)
    subject: str = Field(max_length=50)
    number: int = Field(sa_type=BigId)
    reason: str = ""
    before: dict[str, Any] | None = Field(default=None, sa_type=Json)
    after: dict[str, Any] | None = Field(default=None, sa_type=Json)
    previous_hash: str = Field(max_length=64)
    entry_hash: str = Field(max_length=64)


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing somebody did to one subject."""

    did: str
    subject: str
    number: int
    by: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str = ""


def record(session: Session, *decisions: Decision) -> None:
    """Write them down, in the transaction that makes them true. Call it last: it holds off every other writer."""
    _one_at_a_time(session)
    latest = select(col(AuditEntry.entry_hash)).order_by(col(AuditEntry.id).desc()).limit(1)
    previous = session.scalar(latest) or START
    for decision in decisions:
        entry = _entry(decision, previous)
        session.add(entry)
        session.flush()
        previous = entry.entry_hash


def history(session: Session, subject: str, numbers: Sequence[int]) -> list[AuditEntry]:
    """What was decided about some subjects of one kind, the newest first."""
    wanted = (col(AuditEntry.subject) == subject, col(AuditEntry.number).in_(numbers))
    return list(session.scalars(select(AuditEntry).where(*wanted).order_by(col(AuditEntry.id).desc())))


def broken_at(session: Session) -> int | None:
    """The first entry that does not follow from the one before it; None where the whole trail holds."""
    previous = START
    for entry in session.scalars(select(AuditEntry).order_by(col(AuditEntry.id)).execution_options(yield_per=500)):
        if entry.previous_hash != previous or entry.entry_hash != _seal(entry):
            return entry.id
        previous = entry.entry_hash
    return None


def length(session: Session) -> int:
    return session.scalar(select(func.count(col(AuditEntry.id)))) or 0


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What differs, as it was and as it is."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def plain(row: Keyed) -> dict[str, Any]:
    """A row as an entry keeps it."""
    return {name: _plain(value) for name, value in row.model_dump().items() if name != "id"}


def some(row: Keyed, names: Iterable[str]) -> dict[str, Any]:
    """Some of its fields, as an entry keeps them."""
    kept = plain(row)
    return {name: kept[name] for name in names}


def number(row: Keyed) -> int:
    """The number of a row that has been stored."""
    if row.id is None:
        raise ValueError(f"{type(row).__name__} has not been stored")
    return row.id


def _entry(decision: Decision, previous: str) -> AuditEntry:
    entry = AuditEntry(
        at=now(),
        by=decision.by,
        did=decision.did,
        subject=decision.subject,
        number=decision.number,
        reason=decision.reason,
        before=_plain_dict(decision.before),
        after=_plain_dict(decision.after),
        previous_hash=previous,
        entry_hash="",
    )
    entry.entry_hash = _seal(entry)
    return entry


def _seal(entry: AuditEntry) -> str:
    said = {name: _plain(getattr(entry, name)) for name in SEALED}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _plain_dict(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else value


def _one_at_a_time(session: Session) -> None:
    # SQLite has one writer anyway; on PostgreSQL two transactions would follow the same entry.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE audit_entry IN EXCLUSIVE MODE"))
