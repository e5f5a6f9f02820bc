"""Facts that belong to another catalog entry than was thought: they move, and everything is concluded again."""

from typing import Any

from sqlalchemy import Table, delete, func, select, update
from sqlmodel import Session

from ops_console.ingest.conclude import conclude_entries
from ops_console.ingest.outdated import mark_milliseconds
from ops_console.ingest.tables import (
    alerts,
    aliases,
    budgets,
    changes,
    checks,
    costs,
    degradations,
    deployments,
    documents,
    entries,
    evaluations,
    experiments,
    findings,
    gates,
    incidents,
    intervals,
    outcomes,
    proofs,
    reproductions,
    runs,
    slices,
    slos,
    statements,
    steps,
    usage,
    versions,
)

ABOUT: dict[str, Table] = {
    "deployments": deployments,
    "changes": changes,
    "incidents": incidents,
    "slos": slos,
    "model_versions": versions,
    "costs": costs,
    "budgets": budgets,
    "alerts": alerts,
    "degradations": degradations,
    "documents": documents,
    "evaluations": evaluations,
    "experiments": experiments,
    "findings": findings,
    "outcomes": outcomes,
    "pipeline_runs": runs,
    "quality_checks": checks,
    "reproductions": reproductions,
    "steps": steps,
    "usage": usage,
}
"""Every kind whose rows are about an entry."""
ANCHORS: dict[str, tuple[Any, ...]] = {
    "changes": (changes.c.first_commit_at, changes.c.merged_at),
    "incidents": (incidents.c.began_at, incidents.c.restored_at),
    "costs": (costs.c.charged_at,),
    "budgets": (budgets.c.starts_at, budgets.c.ends_at),
    "alerts": (alerts.c.started_at,),
    "degradations": (degradations.c.detected_at, degradations.c.mitigated_at),
    "documents": (documents.c.reviewed_at,),
    "evaluations": (evaluations.c.evaluated_at,),
    "experiments": (experiments.c.started_at,),
    "findings": (findings.c.first_seen_at, findings.c.fixed_at),
    "outcomes": (outcomes.c.ends_at,),
    "pipeline_runs": (runs.c.finished_at, runs.c.started_at),
    "quality_checks": (checks.c.checked_at,),
    "reproductions": (reproductions.c.checked_at,),
    "steps": (steps.c.added_at, steps.c.removed_at),
    "usage": (usage.c.anchored_at,),
}


def merge_entry(session: Session, origin: int, onto: int) -> None:
    """Move all facts of a provisional entry onto another, conclude again, and take the empty entry away."""
    _mark(session, origin)
    for table in (*ABOUT.values(), gates, aliases):
        session.execute(update(table).where(table.c.entry_id == origin).values(entry_id=onto))
    conclude_entries(session, {onto})
    for table in (intervals, statements, proofs):
        session.execute(delete(table).where(table.c.entry_id == origin))
    session.execute(delete(entries).where(entries.c.id == origin))


def _mark(session: Session, entry: int) -> None:
    """Mark where the facts of an entry stand; its releases mark themselves when they move."""
    for kind, columns in ANCHORS.items():
        edges = (edge(column) for column in columns for edge in (func.min, func.max))
        found = [at for at in session.execute(select(*edges).where(ABOUT[kind].c.entry_id == entry)).one() if at]
        mark_milliseconds(session, kind, [(min(found), max(found) + 1)] if found else [])
    started = (func.min(slices.c.started_at), func.max(slices.c.started_at))
    own = slices.join(slos, slos.c.id == slices.c.slo_id)
    first, last = session.execute(select(*started).select_from(own).where(slos.c.entry_id == entry)).one()
    mark_milliseconds(session, "sli_slices", [(first, last + 1)] if first is not None else [])
