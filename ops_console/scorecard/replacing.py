"""Points that were computed again take the place of those that stood there; those that came out the same stay."""

import marshal
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Table,
    bindparam,
    delete,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import Session, col

from ops_console.core.periods import Grain
from ops_console.ingest.bulk import Stored, insert_stored
from ops_console.ingest.tables import chunks
from ops_console.measures.figures import Span
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard.points import POINTS

P = ScorecardPoint
PLACE = ("scope_kind", "scope_key", "grain", "window", "starts_at")
"""What distinguishes the points of one KPI."""
FINGERPRINT = "fingerprint"
There = dict[Sequence[Any], tuple[int, int]]
"""Number and fingerprint of what stands at a place."""
Stretches = Mapping[tuple[Grain, str], Sequence[Span]]


def sealed(points: Stored) -> Stored:
    """Each row with its fingerprint."""
    return Stored([*points.names, FINGERPRINT], [(*row, _fingerprint(row)) for row in points.rows])


def _fingerprint(row: tuple[Any, ...]) -> int:
    # The format that depends on values alone, and not on which of them are one object.
    whole = marshal.dumps(row, 2)
    return int.from_bytes(blake2b(whole, digest_size=8).digest(), signed=True)


def replace_points(session: Session, key: str, stretches: Stretches, points: Stored) -> int:
    """Of what stood in these stretches (by start of period) what was computed again stays as far as it is the same;
    how many were written.
    """
    return replaced(session, POINTS, PLACE, dict(_there(session, key, stretches)), points)


def replaced(session: Session, table: Table, place: Sequence[str], there: There, points: Stored) -> int:
    """Leave what stands there as far as it is among the points, and write the others; how many those were."""
    fresh = [*_fresh(points, place, there)]
    for numbers in chunks(number for number, _ in there.values()):
        session.connection().execute(delete(table).where(table.c.id.in_(numbers)))
    return insert_stored(session, table, Stored(points.names, fresh))


def _there(session: Session, key: str, stretches: Stretches) -> Iterator[tuple[Sequence[Any], tuple[int, int]]]:
    asked = [(grain, window, span) for (grain, window), spans in stretches.items() for span in spans]
    if asked:
        bound = {
            f"{name}{place}": value
            for place, (grain, window, span) in enumerate(asked)
            for name, value in (("grain", grain), ("window", window), ("start", span.start), ("end", span.end))
        }
        for *place, number, fingerprint in session.connection().execute(_standing(len(asked)), {"kpi": key, **bound}):
            yield tuple(place), (number, fingerprint)


@lru_cache
def _standing(number: int) -> CompoundSelect[Any]:
    """What stands in so many stretches. One arm per stretch, each on the index: as one condition with OR it would read
    every point the KPI ever had.
    """
    raw = {"starts_at": type_coerce(P.starts_at, BigInteger)}
    shown: list[Any] = [raw.get(name, getattr(P, name)) for name in (*PLACE, "id", FINGERPRINT)]
    return union_all(*(select(*shown).where(*_in_stretch(str(place))) for place in range(number)))


def _in_stretch(place: str) -> Iterator[ColumnElement[bool]]:
    yield col(P.kpi) == bindparam("kpi")
    yield col(P.grain) == bindparam("grain" + place)
    yield col(P.window) == bindparam("window" + place)
    yield col(P.starts_at) >= bindparam("start" + place)
    yield col(P.starts_at) < bindparam("end" + place)


def _fresh(points: Stored, place: Sequence[str], there: There) -> Iterator[tuple[Any, ...]]:
    """Rows that differ from what is there; those that do not leave `there`, so that they are not deleted."""
    if not points.rows:
        return
    where = itemgetter(*map(points.names.index, place))
    for row in points.rows:
        at = where(row)
        stands = there.get(at)
        if stands is not None and stands[1] == row[-1]:
            del there[at]
        else:
            yield row
