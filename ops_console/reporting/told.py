"""The figures of a run, one row each, so that a page can ask what was told of a period without opening a snapshot."""

from sqlalchemy import delete
from sqlmodel import Session, col

from ops_console.measures.readings import Reading
from ops_console.measures.words import bare
from ops_console.records.reports import ReportRun, SentFigure
from ops_console.reporting import words
from ops_console.reporting.ledger import key_of
from ops_console.reporting.snapshot import of_run
from ops_console.scorecard import restated


def replace(session: Session, run: ReportRun) -> None:
    """Write what a run tells beside it; a run that reached nobody may have told something else before."""
    session.flush()
    number, snapshot = key_of(run), of_run(run)
    session.execute(delete(SentFigure).where(col(SentFigure.run_id) == number))
    told = (*snapshot.readings, *snapshot.tier_1)
    session.add_all(_figure(number, reading) for reading in told if restated.tells(reading))
    session.flush()


def _figure(run: int, reading: Reading) -> SentFigure:
    kpi, scope, window, starts_at = restated.key_of(reading)
    return SentFigure(
        run_id=run,
        kpi=kpi,
        scope_kind=scope.kind.value,
        scope_key=scope.key,
        grain=reading.period.grain or "",
        starts_at=starts_at,
        window=window,
        value=reading.value,
        k=reading.k,
        n=reading.n,
        said=words.value(reading),
        figure=bare(reading),
    )
