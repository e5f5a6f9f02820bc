"""What every record of a fact carries besides the fact: where it came from and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from ops_console.core.columns import BigId, Instant, JsonText

Json = JSON().with_variant(JSONB(), "postgresql")
OptionalJson = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""Where None is no value at all, and not JSON's null."""
KeptJson = JSON(none_as_null=True).with_variant(JsonText(), "postgresql")
"""Likewise, of which a scorecard has a million that are only ever read whole."""


def where(condition: str) -> dict[str, Any]:
    """For an index that holds such rows alone, on either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Keyed(SQLModel):
    """A row with a number."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)


class Envelope(Keyed):
    """A record of one fact. `fingerprint` is the hash of the fact as it came, before corrections."""

    source: str = Field(max_length=100)
    external_id: str = Field(max_length=300)
    url: str | None = Field(default=None, sa_type=Text)
    updated_at: datetime | None = Field(default=None, sa_type=Instant)
    ingested_at: datetime = Field(sa_type=Instant)
    deleted_at: datetime | None = Field(default=None, sa_type=Instant)
    fingerprint: str = Field(max_length=32)
