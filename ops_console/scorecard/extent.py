"""From when to when there is something to compute."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session

from ops_console.measures.aggregates import Aggregate, anchor_of
from ops_console.measures.figures import Span
from ops_console.scorecard.known import Window
from ops_console.scorecard.reach import MOMENT

FEW_PERIODS = timedelta(days=800)


def bounded(stretches: Mapping[Window, Sequence[Span]]) -> Span | None:
    """A few periods are computed without asking where the history begins and ends, which takes longer the longer it is;
    of all time they are not.
    """
    spans = [span for each in stretches.values() for span in each]
    if not spans or max(span.end - span.start for span in spans) > FEW_PERIODS:
        return None
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def extent_of(session: Session, aggregate: Aggregate) -> Span | None:
    """From the first row that may be a candidate to just after the last; outside there is nothing to compute."""
    edges: list[datetime] = []
    for arm in (arm for part in (aggregate, *aggregate.besides.values()) for arm in part.rows):
        anchor = anchor_of(arm)
        present = select(anchor.label("anchor")).where(anchor.is_not(None)).limit(1)
        edges += session.execute(present.order_by(anchor.asc())).scalars().all()
        edges += session.execute(present.order_by(anchor.desc())).scalars().all()
    return Span(min(edges), max(edges) + MOMENT) if edges else None
