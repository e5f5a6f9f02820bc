"""Which times cannot be: of what has happened, one far ahead; of what began and ended, an end before its beginning.

A kind of fact says both of its fields, once: `Happened` instead of `Instant`, and `stretches`. The door asks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, get_args

from pydantic.fields import FieldInfo

SKEW = timedelta(minutes=5)
"""Clocks differ: an end that lies before its beginning by no more is none the less one."""
NOTHING = timedelta(0)
MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Ahead:
    """How far ahead of the clock a time may lie."""

    most: timedelta


DAY_AHEAD = Ahead(timedelta(days=1))
"""Of what has happened: the clocks and zones of vendors are off by a day at most."""
YEAR_AHEAD = Ahead(timedelta(days=366))
"""Bills are written in advance, by a year at most."""


class Stretch(NamedTuple):
    """Fields of what began and ended. The first of `begins` that is known is the beginning, and none of `ends` lies
    before it; `least` is the least that lies between. What `is_kept` counts whatever its times say: figures leave out
    a length that cannot be, and the door tells of it. Anything else is refused.
    """

    begins: tuple[str, ...]
    ends: tuple[str, ...]
    least: timedelta = -SKEW
    is_kept: bool = False


def latest(fields: Mapping[str, FieldInfo], at: datetime) -> Iterator[tuple[str, date]]:
    """The fields of which a time may lie ahead so far and no further, by the clock of one moment."""
    for name, field in fields.items():
        parts = [*_parts(field.annotation), *field.metadata]
        for part in parts:
            if isinstance(part, Ahead):
                most = at + part.most
                yield name, most if datetime in parts else most.date()


def _parts(annotation: Any) -> Iterator[Any]:
    """What an annotation is put together from."""
    yield annotation
    for part in (*get_args(annotation), *getattr(annotation, "__metadata__", ())):
        yield from _parts(part)
