"""Time to mitigate degradation: from the first detection of a model's decline to the end of its effect."""

from typing import Any

from sqlalchemy import case, literal, null, select
from sqlmodel import col

from ops_console.core.columns import milliseconds_between
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.durations import Duration
from ops_console.records.degradations import Degradation

HOUR = 3600
OPEN = "still degraded"


def time_to_mitigate() -> Duration:
    """Median time from the first detection of a degradation to its mitigation (rollback, retrained release, fallback,
    flag off), by the time of mitigation. Detections of one signal of one model less than a day apart are one episode,
    which begins with the first; a mitigation that a later detection of it contradicts did not end it. A daily job
    detects up to a day late: where a source knows the onset, the time from the onset stands beside. Dismissed
    detections, and drift that nobody found to be a degradation, do not count; open episodes are not in the median,
    they are shown with the age of the oldest. Targets: 48 hours for tier 1; 5 days for tier 2 is our proposal.
    """
    ms = milliseconds_between(Degradation.detected_at, Degradation.episode_ends_at)
    out = (
        (col(Degradation.deleted_at).is_not(None), literal("deleted")),
        (col(Degradation.dismissed), literal("dismissed")),
        (col(Degradation.repeat_of).is_not(None), literal("repeat of an episode")),
    )
    columns: tuple[Any, ...] = (
        col(Degradation.entry_id).label("entry_id"),
        col(Degradation.id).label("record_id"),
        col(Degradation.signal).label("label"),
        ms.label("ms"),
        milliseconds_between(Degradation.onset_at, Degradation.detected_at).label("onset_to_detected"),
    )
    mitigated = select(
        col(Degradation.episode_ends_at).label("anchor"), case(*out, else_=null()).label("excluded"), *columns
    )
    others = select(
        col(Degradation.detected_at).label("anchor"), case(*out, else_=literal(OPEN)).label("excluded"), *columns
    ).where(col(Degradation.episode_ends_at).is_(None))
    return Duration(rows=(mitigated, others), record="degradation", waiting=OPEN, stages=("onset_to_detected",))


DEFINITION = Definition(
    key="time_to_mitigate",
    number=5,
    title="Time to mitigate degradation",
    question="How long do models stay degraded?",
    formula="Median of (mitigated − first detected), over episodes mitigated",
    unit=Unit.SECONDS,
    better=Better.LOWER,
    compute=time_to_mitigate,
    targets={1: Bounds(high=48 * HOUR), 2: Bounds(high=120 * HOUR)},
    window_days=90,
    widens=True,
    minimum=5,
    facts=("degradations",),
    also=("models",),
    statistic="median",
    best=0,
    nothing="No degradations",
)
