"""MTTR: how long it takes to restore service."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import FromClause, and_, case, func, literal, null, select
from sqlmodel import col

from ops_console.core.columns import milliseconds_between
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.durations import Duration
from ops_console.records.incidents import Incident, primary_source

HOUR = 3600
OPEN = "still open"


def mttr() -> Duration:
    """Mean time from the start of impact (else detection) to the restoration of service, by the time of restoration.
    An incident that was reopened lasts as long as all its stretches of trouble, and stays in the period of its first
    restoration; while it is open again it waits. The target binds on the mean, as the name says; median, p75 and p90
    stand beside it. Left out and counted: drills, maintenance, false positives, duplicates, deleted incidents,
    incidents posted with no duration, and those restored before they began. An incident with merged duplicates began
    when the earliest of them did. Open incidents are not in the mean; they are shown with the age of the oldest.
    Beside it stands the time from detection to the first acknowledgement, by the time of detection.
    """
    merged = _merged()
    began = case((merged.c.began_at < Incident.began_at, merged.c.began_at), else_=col(Incident.began_at))
    first = milliseconds_between(began, Incident.restored_at)
    out = (
        (col(Incident.deleted_at).is_not(None), literal("deleted")),
        (col(Incident.drill), literal("drill")),
        (col(Incident.maintenance), literal("maintenance")),
        (col(Incident.false_positive), literal("false positive")),
        (col(Incident.duplicate_of).is_not(None), literal("duplicate")),
    )
    closed = case(
        *out,
        (began.is_(None), literal("no start time")),
        (first == 0, literal("zero duration")),
        (first < 0, literal("restored before it began")),
        else_=null(),
    )
    columns: tuple[Any, ...] = (
        col(Incident.entry_id).label("entry_id"),
        col(Incident.id).label("record_id"),
        col(Incident.title).label("label"),
        (first + Incident.reopened_ms).label("ms"),
    )
    duplicates = and_(merged.c.source == Incident.source, merged.c.duplicate_of == Incident.external_id)
    restored = select(col(Incident.restored_at).label("anchor"), closed.label("excluded"), *columns)
    waiting = select(
        col(Incident.began_at).label("anchor"), case(*out, else_=literal(OPEN)).label("excluded"), *columns
    )
    arms = (
        restored.where(col(Incident.reopened_at).is_(None)),
        waiting.where(col(Incident.restored_at).is_(None)),
        waiting.where(col(Incident.reopened_at).is_not(None)),
    )
    rows = tuple(arm.outerjoin(merged, duplicates) for arm in arms)
    return Duration(
        rows=rows,
        record="incident",
        headline="mean",
        waiting=OPEN,
        besides={"time_to_acknowledge": _acknowledgement(out)},
    )


def _acknowledgement(out: Sequence[tuple[Any, Any]]) -> Duration:
    """From detection to the first acknowledgement. A resolution is none: what nobody acknowledged is left out."""
    ms = milliseconds_between(Incident.detected_at, Incident.acknowledged_at)
    excluded = case(
        *out,
        (ms.is_(None), literal("not acknowledged")),
        (ms < 0, literal("acknowledged before it was detected")),
        else_=null(),
    )
    rows = select(
        col(Incident.detected_at).label("anchor"),
        col(Incident.entry_id).label("entry_id"),
        col(Incident.id).label("record_id"),
        col(Incident.title).label("label"),
        excluded.label("excluded"),
        ms.label("ms"),
    )
    return Duration(rows=(rows,), record="incident")


def _merged() -> FromClause:
    """The earliest start among the duplicates merged into each incident."""
    primary = primary_source()
    return (
        select(primary.label("source"), col(Incident.duplicate_of), func.min(Incident.began_at).label("began_at"))
        .where(
            col(Incident.duplicate_of).is_not(None),
            col(Incident.false_positive).is_(False),
            col(Incident.drill).is_(False),
            col(Incident.deleted_at).is_(None),
        )
        .group_by(primary, col(Incident.duplicate_of))
        .subquery("merged")
    )


DEFINITION = Definition(
    key="mttr",
    number=13,
    title="MTTR, time to restore ML incidents",
    question="How fast do we restore service?",
    formula="Mean of (restored − impact started, else detected, + time broken again), over incidents restored",
    unit=Unit.SECONDS,
    better=Better.LOWER,
    compute=mttr,
    targets={1: Bounds(high=HOUR), 2: Bounds(high=4 * HOUR), 3: Bounds(high=8 * HOUR)},
    window_days=90,
    widens=True,
    minimum=5,
    facts=("incidents",),
    also=("models",),
    statistic="mean",
    best=0,
    nothing="No incidents",
)
