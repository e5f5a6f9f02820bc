"""What happened, placed on a chart: single annotations and restated periods as marks, releases and incidents counted
by period.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from ops_console.core import units
from ops_console.core.clock import MILLISECOND
from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.measures.readings import HistoryPoint, Reading
from ops_console.reporting import words
from ops_console.reporting.charts.spec import Lane, Mark

COUNTED = {AnnotationKind.RELEASE: ("release", "releases"), AnnotationKind.INCIDENT: ("incident", "incidents")}
History = Sequence[HistoryPoint]


def marks(r: Reading, history: History) -> tuple[Mark, ...]:
    """Annotations where they fall, and periods told otherwise; what lies outside the drawn time is left out."""
    if not history:
        return ()
    start, end = history[0].period.start, history[-1].period.end
    single = (each for each in r.annotations if each.count is None and each.touches(start, end))
    found = [*(_mark(r, history, each) for each in single), *_restated(history)]
    return tuple(sorted(found, key=lambda mark: mark.at))


def _restated(history: History) -> Iterator[Mark]:
    """Periods of which a report told another figure, in the middle of each."""
    for index, point in enumerate(history):
        if point.restated:
            yield Mark(index, f"{units.period_title(point.period.label)}: {words.restated(point)}", "restated")


def _mark(r: Reading, history: History, each: Annotation) -> Mark:
    text = f"{_days(history, each)}: {words.annotation(r, each)}"
    until = None if each.until is None else _where(history, each.until)
    return Mark(_where(history, each.at), text, each.kind.value, until)


def lanes(r: Reading, history: History) -> tuple[Lane, ...]:
    """One lane for each kind that was counted."""
    found = []
    for kind, (one, many) in COUNTED.items():
        counted = {each.at: each.count for each in r.annotations if each.kind is kind and each.count is not None}
        if counted:
            found.append(Lane(one, many, tuple(counted.get(point.period.start) for point in history)))
    return tuple(found)


def happened(r: Reading, history: History) -> Iterator[tuple[int | None, int | None, str]]:
    """Of each period: how many releases and incidents, where the chart counts them, and every annotation in words."""
    counted = {lane.many: lane.counts for lane in lanes(r, history)}
    releases, incidents = (counted.get(many, (None,) * len(history)) for _, many in COUNTED.values())
    single = [each for each in r.annotations if each.count is None]
    for index, point in enumerate(history):
        here = (each for each in single if each.touches(point.period.start, point.period.end))
        told = "; ".join(f"{_days(history, each)}: {words.annotation(r, each)}" for each in here)
        yield releases[index], incidents[index], told


def _where(history: History, at: datetime) -> float:
    """The place of an instant; what lies outside stands at the edge."""
    if at < history[0].period.start:
        return -0.5
    for index, point in enumerate(history):
        if point.period.contains(at):
            return index - 0.5 + (at - point.period.start) / (point.period.end - point.period.start)
    return len(history) - 0.5


def _days(history: History, each: Annotation) -> str:
    """Its day, or the first and the last."""
    zone = ZoneInfo(history[0].period.zone)
    last = each.until - MILLISECOND if each.until else each.at
    return units.span(each.at.astimezone(zone).date(), last.astimezone(zone).date())
