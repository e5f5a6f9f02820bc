"""Corrections laid over what sources say. They win, and what the source says meanwhile is kept beside them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from ops_console.contracts.fact import Fact
from ops_console.ingest.drafts import Drafts
from ops_console.ingest.tables import chunks, corrections

OTHER = {"service": "model", "model": "service"}


def overlay(session: Session, kind: str, source: str, places: Mapping[str, int], drafts: Drafts) -> dict[str, Fact]:
    """Those of the drafted facts, told by external id and place, that a person corrected: as they are to be kept."""
    corrected: dict[str, Fact] = {}
    for external_id, rows in _made(session, kind, source, places).items():
        fact = drafts.facts[places[external_id]]
        said = fact.model_dump(mode="json")
        for row in rows:
            if said[row.field] != row.original:
                session.execute(update(corrections).where(corrections.c.id == row.id).values(original=said[row.field]))
        patch = {row.field: row.value for row in rows}
        corrected[external_id] = type(fact).model_validate(said | _instead(said, patch) | patch)
    return corrected


def _instead(said: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, None]:
    """A person named another service or model: what the source calls it by the other word no longer says anything."""
    return {other: None for name, other in OTHER.items() if patch.get(name) and other in said}


def _made(session: Session, kind: str, source: str, external_ids: Iterable[str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    of_source = select(corrections).where(corrections.c.kind == kind, corrections.c.source == source)
    if session.execute(of_source.limit(1)).first() is not None:
        for part in chunks(external_ids):
            for row in session.execute(of_source.where(corrections.c.external_id.in_(part))):
                found[row.external_id].append(row)
    return found
