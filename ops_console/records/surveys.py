"""Answers to surveys. No person, address or exact time is stored with an answer."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import Exact, Instant
from ops_console.records.envelope import Envelope


class SurveyResponse(Envelope, table=True):
    """`anchored_at` puts the wave on the calendar: the end of the period the wave names, else the answer's day."""

    __tablename__ = "survey_response"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_survey_response_wave", "survey", "wave", "question"),
        Index("ix_survey_response_anchor", "anchored_at"),
    )

    survey: str = Field(max_length=300)
    wave: str = Field(max_length=300)
    group: str | None = Field(default=None, max_length=300)
    question: str = Field(max_length=300)
    score: Decimal | None = Field(default=None, sa_type=Exact)
    scale_min: Decimal | None = Field(default=None, sa_type=Exact)
    scale_max: Decimal | None = Field(default=None, sa_type=Exact)
    comment: str | None = None
    answered_on: date | None = None
    anchored_at: datetime | None = Field(default=None, sa_type=Instant)
