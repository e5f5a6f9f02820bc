"""Pipelines that failed in a period, each with how often it ran."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import RunStatus
from ops_console.core.periods import Period
from ops_console.records.catalog import CatalogEntry
from ops_console.records.pipelines import PipelineRun
from ops_console.reporting.hazards import FailedPipeline, FailedPipelines

MOST_PIPELINES = 8
ENDED = (RunStatus.SUCCEEDED.value, RunStatus.FAILED.value)


def failed_pipelines(session: Session, period: Period) -> FailedPipelines:
    """Those that failed most often first; every attempt counts."""
    failed = col(PipelineRun.status) == RunStatus.FAILED.value
    finished, failures = col(PipelineRun.finished_at), func.count().filter(failed)
    ended = (
        col(PipelineRun.deleted_at).is_(None),
        col(PipelineRun.status).in_(ENDED),
        finished >= period.start,
        finished < period.end,
    )
    counted = (
        select(
            col(PipelineRun.pipeline),
            col(CatalogEntry.slug),
            failures.label("failed"),
            func.count().label("runs"),
            func.max(finished).filter(failed).label("last_at"),
        )
        .outerjoin(CatalogEntry, col(CatalogEntry.id) == PipelineRun.entry_id)
        .where(*ended)
        .group_by(col(PipelineRun.pipeline), col(CatalogEntry.slug))
        .having(failures > 0)
        .order_by(failures.desc(), col(PipelineRun.pipeline), col(CatalogEntry.slug))
    )
    found = session.execute(counted).all()
    rows = (FailedPipeline(row.pipeline, row.slug or "", row.failed, row.runs, row.last_at) for row in found)
    runs = session.scalar(select(func.count()).select_from(PipelineRun).where(*ended)) or 0
    return FailedPipelines(tuple(rows)[:MOST_PIPELINES], len(found), runs)
