"""What every fact is made of: its envelope, and the kinds of value a field may hold.

An empty cell is unknown, never zero. A time without an offset needs a declared zone: pass it as
`context={"zone": ZoneInfo(...)}` when validating; without one the time is refused.
"""

from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ops_console.contracts.possible import Possible
from ops_console.contracts.readers import (
    read_bool,
    read_date,
    read_decimal,
    read_instant,
    read_integer,
    read_names,
    read_spans,
)
from ops_console.contracts.times import DAY_AHEAD, YEAR_AHEAD, Stretch

Instant = Annotated[datetime, BeforeValidator(read_instant)]
Day = Annotated[date, BeforeValidator(read_date)]
Happened = Annotated[Instant, DAY_AHEAD]
HappenedOn = Annotated[Day, DAY_AHEAD]
Billed = Annotated[Instant, YEAR_AHEAD]
Number = Annotated[Decimal, BeforeValidator(read_decimal)]
Integer = Annotated[int, BeforeValidator(read_integer)]
Truth = Annotated[bool, BeforeValidator(read_bool)]
Names = Annotated[list[str], BeforeValidator(read_names)]
Spans = Annotated[list[str], BeforeValidator(read_spans)]
Tier = Annotated[int, BeforeValidator(read_integer), Field(ge=1, le=3)]
Text = Annotated[str, Field(max_length=2000)]
Name = Annotated[str, Field(min_length=1, max_length=300)]


class Fact(BaseModel):
    """What every fact says of itself.

    `source` and `external_id` identify it; `updated_at` is the source's own time of change, and an older one never
    overwrites a newer one. `deleted` marks a tombstone: the source no longer has the thing. A kind that is `told_late`
    reaches as far as its newest fact and no further, however recently a source was asked for it. `stretches` are the
    times that follow one another. What is `told_once` the store refuses of a second teller.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    kind_of_fact: ClassVar[str]
    told_late: ClassVar[bool] = False
    told_once: ClassVar[bool] = False
    stretches: ClassVar[tuple[Stretch, ...]] = ()

    source: Annotated[str, Field(min_length=1, max_length=100)]
    external_id: Name
    url: Text | None = None
    updated_at: Happened | None = None
    deleted: Truth = False

    @classmethod
    def possible(cls, at: datetime) -> Possible:
        """What is asked of the times of this kind by the clock of one moment."""
        return Possible(cls.model_fields, cls.stretches, at)


def is_bare_tombstone(fact: Fact) -> bool:
    """Whether it says no more than that its source deleted the thing."""
    return fact.__class__ is Fact


def said(fact: Fact) -> bytes:
    """A fact as JSON, without what it leaves out."""
    return fact.__pydantic_serializer__.to_json(fact, exclude_defaults=True)


def fingerprint(said: bytes) -> str:
    """The hash of a fact as it came."""
    return blake2b(said, digest_size=16).hexdigest()


class About(Fact):
    """A fact about a model or a service; at least one of the two is named."""

    model: Name | None = None
    service: Name | None = None

    @property
    def subject(self) -> str:
        return self.model or self.service or ""

    @model_validator(mode="after")
    def _names_a_subject(self) -> "About":
        if not self.subject:
            raise ValueError("neither model nor service is given; name one of them")
        return self
