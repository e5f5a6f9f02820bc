"""Reviews of incidents: what people wrote together, what was approved, what was said beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json, Keyed


class IncidentReview(Keyed, table=True):
    """`state` is a `ReviewState`. `restored_at` is the first restoration: a reopened incident does not move the clock.

    `required_because` names the rules that demanded it; empty where a person began one. `held_at` is when it was first
    handed in. `author` is whoever began to write.
    """

    __tablename__ = "incident_review"
    __table_args__ = (UniqueConstraint("incident_id"), Index("ix_incident_review_state", "state", "due_at"))

    incident_id: int = Field(foreign_key="incident.id", sa_type=BigId)
    state: str = Field(max_length=20)
    required_because: list[str] = Field(default_factory=list, sa_type=Json)
    restored_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    late_at: datetime | None = Field(default=None, sa_type=Instant)
    author: str | None = Field(default=None, max_length=300)
    made_at: datetime = Field(sa_type=Instant)
    held_at: datetime | None = Field(default=None, sa_type=Instant)
    submitted_by: str | None = Field(default=None, max_length=300)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    approved_by: str | None = Field(default=None, max_length=300)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    waived_at: datetime | None = Field(default=None, sa_type=Instant)
    waived_by: str | None = Field(default=None, max_length=300)
    waived_reason: str = ""


class ReviewSection(Keyed, table=True):
    """One part of the text. `revision` rises with every saved change: who writes on an older one is shown both."""

    __tablename__ = "review_section"
    __table_args__ = (UniqueConstraint("review_id", "key"),)

    review_id: int = Field(foreign_key="incident_review.id", sa_type=BigId)
    key: str = Field(max_length=50)
    place: int
    title: str = Field(max_length=300)
    text: str = Field(default="", sa_type=Text)
    revision: int = 1
    changed_by: str = Field(max_length=300)
    changed_at: datetime = Field(sa_type=Instant)


class ReviewFactor(Keyed, table=True):
    """One of several factors that contributed, from the list of `Factor`, with what it was here."""

    __tablename__ = "review_factor"
    __table_args__ = (Index("ix_review_factor_review", "review_id"), Index("ix_review_factor_factor", "factor"))

    review_id: int = Field(foreign_key="incident_review.id", sa_type=BigId)
    factor: str = Field(max_length=40)
    note: str = ""
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)


class ReviewLine(Keyed, table=True):
    """One line of the timeline. `origin` names the fact it came from, so that importing again finds it; a line that a
    person changed or took out (`removed`) keeps what the person said.
    """

    __tablename__ = "review_line"
    __table_args__ = (UniqueConstraint("review_id", "origin"), Index("ix_review_line_at", "review_id", "at"))

    review_id: int = Field(foreign_key="incident_review.id", sa_type=BigId)
    origin: str = Field(max_length=100)
    at: datetime = Field(sa_type=Instant)
    text: str = Field(sa_type=Text)
    source: str = Field(max_length=100)
    link: str | None = Field(default=None, sa_type=Text)
    revision: int = 1
    edited_by: str | None = Field(default=None, max_length=300)
    edited_at: datetime | None = Field(default=None, sa_type=Instant)
    removed: bool = False


class ReviewVersion(Keyed, table=True):
    """What was approved, frozen: `content` never changes, `content_hash` proves it."""

    __tablename__ = "review_version"
    __table_args__ = (UniqueConstraint("review_id", "number"),)

    review_id: int = Field(foreign_key="incident_review.id", sa_type=BigId)
    number: int
    content: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    content_hash: str = Field(max_length=64)
    approved_by: str = Field(max_length=300)
    approved_at: datetime = Field(sa_type=Instant)


class ReviewComment(Keyed, table=True):
    """What somebody said beside the text."""

    __tablename__ = "review_comment"
    __table_args__ = (Index("ix_review_comment_review", "review_id"),)

    review_id: int = Field(foreign_key="incident_review.id", sa_type=BigId)
    text: str = Field(sa_type=Text)
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)
