"""From when to when there is something to compute."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, asc, desc, select, union_all
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
    anchors = dict.fromkeys(anchor_of(arm) for part in (aggregate, *aggregate.besides.values()) for arm in part.rows)
    edges = session.connection().execute(_edges(tuple(anchors))).scalars().all()
    return Span(min(edges), max(edges) + MOMENT) if edges else None


def last_of(session: Session, aggregate: Aggregate) -> datetime | None:
    """The last row of what is measured itself."""
    edges = session.connection().execute(union_all(*(_edge(anchor_of(arm), desc) for arm in aggregate.rows)))
    return max(edges.scalars(), default=None)


@cache
def _edges(anchors: tuple[Any, ...]) -> CompoundSelect[Any]:
    """The first and the last of each, as its index tells them. Measures stay, and so do their statements."""
    return union_all(*(_edge(anchor, order) for anchor in anchors for order in (asc, desc)))


def _edge(anchor: Any, order: Callable[[Any], Any]) -> Select[Any]:
    found = select(anchor.label("anchor")).where(anchor.is_not(None)).order_by(order(anchor)).limit(1)
    return select(found.subquery().c.anchor)
