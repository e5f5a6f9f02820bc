"""The data of a drawing in full precision, one row per place on it, under the names machines know."""

from collections.abc import Iterator, Sequence
from typing import Any

from ops_console.measures.definition import Unit
from ops_console.measures.readings import HistoryPoint, Reading
from ops_console.reporting.charts.from_reading import complete_history
from ops_console.reporting.charts.happened import happened

SPREAD = ("mean", "median", "p75", "p90")
COLUMNS = (
    "kpi",
    "scope",
    "period",
    "period_start",
    "period_end",
    "value",
    "unit",
    "currency",
    "k",
    "n",
    *SPREAD,
    "target_low",
    "target_high",
    "usual_low",
    "usual_high",
    "is_running",
    "restated_value",
    "restated_said",
    "restated_reads",
    "restated_run_id",
    "restated_sent_at",
    "releases",
    "incidents",
    "annotations",
)
OBJECTIVE_COLUMNS = ("kpi", "scope", "period", "slo", "objective", "actual", "budget_used", "met", "state")


def history_rows(readings: Sequence[Reading]) -> Iterator[tuple[Any, ...]]:
    """The history of each reading, oldest first, as its chart draws it, with what the chart says happened."""
    return (row for reading in readings for row in _rows(reading))


def _rows(r: Reading) -> Iterator[tuple[Any, ...]]:
    history = complete_history(r)
    for point, beside in zip(history, happened(r, history), strict=True):
        yield (*_row(r, point), *beside)


def _row(r: Reading, point: HistoryPoint) -> tuple[Any, ...]:
    spread, target = point.spread or {}, point.target
    usual = (None, None) if r.definition.unit is Unit.MONEY else (r.lower, r.upper)
    named = (r.key, str(r.scope), point.period.label, point.period.start, point.period.end)
    figure = (point.value, r.definition.unit.value, r.currency, point.k, point.n)
    target_sides = (target.low, target.high) if target else (None, None)
    statistics = (spread.get(name) for name in SPREAD)
    return (*named, *figure, *statistics, *target_sides, *usual, point.is_running, *_told(point))


def _told(point: HistoryPoint) -> tuple[Any, ...]:
    """What a report told otherwise of the period."""
    told = point.restated
    return (told.value, told.said, told.reads, told.run_id, told.sent_at) if told else (None,) * 5


def objective_rows(r: Reading) -> Iterator[tuple[Any, ...]]:
    """Each objective of an SLO reading against its error budget."""
    for slo in r.detail.get("slos") or ():
        known = (slo.get(name) for name in ("name", "objective", "actual", "budget_used", "met", "state"))
        yield (r.key, str(r.scope), r.period.label, *known)
