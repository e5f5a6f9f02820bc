"""Models that became worse, and what was done about it."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Envelope


class Degradation(Envelope, table=True):
    """One detection. Detections of one signal of one model less than a day apart are one episode: all but the first
    have `repeat_of`, the number of the first. An episode is mitigated when the last of its detections is.
    """

    __tablename__ = "degradation"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_degradation_subject", "entry_id", "signal", "detected_at"),
        Index("ix_degradation_detected", "detected_at"),
        Index("ix_degradation_mitigated", "mitigated_at"),
    )

    entry_id: int = Field(foreign_key="catalog_entry.id", sa_type=BigId)
    signal: str = Field(max_length=20)
    onset_at: datetime | None = Field(default=None, sa_type=Instant)
    detected_at: datetime = Field(sa_type=Instant)
    mitigated_at: datetime | None = Field(default=None, sa_type=Instant)
    mitigation: str | None = Field(default=None, max_length=30)
    dismissed: bool = False
    repeat_of: int | None = Field(default=None, sa_type=BigId)
    episode_ends_at: datetime | None = Field(default=None, sa_type=Instant)
