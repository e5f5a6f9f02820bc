"""What each document said when it was reviewed. Every review is kept, whatever order facts come in: a card reviewed
again today was no worse a year ago.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, delete, insert, select
from sqlmodel import Session

from ops_console.contracts.fact import Fact
from ops_console.contracts.quality_facts import DocumentFact
from ops_console.core.clock import milliseconds
from ops_console.ingest.finish_quality import complete_for, filled
from ops_console.ingest.outdated import mark_instants
from ops_console.ingest.tables import among, documents, reviews

R = reviews.c
Held = dict[tuple[int, int], Mapping[str, Any]]
"""Reviews by document and instant."""


def keep_reviews(session: Session, source: str, told: Sequence[Fact]) -> None:
    """Enter what each fact, even one that came late, says of its document at its review."""
    facts = [fact for fact in told if isinstance(fact, DocumentFact) and fact.reviewed_at and not fact.deleted]
    ours = and_(documents.c.source == source, among(documents.c.external_id, {fact.external_id for fact in facts}))
    rows = session.execute(select(documents.c.external_id, documents.c.id).where(ours))
    keys = {row.external_id: row.id for row in rows}
    kept = session.execute(select(reviews).where(among(R.document_id, keys.values()))).mappings()
    held: Held = {(row["document_id"], row["reviewed_at"]): dict(row) for row in kept}
    changed: Held = {}
    for fact in facts:
        row = _row(keys[fact.external_id], fact)
        key = row["document_id"], row["reviewed_at"]
        before = changed.get(key) or held.get(key)
        if before is None or (not _is_older(row, before) and _said(row) != _said(before)):
            changed[key] = row
    _rewrite(session, held, changed)


def forget_review(session: Session, document: Mapping[str, Any]) -> None:
    """Take away the newest review of a document, of which a correction tells otherwise."""
    newest = and_(R.document_id == document["id"], R.reviewed_at == document["reviewed_at"])
    session.execute(delete(reviews).where(newest))


def _row(document: int, fact: DocumentFact) -> dict[str, Any]:
    present = filled(fact.fields_present)
    return {
        "document_id": document,
        "reviewed_at": milliseconds(fact.reviewed_at) if fact.reviewed_at else None,
        "version": fact.version,
        "fields_present": present,
        "complete_for_tier": complete_for(fact.kind, present),
        "updated_at": milliseconds(fact.updated_at) if fact.updated_at else None,
    }


def _is_older(review: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    at, held = review["updated_at"], other["updated_at"]
    return at is not None and held is not None and bool(at < held)


def _said(review: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(review[name] for name in ("version", "fields_present", "complete_for_tier", "updated_at"))


def _rewrite(session: Session, held: Held, changed: Held) -> None:
    replaced = [held[key]["id"] for key in changed if key in held]
    session.execute(delete(reviews).where(among(R.id, replaced)))
    if changed:
        session.execute(insert(reviews), list(changed.values()))
        mark_instants(session, "documents", (reviewed_at for _, reviewed_at in changed))
