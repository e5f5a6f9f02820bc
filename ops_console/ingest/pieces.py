"""Facts that a source tells in pieces, each saying some of it: put together as they come, the same in any order.

What is known of a fact is the set of its pieces. Of what begins it the earliest is believed, of the rest the
latest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlmodel import Session, col

from ops_console.contracts.fact import About
from ops_console.contracts.facts import KINDS
from ops_console.contracts.sources import Piece, Told
from ops_console.core.clock import to_milliseconds
from ops_console.ingest.tables import chunks
from ops_console.records.sources import FactPiece

P = FactPiece
FROM_ELSEWHERE = {"source"}


@dataclass(frozen=True, slots=True)
class Whole:
    """What all pieces of one fact say together, the places of those that have just come, and what they lack."""

    told: Told
    places: Sequence[int]
    missing: Sequence[str]


def put_together(session: Session, source: str, pieces: Mapping[int, Piece]) -> list[Whole]:
    """Keep some pieces, given by their places; the facts they belong to as they now stand."""
    by_kind: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, piece in pieces.items():
        by_kind[piece.kind][str(piece.values["external_id"])].append(place)
    found = []
    for kind, places in by_kind.items():
        known = _known(session, source, kind, places)
        for external_id, mine in places.items():
            fresh = [_row(source, external_id, pieces[place]) for place in mine]
            together = _kept(session, known[external_id], fresh)
            told = Told(kind, {"external_id": external_id, **_merged(together)})
            found.append(Whole(told, mine, _missing(told)))
    return found


def forget(session: Session, source: str) -> None:
    session.execute(delete(P).where(col(P.source) == source))


def _known(session: Session, source: str, kind: str, external_ids: Iterable[str]) -> Mapping[str, list[FactPiece]]:
    found: dict[str, list[FactPiece]] = defaultdict(list)
    for part in chunks(external_ids):
        mine = (col(P.source) == source, col(P.kind) == kind, col(P.external_id).in_(part))
        for row in session.scalars(select(P).where(*mine)):
            found[row.external_id].append(row)
    return found


def _row(source: str, external_id: str, piece: Piece) -> FactPiece:
    said = {name: value for name, value in piece.values.items() if name != "external_id"}
    return FactPiece(
        source=source,
        kind=piece.kind,
        external_id=external_id,
        piece=piece.piece,
        at=to_milliseconds(piece.at),
        begins=dict(piece.begins),
        says=said,
    )


def _kept(session: Session, known: Iterable[FactPiece], fresh: Iterable[FactPiece]) -> list[FactPiece]:
    """All pieces; one that comes again is as it was last read."""
    rows = {row.piece: row for row in known}
    for row in fresh:
        if (held := rows.get(row.piece)) is None:
            session.add(row)
            rows[row.piece] = row
        else:
            held.at, held.begins, held.says = row.at, row.begins, row.says
    session.flush()
    return sorted(rows.values(), key=lambda row: (row.at, row.piece))


def _merged(ordered: Sequence[FactPiece]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for row in reversed(ordered):
        said |= row.begins
    for row in ordered:
        said |= row.says
    return said | {"updated_at": ordered[-1].at.isoformat()}


def _missing(told: Told) -> list[str]:
    fact = KINDS[told.kind]
    needed = {name for name, field in fact.model_fields.items() if field.is_required()} - FROM_ELSEWHERE
    found = sorted(needed - told.values.keys())
    if issubclass(fact, About) and not {"model", "service"} & told.values.keys():
        found.append("model or service")
    return found
