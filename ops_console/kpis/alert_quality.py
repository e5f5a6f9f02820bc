"""Alert quality: how many pages were worth the interruption."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, literal, null, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from ops_console.contracts.vocabulary import AlertClass
from ops_console.core.columns import milliseconds_between
from ops_console.measures.aggregates import Share
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.durations import Duration
from ops_console.measures.loudest import Loudest
from ops_console.records.alerts import Alert

NOT_JUDGED = "not judged"
NOT_ACKNOWLEDGED = "not acknowledged"


def alert_quality() -> Share:
    """Pages that somebody had to act on ÷ pages that were judged, by the time they fired. A person's verdict decides;
    else a page that led to an incident or a ticket was actionable, and one that ended by itself without anybody
    acknowledging it was noise; the others are not judged and lower the coverage. The share if none of those had been
    actionable stands beside it. Tickets wake nobody and do not count, nor do silenced and test alerts, nor repeats of
    one firing. Beside it: the time a human took to acknowledge, and the alerts that page most often, with how many of
    their pages were actionable.
    """
    useful = or_(
        col(Alert.actionable).is_(True),
        and_(col(Alert.actionable).is_(None), or_(col(Alert.incident).is_not(None), col(Alert.ticket).is_not(None))),
    )
    noise = and_(col(Alert.ended_at).is_not(None), col(Alert.acknowledged_at).is_(None))
    judged = or_(col(Alert.actionable).is_not(None), useful, noise)
    pages = select(
        *_columns(),
        case(*_left_out(), (~judged, literal(NOT_JUDGED)), else_=null()).label("excluded"),
        case((useful, 1), else_=0).label("hit"),
    )
    return Share(
        rows=(pages,),
        record="alert",
        unknown=NOT_JUDGED,
        besides={
            "time_to_acknowledge": _acknowledgements(),
            "loudest": Loudest(rows=(pages,), unknown=NOT_JUDGED),
        },
    )


def _acknowledgements() -> Duration:
    waited = milliseconds_between(Alert.started_at, Alert.acknowledged_at)
    unanswered = (col(Alert.acknowledged_at).is_(None), literal(NOT_ACKNOWLEDGED))
    rows = select(
        *_columns(),
        case(*_left_out(), unanswered, (waited < 0, literal("acknowledged before it fired")), else_=null()).label(
            "excluded"
        ),
        waited.label("ms"),
    ).where(col(Alert.class_) == AlertClass.PAGE.value)
    return Duration(rows=(rows,), record="alert")


def _columns() -> tuple[ColumnElement[object], ...]:
    return (
        col(Alert.started_at).label("anchor"),
        col(Alert.entry_id).label("entry_id"),
        col(Alert.id).label("record_id"),
        col(Alert.name).label("label"),
    )


def _left_out() -> tuple[Any, ...]:
    return (
        (col(Alert.deleted_at).is_not(None), literal("deleted")),
        (col(Alert.class_).is_(None), literal("neither page nor ticket")),
        (col(Alert.class_) != AlertClass.PAGE.value, literal("ticket")),
        (col(Alert.test), literal("test")),
        (col(Alert.silenced), literal("silenced")),
        (is_repeat(), literal("repeat of a firing")),
    )


def is_repeat() -> ColumnElement[bool]:
    """A notification sent again: the same firing, which began at the same instant. It is asked row by row: PostgreSQL
    would else read every alert there is, be it for those of a day.
    """
    first = aliased(Alert)
    earlier = (
        exists()
        .where(
            col(first.firing) == col(Alert.firing),
            col(first.started_at) == col(Alert.started_at),
            col(first.id) < col(Alert.id),
            col(first.deleted_at).is_(None),
        )
        .correlate(Alert)
    )
    return case((earlier, true()), else_=false())


DEFINITION = Definition(
    key="alert_quality",
    number=14,
    title="Alert quality",
    question="Are pages worth the interruption?",
    formula="Actionable pages ÷ pages judged",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    compute=alert_quality,
    targets={None: Bounds(low=0.70)},
    minimum=20,
    facts=("alerts",),
    also=("models",),
    statistic="share",
    best=1,
    nothing="No pages",
)
