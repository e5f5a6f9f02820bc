"""People who work with models."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from ops_console.records.envelope import Envelope


class Person(Envelope, table=True):
    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("source", "external_id"),)

    name: str = Field(max_length=300)
    email: str | None = None
    team: str | None = Field(default=None, max_length=300)
    time_zone: str | None = None
    working_hours: str | None = None
    active_from: date | None = None
    active_to: date | None = None
