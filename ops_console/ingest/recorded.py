"""In which table each kind of fact is kept, and where its rows stand on the calendar."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import Table
from sqlmodel import Session

from ops_console.core.clock import EPOCH, milliseconds
from ops_console.core.columns import FOREVER
from ops_console.ingest import tables
from ops_console.ingest.drafts import Drafter
from ops_console.ingest.shapes import Values
from ops_console.records.workspace import current

ALWAYS = (milliseconds(EPOCH), milliseconds(FOREVER))


@dataclass(frozen=True)
class Kept:
    """`anchors` are the columns that place a row in time. A kind that is `timeless` has none and changes figures of all
    times.
    """

    table: Table
    anchors: tuple[str, ...] = ()
    timeless: bool = False

    @cached_property
    def needs_slo(self) -> bool:
        return "slo_id" in self.table.c


KEPT: dict[str, Kept] = {
    "people": Kept(tables.people, timeless=True),
    "model_versions": Kept(tables.versions, ("created_at", "ready_at")),
    "deployments": Kept(tables.deployments, ("finished_at", "started_at")),
    "changes": Kept(tables.changes, ("merged_at", "first_commit_at")),
    "incidents": Kept(tables.incidents, ("began_at", "detected_at", "restored_at")),
    "slos": Kept(tables.slos, timeless=True),
    "sli_slices": Kept(tables.slices, ("started_at",)),
    "budgets": Kept(tables.budgets, ("starts_at", "ends_at")),
    "survey_responses": Kept(tables.answers, ("anchored_at",)),
    "degradations": Kept(tables.degradations, ("detected_at", "mitigated_at")),
    "evaluations": Kept(tables.evaluations, ("evaluated_at",)),
    "reproductions": Kept(tables.reproductions, ("checked_at",)),
    "experiments": Kept(tables.experiments, ("started_at",)),
    "outcomes": Kept(tables.outcomes, ("ends_at",)),
    "documents": Kept(tables.documents, ("reviewed_at",)),
    "alerts": Kept(tables.alerts, ("started_at", "notified_at")),
    "shifts": Kept(tables.shifts, ("started_at", "ended_at")),
    "pipeline_runs": Kept(tables.runs, ("finished_at", "started_at")),
    "quality_checks": Kept(tables.checks, ("checked_at",)),
    "steps": Kept(tables.steps, ("added_at", "automated_since", "removed_at")),
    "findings": Kept(tables.findings, ("first_seen_at", "fixed_at", "due_at", "waived_at")),
    "requests": Kept(tables.requests, ("submitted_at", "first_usable_at", "done_at", "cancelled_at")),
    "initiatives": Kept(tables.initiatives, ("delivered_at", "measured_at")),
    "toil": Kept(tables.toil, ("anchored_at",)),
    "capacity": Kept(tables.capacity, ("starts_at", "ends_at")),
    "positions": Kept(tables.positions, ("planned_at", "filled_at", "cancelled_at")),
    "skills": Kept(tables.skills, ("assessed_at",)),
    "usage": Kept(tables.usage, ("anchored_at",)),
}
"""Models are kept by the catalog and costs by their ledger."""


def drafter_of(session: Session, kind: str) -> Drafter:
    """Who drafts the rows of a kind; of one that is not kept row by row, no more than who told what."""
    columns = KEPT[kind].table.c.keys() if kind in KEPT else ()
    return Drafter(kind, frozenset(columns), current(session).zone)


def spans(kind: str, rows: Iterable[Values]) -> Iterator[tuple[int, int]]:
    """For each row that has a place in time, from the first to just after the last instant that says so."""
    kept = KEPT[kind]
    for row in rows:
        found = [at for name in kept.anchors if (at := row[name]) is not None]
        if found:
            yield min(found), max(found) + 1
        elif kept.timeless:
            yield ALWAYS


def moment(at: int) -> datetime:
    return EPOCH + timedelta(milliseconds=at)
