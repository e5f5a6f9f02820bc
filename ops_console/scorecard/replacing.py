"""Points that were computed again take the place of those that stood there; those that came out the same stay."""

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Table, bindparam, delete, select, union_all
from sqlmodel import Session, col

from ops_console.core.periods import Grain
from ops_console.ingest.bulk import Stored, insert_stored
from ops_console.ingest.tables import chunks
from ops_console.measures.figures import Span
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard.points import POINTS

P = ScorecardPoint
FINGERPRINT = "fingerprint"
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
    return replaced(session, POINTS, _there(session, key, stretches), points)


def replaced(session: Session, table: Table, there: Iterable[Any], points: Stored) -> int:
    """Leave what stands there (by number and fingerprint) as far as it is among the points, and write the others; how
    many those were.
    """
    told, stays, gone = {row[-1] for row in points.rows}, set(), []
    for number, fingerprint in there:
        if fingerprint in told:
            stays.add(fingerprint)
        else:
            gone.append(number)
    for numbers in chunks(gone):
        session.connection().execute(delete(table).where(table.c.id.in_(numbers)))
    fresh = [row for row in points.rows if row[-1] not in stays]
    return insert_stored(session, table, Stored(points.names, fresh))


def _there(session: Session, key: str, stretches: Stretches) -> Iterable[Any]:
    asked = [(grain, window, span) for (grain, window), spans in stretches.items() for span in spans]
    if not asked:
        return ()
    bound = {
        f"{name}{place}": value
        for place, (grain, window, span) in enumerate(asked)
        for name, value in (("grain", grain), ("window", window), ("start", span.start), ("end", span.end))
    }
    return session.connection().execute(_standing(len(asked)), {"kpi": key, **bound}).all()


@lru_cache
def _standing(number: int) -> CompoundSelect[Any]:
    """What stands in so many stretches. One arm per stretch, each on the index: as one condition with OR it would read
    every point the KPI ever had.
    """
    shown = select(col(P.id), col(P.fingerprint))
    return union_all(*(shown.where(*_in_stretch(str(place))) for place in range(number)))


def _in_stretch(place: str) -> Iterator[ColumnElement[bool]]:
    yield col(P.kpi) == bindparam("kpi")
    yield col(P.grain) == bindparam("grain" + place)
    yield col(P.window) == bindparam("window" + place)
    yield col(P.starts_at) >= bindparam("start" + place)
    yield col(P.starts_at) < bindparam("end" + place)
