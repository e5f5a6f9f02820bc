"""What the first evaluation of each pipeline run's blocking checks said.

A re-run that passes hides no failure: over all attempts of a run, the first evaluation of each check counts. A check
that could not be evaluated is not a pass; one that was skipped was not evaluated.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, delete, func, insert, select
from sqlmodel import Session

from ops_console.contracts.vocabulary import CheckOutcome
from ops_console.ingest.outdated import mark_instants
from ops_console.ingest.tables import among, checks, chunks, gates, runs

C = checks.c
KIND = "quality_checks"
RUN: ColumnElement[str] = func.coalesce(runs.c.run, C.pipeline_run)
"""What the attempts of one run share."""
ATTEMPTS = checks.outerjoin(runs, (runs.c.source == C.source) & (runs.c.external_id == C.pipeline_run))


def conclude_gates(session: Session, named: Collection[str]) -> None:
    """Conclude the gates of some runs again, known by the names of their attempts or their own."""
    for part in chunks(sorted(named)):
        keys = _keys(session, part)
        for some in chunks(sorted(keys)):
            attempts = session.execute(select(runs.c.external_id).where(among(runs.c.run, some))).scalars()
            _conclude(session, some, sorted({*some, *attempts}))


def _keys(session: Session, named: Collection[str]) -> set[str]:
    """The runs that attempts of these names belong to, and those they may have belonged to before."""
    rows = session.execute(select(RUN).select_from(ATTEMPTS).where(among(C.pipeline_run, named)).distinct())
    return {*named, *rows.scalars()}


def _conclude(session: Session, keys: Collection[str], attempts: Collection[str]) -> None:
    mine = among(gates.c.run, keys)
    before = session.execute(select(gates.c.ended_at).where(mine)).scalars().all()
    session.execute(delete(gates).where(mine))
    columns = ("source", "run", "entry_id", "ended_at", "checks", "failed", "errored", "with_ticket", "passed")
    session.execute(insert(gates).from_select(columns, _gates(_firsts(keys, attempts))))
    after = session.execute(select(gates.c.ended_at).where(mine)).scalars().all()
    mark_instants(session, KIND, {*before, *after})


def _firsts(keys: Collection[str], attempts: Collection[str]) -> CTE:
    """Every evaluation of a blocking check, numbered within its run."""
    same_check = (C.source, RUN, C.dataset, C.column, C.name)
    turn = func.row_number().over(partition_by=same_check, order_by=(C.checked_at, C.id))
    columns = (C.source, RUN.label("run"), C.outcome, C.checked_at, C.ticket, turn.label("turn"))
    entry = func.coalesce(runs.c.entry_id, C.entry_id).label("entry_id")
    return (
        select(*columns, entry)
        .select_from(ATTEMPTS)
        .where(among(C.pipeline_run, attempts), among(RUN, keys), C.blocking, C.deleted_at.is_(None))
        .where(C.outcome != CheckOutcome.SKIPPED.value)
        .cte("evaluated")
    )


def _gates(first: CTE) -> Select[Any]:
    failed = func.sum(case((first.c.outcome == CheckOutcome.FAILED.value, 1), else_=0))
    errored = func.sum(case((first.c.outcome == CheckOutcome.ERRORED.value, 1), else_=0))
    with_ticket = func.sum(
        case(((first.c.outcome != CheckOutcome.PASSED.value) & first.c.ticket.is_not(None), 1), else_=0)
    )
    return (
        select(
            first.c.source,
            first.c.run,
            func.max(first.c.entry_id),
            func.max(first.c.checked_at),
            func.count(),
            failed,
            errored,
            with_ticket,
            (failed + errored) == 0,
        )
        .where(first.c.turn == 1)
        .group_by(first.c.source, first.c.run)
    )
