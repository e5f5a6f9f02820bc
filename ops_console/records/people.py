"""People who work with models."""

from datetime import date
from typing import Any

from sqlalchemy import Select, UniqueConstraint, select
from sqlmodel import Field, col

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


def everyone() -> Select[*tuple[Any, ...]]:
    """Who is who. Those whose record was deleted keep their history."""
    names = (col(Person.external_id), col(Person.name), col(Person.email))
    placed = (col(Person.team), col(Person.time_zone), col(Person.active_from), col(Person.active_to))
    return select(*names, *placed).order_by(col(Person.id))
