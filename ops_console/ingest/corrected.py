"""Corrections laid over what sources say. They win, and what the source says meanwhile is kept beside them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import Session

from ops_console.contracts.fact import Fact
from ops_console.ingest.tables import chunks, corrections

OTHER = {"service": "model", "model": "service"}


def overlay(session: Session, kind: str, source: str, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts by external id as they are to be kept."""
    made = _made(session, kind, source, facts)
    corrected = dict(facts)
    for external_id, rows in made.items():
        said = facts[external_id].model_dump(mode="json")
        for row in rows:
            if said[row.field] != row.original:
                session.execute(update(corrections).where(corrections.c.id == row.id).values(original=said[row.field]))
        patch = {row.field: row.value for row in rows}
        corrected[external_id] = type(facts[external_id]).model_validate(said | _instead(said, patch) | patch)
    return corrected


def _instead(said: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, None]:
    """A person named another service or model: what the source calls it by the other word no longer says anything."""
    return {other: None for name, other in OTHER.items() if patch.get(name) and other in said}


def _made(session: Session, kind: str, source: str, facts: Mapping[str, Fact]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    of_source = select(corrections).where(corrections.c.kind == kind, corrections.c.source == source)
    if session.execute(of_source.limit(1)).first() is not None:
        for part in chunks(facts):
            for row in session.execute(of_source.where(corrections.c.external_id.in_(part))):
                found[row.external_id].append(row)
    return found
