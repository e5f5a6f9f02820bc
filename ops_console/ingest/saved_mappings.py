"""The mapping that is kept for a source, for every later file of it."""

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.core.clock import now
from ops_console.ingest.mapping import Mapping, mapping_from
from ops_console.records import audit, imports
from ops_console.records.audit import Decision


def saved_mapping(session: Session, source: str, kind: str) -> Mapping | None:
    """The mapping kept for a source's facts of one kind."""
    kept = session.scalars(
        select(imports.Mapping).where(col(imports.Mapping.source) == source, col(imports.Mapping.kind) == kind)
    ).first()
    return mapping_from(kept.document, kind, f"The mapping saved for {source}") if kept else None


def save_mapping(session: Session, source: str, kind: str, mapping: Mapping, by: str) -> None:
    """Keep a mapping for every later file of the source."""
    table = imports.Mapping
    kept = session.scalars(select(table).where(col(table.source) == source, col(table.kind) == kind)).first()
    kept = kept or table(source=source, kind=kind, saved_at=now())
    before, after = kept.document, mapping.document()
    if before == after:
        return
    kept.document, kept.saved_at, kept.saved_by = after, now(), by
    session.add(kept)
    session.flush()
    was, is_now = ({"source": source, "kind": kind, "mapping": document} for document in (before, after))
    audit.record(session, Decision("mapping saved", "mapping", audit.number(kept), by, was, is_now))
