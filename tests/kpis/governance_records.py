"""Steps, runs, findings and model cards with defaults, written as ingest would leave them."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ops_console.contracts.vocabulary import MODEL_CARD_FIELDS
from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.core.periods import midnight
from ops_console.records.documents import Document, Review
from ops_console.records.findings import Finding, Waiver
from ops_console.records.pipelines import PipelineRun, Step
from tests.kpis.records import Books, at

UTC = ZoneInfo("UTC")
BEFORE = at("01-05")


def live_model(
    written: Books, slug: str = "ranker", *, tier: int | None = 1, team: str | None = "Search", **how: Any
) -> int:
    """A model that always was in production."""
    entry = written.entry(slug, tier=tier, team=team, **how)
    written.stood(entry, EPOCH, FOREVER, tier=tier, team=team, lifecycle="production")
    return entry


def step(written: Books, entry_id: int, **changes: Any) -> Step:
    """A step of training that was always there, run by hand."""
    defaults = {
        **written.envelope(),
        "entry_id": entry_id,
        "name": "build",
        "flow": "train",
        "added_at": BEFORE,
        "evidence": "dag.py",
    }
    return written.keep(Step(**(defaults | changes)))


def run(written: Books, entry_id: int, finished: datetime | None, **changes: Any) -> PipelineRun:
    defaults = {
        **written.envelope(),
        "entry_id": entry_id,
        "pipeline": "train",
        "flow": "train",
        "trigger": "schedule",
        "status": "succeeded",
        "finished_at": finished,
    }
    return written.keep(PipelineRun(**(defaults | changes)))


def finding(written: Books, seen: datetime, due: str | None = None, **changes: Any) -> Finding:
    """An exception to a rule; `due` and `waived` are days of 2026, both of which end it; it is waived from the start or
    from `granted` on.
    """
    waived, granted = changes.pop("waived", None), changes.pop("granted", seen)
    defaults = {
        **written.envelope(),
        "tool": "register",
        "rule": "no approval",
        "kind": "exception",
        "severity": "high",
        "first_seen_at": seen,
        "due_at": day_after(due),
        "waived_at": day_after(waived),
    }
    kept = written.keep(Finding(**(defaults | changes)))
    if waived is not None:
        written.keep(Waiver(finding_id=kept.id, stated_at=granted, until_at=day_after(waived)))
    return kept


def day_after(day: str | None) -> datetime | None:
    """The end of a day such as `10-14`."""
    return None if day is None else midnight(date.fromisoformat(f"2026-{day}") + timedelta(days=1), UTC)


def card(written: Books, entry_id: int, reviewed: datetime | None, *, tier: int | None = 1, **changes: Any) -> Document:
    """A model card with all fields that a tier requires, and its review."""
    present = sorted(MODEL_CARD_FIELDS[tier]) if tier else ["name"]
    defaults = {
        **written.envelope(),
        "entry_id": entry_id,
        "kind": "model_card",
        "fields_present": present,
        "complete_for_tier": tier,
        "reviewed_at": reviewed,
    }
    document = written.keep(Document(**(defaults | changes)))
    if document.reviewed_at is not None:
        review(written, document, document.reviewed_at)
    return document


def review(written: Books, document: Document, reviewed: datetime, **changes: Any) -> Review:
    """What a document said at one review: what it says today, unless told otherwise."""
    defaults = {
        "document_id": document.id,
        "reviewed_at": reviewed,
        "version": document.version,
        "fields_present": document.fields_present,
        "complete_for_tier": document.complete_for_tier,
    }
    return written.keep(Review(**(defaults | changes)))
