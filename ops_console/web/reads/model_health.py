"""One model at a glance: what its data, its quality and its training say today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, case, func, select
from sqlmodel import Session, col

from ops_console.kpis.data_gate_pass_rate import is_backfill
from ops_console.records.catalog import CatalogEntry
from ops_console.records.degradations import Degradation
from ops_console.records.evaluations import Evaluation
from ops_console.records.pipelines import Gate, PipelineRun
from ops_console.web.reads.model import episodes, trainings

MOST_EVALUATIONS = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """How the live version was judged last: its primary metric, and how many guardrails held."""

    primary: Evaluation | None
    guardrails: int
    held: int


@dataclass(frozen=True, slots=True)
class Gates:
    """Runs whose data was checked in a period, and those that passed at first."""

    passed: int
    runs: int


def latest_episodes(session: Session, entry_id: int, limit: int) -> list[Degradation]:
    """The newest episodes of drift and the like."""
    rows = episodes(entry_id).order_by(col(Degradation.detected_at).desc(), col(Degradation.id).desc())
    return list(session.scalars(rows.limit(limit)))


def latest_trainings(session: Session, entry_id: int, limit: int) -> list[PipelineRun]:
    """The newest trainings that ended."""
    rows = trainings(entry_id).order_by(col(PipelineRun.finished_at).desc(), col(PipelineRun.id).desc())
    return list(session.scalars(rows.limit(limit)))


def open_episodes(found: Sequence[Degradation]) -> list[Degradation]:
    """Those that nobody has mitigated."""
    return [each for each in found if each.episode_ends_at is None]


def gates(session: Session, entry_id: int, start: datetime, end: datetime) -> Gates:
    """How the data gates of a period went."""
    passed = func.sum(case((col(Gate.passed), 1), else_=0).cast(Integer))
    mine = select(passed, func.count(col(Gate.id))).where(col(Gate.entry_id) == entry_id, ~is_backfill())
    found = session.execute(mine.where(col(Gate.ended_at) >= start, col(Gate.ended_at) < end)).one()
    return Gates(int(found[0] or 0), int(found[1]))


def judged(session: Session, entry: CatalogEntry, version: str) -> Judged:
    """The latest evaluation of each metric of a version, over the whole of its data."""
    mine = select(Evaluation).where(col(Evaluation.entry_id) == entry.id, col(Evaluation.version) == version)
    mine = mine.where(col(Evaluation.slice).is_(None), col(Evaluation.deleted_at).is_(None))
    rows = session.scalars(mine.order_by(col(Evaluation.evaluated_at).desc()).limit(MOST_EVALUATIONS))
    latest: dict[str, Evaluation] = {}
    for row in rows:
        latest.setdefault(row.metric, row)
    guardrails = [each for each in latest.values() if each.guardrail and each.regressed is not None]
    primary = latest.get(entry.primary_metric or "")
    return Judged(primary, len(guardrails), sum(not each.regressed for each in guardrails))
