"""Models and services, the names vendors know them by, and how they stood at any time."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, UniqueConstraint, and_
from sqlalchemy.orm import aliased
from sqlmodel import Field, col

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json, Keyed


class CatalogEntry(Keyed, table=True):
    """A model or a service, as it stands today. Provisional: named by a fact, registered by nobody yet."""

    __tablename__ = "catalog_entry"
    __table_args__ = (UniqueConstraint("slug"),)

    slug: str = Field(max_length=300)
    name: str = Field(max_length=300)
    kind: str | None = Field(default=None, max_length=20)
    provisional: bool = False
    tier: int | None = None
    team: str | None = Field(default=None, max_length=300)
    owner: str | None = Field(default=None, max_length=300)
    lifecycle: str | None = Field(default=None, max_length=20)
    service: str | None = Field(default=None, max_length=300)
    on_call: str | None = Field(default=None, max_length=300)
    escalation: str | None = None
    runbook_url: str | None = None
    primary_metric: str | None = None
    primary_metric_direction: str | None = None
    business_kpi: str | None = None
    environments: list[str] = Field(default_factory=list, sa_type=Json)
    guardrails: list[str] = Field(default_factory=list, sa_type=Json)
    paved_road: list[str] = Field(default_factory=list, sa_type=Json)
    monitors: list[str] = Field(default_factory=list, sa_type=Json)
    rollback_tested_on: date | None = None
    depends_on: list[str] = Field(default_factory=list, sa_type=Json)
    source: str | None = Field(default=None, max_length=100)
    external_id: str | None = Field(default=None, max_length=300)
    url: str | None = None
    updated_at: datetime | None = Field(default=None, sa_type=Instant)
    first_seen_at: datetime = Field(sa_type=Instant)
    deleted_at: datetime | None = Field(default=None, sa_type=Instant)
    fingerprint: str = Field(default="", max_length=32)


class Alias(Keyed, table=True):
    """A name (lower case) that some source uses for a catalog entry."""

    __tablename__ = "alias"
    __table_args__ = (UniqueConstraint("name"),)

    name: str = Field(max_length=300)
    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId, index=True)
    made_by: str = Field(default="import", max_length=300)
    made_at: datetime = Field(sa_type=Instant)


class CatalogStatement(Keyed, table=True):
    """What one source said of an entry at one time: the fields it named, and no others.

    An entry and its intervals are the statements applied in order of `stated_at`, so that the order in which they
    arrive does not matter. What a person said (`made_by`) wins over every source until it is withdrawn.
    """

    __tablename__ = "catalog_statement"
    __table_args__ = (
        UniqueConstraint("entry_id", "source", "stated_at"),
        Index("ix_catalog_statement_origin", "source", "external_id"),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    source: str = Field(max_length=100)
    external_id: str = Field(max_length=300)
    stated_at: datetime = Field(sa_type=Instant)
    attributes: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    deleted: bool = False
    made_by: str | None = Field(default=None, max_length=300)
    reason: str = ""


class CatalogInterval(Keyed, table=True):
    """How an entry stood in `[valid_from, valid_to)`: each entry's intervals touch and never overlap.

    The first begins at the beginning of time, the last never ends (`core.columns.FOREVER`).
    """

    __tablename__ = "catalog_interval"
    __table_args__ = (
        UniqueConstraint("entry_id", "valid_from"),
        Index("ix_catalog_interval_as_of", "entry_id", "valid_from", "valid_to"),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    valid_from: datetime = Field(sa_type=Instant)
    valid_to: datetime = Field(sa_type=Instant)
    tier: int | None = None
    team: str | None = Field(default=None, max_length=300)
    owner: str | None = Field(default=None, max_length=300)
    lifecycle: str | None = Field(default=None, max_length=20)
    primary_metric: str | None = None


Agreed = aliased(CatalogInterval)
"""How an entry stood when a fact came to be judged: it names the metric that was agreed."""


def stood(entry_id: Any, anchor: Any, held: Any = CatalogInterval) -> ColumnElement[bool]:
    """The join of `CatalogInterval`, or of another name for it, that finds how an entry stood at an anchor."""
    return and_(col(held.entry_id) == entry_id, col(held.valid_from) <= anchor, col(held.valid_to) > anchor)
