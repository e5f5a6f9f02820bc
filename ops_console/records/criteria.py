"""What the paved road asks of a model, since when, and when each model had it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, UniqueConstraint, and_, select
from sqlmodel import Field, col

from ops_console.core.columns import FOREVER, BigId, Instant
from ops_console.records.envelope import Keyed

ATTESTED, MONITOR, ROLLBACK = "attested:", "monitor:", "rollback:"
"""Proofs that say of what: `attested:scaffold`, `monitor:drift`, `rollback:180` (tested within so many days)."""
NAMED = ("owner", "on_call", "escalation", "runbook")
"""Proofs that something is named in the catalog."""
SLO, VERSION, CARD, PAVED = "slo", "version", "card", "paved"
ROLLBACK_DAYS = 180
"""How long a rollback test counts where no criterion says otherwise."""


class Criterion(Keyed, table=True):
    """What a model must have in `[from_at, until_at)`. A change is a new row of the same key.

    `proof` names what proves it, several separated by blanks: all of them are needed. `withdrawn` means: from here on
    it is not asked for.
    """

    __tablename__ = "criterion"
    __table_args__ = (
        UniqueConstraint("key", "from_at", "set_at"),
        Index("ix_criterion_in_force", "from_at", "until_at"),
    )

    key: str = Field(max_length=100)
    title: str = Field(max_length=300)
    required: bool = True
    proof: str = Field(max_length=300)
    from_at: datetime = Field(sa_type=Instant)
    until_at: datetime = Field(default=FOREVER, sa_type=Instant)
    withdrawn: bool = False
    set_by: str = Field(max_length=300)
    set_at: datetime = Field(sa_type=Instant)
    reason: str = ""


class Proof(Keyed, table=True):
    """That an entry had something in `[valid_from, valid_to)`. Stretches of one entry and thing neither touch nor
    overlap; where there is none, it was missing. `paved` means: every required criterion in force was met.
    """

    __tablename__ = "proof"
    __table_args__ = (UniqueConstraint("entry_id", "what", "valid_from"),)

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    what: str = Field(max_length=110)
    valid_from: datetime = Field(sa_type=Instant)
    valid_to: datetime = Field(sa_type=Instant)


def had(entry_id: Any, what: str, at: Any) -> ColumnElement[bool]:
    """Whether an entry had the proof at an instant; both may be columns of the statement at hand."""
    mine = select(col(Proof.id)).where(col(Proof.entry_id) == entry_id, col(Proof.what) == what)
    return mine.where(col(Proof.valid_from) <= at, col(Proof.valid_to) > at).exists()


def passes(entry_id: Any, at: Any) -> ColumnElement[bool]:
    """Whether an entry met every required criterion that was in force at an instant."""
    return had(entry_id, PAVED, at)


def in_force(at: Any) -> ColumnElement[bool]:
    """The criteria asked for at an instant."""
    return and_(col(Criterion.from_at) <= at, col(Criterion.until_at) > at, col(Criterion.withdrawn).is_(False))


def asked(at: Any) -> ColumnElement[bool]:
    """Whether any criterion was required at an instant; where none was, nobody can be said to pass or to fail."""
    return select(col(Criterion.id)).where(in_force(at), col(Criterion.required).is_(True)).exists()
