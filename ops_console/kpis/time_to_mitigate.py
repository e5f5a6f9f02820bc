"""Time to mitigate degradation: from the first detection of a model's decline to the end of its effect."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, literal, null, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from ops_console.contracts.vocabulary import DegradationSignal, Mitigation
from ops_console.core.columns import milliseconds_between
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.durations import Duration
from ops_console.records.degradations import Degradation

HOUR = 3600
OPEN = "still degraded"
LIMITS = {1: 48 * HOUR, 2: 120 * HOUR}
MITIGATIONS = tuple(
    each.value
    for each in (
        Mitigation.ROLLBACK_MODEL_VERSION,
        Mitigation.RETRAINED_RELEASE,
        Mitigation.RULES_FALLBACK,
        Mitigation.FEATURE_FLAG_OFF,
    )
)
"""What takes a model's decline away from those it serves."""


def time_to_mitigate() -> Duration:
    """Median time from the first detection of a degradation to its mitigation (rollback, retrained release, fallback,
    flag off), by the time of mitigation. Detections of one signal of one model less than a day apart are one episode,
    which begins with the first; a mitigation that a later detection of it contradicts did not end it. What ended by
    itself or by other means is left out and counted; a mitigation of which nobody said what it was counts. Data drift
    is no degradation: it counts only where one of these mitigations was made because of it. A mitigation dated up to
    five minutes before the detection took no time; beyond that a date is wrong, and it is left out. A daily job
    detects up to a day late: where a source knows the onset, the time from the onset stands beside. Dismissed
    detections do not count; open episodes are not in the median, they are shown with the age of the oldest. Beside it:
    the share mitigated within the limit of their tier. Limits and targets: 48 hours for tier 1; 5 days for tier 2 is
    our proposal.
    """
    ms = milliseconds_between(Degradation.detected_at, Degradation.episode_ends_at)
    out = (
        (col(Degradation.deleted_at).is_not(None), literal("deleted")),
        (col(Degradation.dismissed), literal("dismissed")),
        (col(Degradation.repeat_of).is_not(None), literal("repeat of an episode")),
        (and_(_is_drift(), ~_ended_by(MITIGATIONS)), literal("drift, not a degradation")),
    )
    columns: tuple[Any, ...] = (
        col(Degradation.entry_id).label("entry_id"),
        col(Degradation.id).label("record_id"),
        col(Degradation.signal).label("label"),
        ms.label("ms"),
        milliseconds_between(Degradation.onset_at, Degradation.detected_at).label("onset_to_detected"),
    )
    other_means = tuple(each.value for each in Mitigation if each.value not in MITIGATIONS)
    ended = case(*out, (_ended_by(other_means), literal("ended by itself or by other means")), else_=null())
    wrong = col(Degradation.mitigated_at) < col(Degradation.detected_at)
    not_ended = case(*out, (wrong, literal("mitigated before it was detected")), else_=literal(OPEN))
    mitigated = select(col(Degradation.episode_ends_at).label("anchor"), ended.label("excluded"), *columns)
    others = select(col(Degradation.detected_at).label("anchor"), not_ended.label("excluded"), *columns).where(
        col(Degradation.episode_ends_at).is_(None)
    )
    return Duration(
        rows=(mitigated, others), record="degradation", waiting=OPEN, stages=("onset_to_detected",), limits=LIMITS
    )


def _is_drift() -> ColumnElement[bool]:
    return col(Degradation.signal) == DegradationSignal.DATA_DRIFT.value


def _ended_by(means: tuple[str, ...]) -> ColumnElement[bool]:
    """One of the detections of the episode names one of these as what ended it."""
    last = aliased(Degradation)
    return (
        exists()
        .where(
            col(last.entry_id) == col(Degradation.entry_id),
            col(last.signal) == col(Degradation.signal),
            col(last.mitigated_at) == col(Degradation.episode_ends_at),
            or_(col(last.id) == col(Degradation.id), col(last.repeat_of) == col(Degradation.id)),
            col(last.deleted_at).is_(None),
            col(last.mitigation).in_(means),
        )
        .correlate(Degradation)
    )


DEFINITION = Definition(
    key="time_to_mitigate",
    number=5,
    title="Time to mitigate degradation",
    question="How long do models stay degraded?",
    formula="Median of (mitigated − first detected), over episodes mitigated",
    unit=Unit.SECONDS,
    better=Better.LOWER,
    compute=time_to_mitigate,
    targets={tier: Bounds(high=limit) for tier, limit in LIMITS.items()},
    window_days=90,
    widens=True,
    minimum=5,
    facts=("degradations",),
    also=("models",),
    statistic="median",
    best=0,
    nothing="No degradations",
    version=2,
    changes=("Data drift counts where it was mitigated, and only mitigations of the model end an episode.",),
)
