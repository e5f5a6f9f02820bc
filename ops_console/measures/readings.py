"""The reading object: one figure with everything a reader needs to believe it. Views format it; they never compute.

Field names are those of the machine-readable forms (API, `--json`, CSV). Durations are seconds, shares 0–1, money
Decimal with its currency, instants UTC; `None` is unknown.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from typing_extensions import TypedDict

from ops_console.core.clock import Moment, iso
from ops_console.core.periods import Period
from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.measures.definition import Bounds, Definition, Unit
from ops_console.measures.figures import Figure
from ops_console.measures.restated import MachineRestated, Restated, machine_restated
from ops_console.measures.scopes import Scope


class Status(StrEnum):
    ON_TARGET = "on_target"
    AT_RISK = "at_risk"
    OFF_TARGET = "off_target"
    NONE = "no_status"


class Signal(StrEnum):
    BETTER = "better_than_usual"
    WORSE = "worse_than_usual"
    HIGHER = "higher_than_usual"
    LOWER = "lower_than_usual"
    USUAL = "usual_range"
    TOO_LITTLE = "too_little_history"


class DataState(StrEnum):
    """In order: the first that applies stands in place of the value, except partial and estimated, which join it."""

    NOT_CONNECTED = "not_connected"
    FIRST_SYNC = "first_sync"
    STALE = "stale"
    NO_CASES = "no_cases"
    REAL_ZERO = "real_zero"
    TOO_FEW = "too_few"
    PARTIAL = "partial"
    ESTIMATED = "estimated"
    COMPLETE = "complete"


@dataclass(slots=True)  # freezing would double what one costs, of which a page takes thousands
class HistoryPoint:
    """One complete period of the same grain; `value` is None where it is unknown (a gap, never a zero)."""

    period: Period
    value: float | None
    k: Decimal | None = None
    n: Decimal | None = None
    spread: dict[str, float] | None = None
    target: Bounds | None = None
    is_running: bool = False
    definition_version: int | None = None
    restated: Restated | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One KPI for one scope and period, judged."""

    definition: Definition
    scope: Scope
    period: Period
    value: float | None
    k: Decimal | None
    n: Decimal | None
    currency: str | None
    spread: dict[str, float] | None
    detail: dict[str, Any]
    excluded: dict[str, int]
    target: Bounds | None
    target_from: datetime | None
    target_set_by: str | None
    status: Status
    status_reason: str
    signal: Signal
    signal_rule: str | None
    centre: float | None
    lower: float | None
    upper: float | None
    limit_points: int
    trial: bool
    previous: float | None
    previous_period: Period | None
    delta: float | None
    interval_low: float | None
    interval_high: float | None
    data_state: DataState
    data_reason: str
    coverage_known: int | None
    coverage_expected: int | None
    as_of: datetime | None
    sources: tuple[str, ...]
    window_start: datetime
    window_end: datetime
    window_days: int | None
    is_running: bool
    definition_version: int
    records_url: str
    outlook: str | None = None
    leans: int = 0
    baseline_from: datetime | None = None
    baseline_reason: str | None = None
    baseline_set_by: str | None = None
    previous_k: Decimal | None = None
    previous_n: Decimal | None = None
    previous_until: datetime | None = None
    """Where the figure compared with ends: inside its period while the reading's own still runs."""
    restated: Restated | None = None
    previous_restated: Restated | None = None
    annotations: tuple[Annotation, ...] = field(default=(), repr=False)
    history: tuple[HistoryPoint, ...] = field(default=(), repr=False)

    @property
    def key(self) -> str:
        return self.definition.key

    @property
    def figure(self) -> Figure:
        """What was judged."""
        known, expected = self.coverage_known, self.coverage_expected
        return Figure(self.value, self.k, self.n, self.spread, self.detail, self.excluded, known, expected)


Quantity = int | str | None
"""A number of cases; for money, digits as text, so that none is lost."""


class MachineBounds(TypedDict):
    """At least `low`, at most `high`, in the unit of the KPI; `strict` leaves the end itself out."""

    low: float | None
    high: float | None
    strict: bool


class MachineCoverage(TypedDict):
    """How many of the inputs that were expected are known."""

    known: int
    expected: int


class MachineAnnotation(TypedDict):
    """What happened at an instant, or in `[at, until)`, and who wrote it down. `count` says how many releases or
    incidents there were; `target` is the one in force from then on, `version` the definition's.
    """

    at: Moment
    until: Moment | None
    kind: AnnotationKind
    text: str
    scope: str
    by: str | None
    made_at: Moment | None
    count: int | None
    target: MachineBounds | None
    version: int | None


class MachinePoint(TypedDict):
    """One period of a history. `value` is null where it is unknown: a gap, never a zero. `restated` is about the figure
    that reports tell of the period, which for some KPIs reaches back behind it.
    """

    period: str
    value: float | None
    k: Quantity
    n: Quantity
    target: MachineBounds | None
    is_running: bool
    definition_version: int | None
    restated: MachineRestated | None


class MachineReading(TypedDict):
    """One figure with everything a reader needs to believe it. Null is unknown, never zero.

    `value` is in `unit`: seconds, a share of 1, a score, a count, or money as spent ÷ budget. `k` of `n` cases made it.
    It speaks of `[window_start, window_end)`, which for some KPIs reaches back behind the period. `status` judges it
    against `target`; `signal` says whether its change is more than chance, by the limits `lower` and `upper` around
    `centre`; `data_state` says how far the data can be believed, and `excluded` what was left out and why.
    `restated` says that a report was sent with another figure, `previous_restated` the same of the one compared with.
    """

    key: str
    title: str
    scope: str
    period: str
    period_start: Moment
    period_end: Moment
    value: float | None
    unit: Unit
    statistic: str
    currency: str | None
    k: Quantity
    n: Quantity
    spread: dict[str, float] | None
    target: MachineBounds | None
    target_from: Moment | None
    status: Status
    status_reason: str
    signal: Signal
    signal_rule: str | None
    centre: float | None
    lower: float | None
    upper: float | None
    limit_points: int
    trial: bool
    leans: int
    baseline_from: Moment | None
    baseline_reason: str | None
    baseline_set_by: str | None
    previous: float | None
    previous_k: Quantity
    previous_n: Quantity
    previous_period: str | None
    previous_until: Moment | None
    previous_restated: MachineRestated | None
    delta: float | None
    interval_low: float | None
    interval_high: float | None
    data_state: DataState
    data_reason: str
    coverage: MachineCoverage | None
    excluded: dict[str, int]
    detail: dict[str, Any]
    as_of: Moment | None
    sources: list[str]
    window_start: Moment
    window_end: Moment
    window_days: int | None
    is_running: bool
    outlook: str | None
    definition_version: int
    restated: MachineRestated | None
    annotations: list[MachineAnnotation]
    records_url: str


def machine(reading: Reading) -> MachineReading:
    """The reading as JSON can carry it, under the names every machine-readable form uses."""
    definition = reading.definition
    is_money = definition.unit is Unit.MONEY
    return {
        "key": reading.key,
        "title": definition.title,
        "scope": str(reading.scope),
        "period": reading.period.label,
        "period_start": iso(reading.period.start),
        "period_end": iso(reading.period.end),
        "value": reading.value,
        "unit": definition.unit,
        "statistic": definition.statistic,
        "currency": reading.currency,
        "k": _amount(reading.k, is_money),
        "n": _amount(reading.n, is_money),
        "spread": reading.spread,
        "target": bounds(reading.target),
        "target_from": iso(reading.target_from),
        "status": reading.status,
        "status_reason": reading.status_reason,
        "signal": reading.signal,
        "signal_rule": reading.signal_rule,
        "centre": reading.centre,
        "lower": reading.lower,
        "upper": reading.upper,
        "limit_points": reading.limit_points,
        "trial": reading.trial,
        "leans": reading.leans,
        "baseline_from": iso(reading.baseline_from),
        "baseline_reason": reading.baseline_reason,
        "baseline_set_by": reading.baseline_set_by,
        "previous": reading.previous,
        "previous_k": _amount(reading.previous_k, is_money),
        "previous_n": _amount(reading.previous_n, is_money),
        "previous_period": reading.previous_period.label if reading.previous_period else None,
        "previous_until": iso(reading.previous_until),
        "previous_restated": machine_restated(reading.previous_restated),
        "delta": reading.delta,
        "interval_low": reading.interval_low,
        "interval_high": reading.interval_high,
        "data_state": reading.data_state,
        "data_reason": reading.data_reason,
        "coverage": _coverage(reading),
        "excluded": reading.excluded,
        "detail": reading.detail,
        "as_of": iso(reading.as_of),
        "sources": list(reading.sources),
        "window_start": iso(reading.window_start),
        "window_end": iso(reading.window_end),
        "window_days": reading.window_days,
        "is_running": reading.is_running,
        "outlook": reading.outlook,
        "definition_version": reading.definition_version,
        "restated": machine_restated(reading.restated),
        "annotations": [_annotation(each) for each in reading.annotations],
        "records_url": reading.records_url,
    }


def machine_point(point: HistoryPoint, unit: Unit) -> MachinePoint:
    """A period of the history in the same way."""
    is_money = unit is Unit.MONEY
    return {
        "period": point.period.label,
        "value": point.value,
        "k": _amount(point.k, is_money),
        "n": _amount(point.n, is_money),
        "target": bounds(point.target),
        "is_running": point.is_running,
        "definition_version": point.definition_version,
        "restated": machine_restated(point.restated),
    }


def bounds(target: Bounds | None) -> MachineBounds | None:
    """A target for machines."""
    return None if target is None else {"low": target.low, "high": target.high, "strict": target.strict}


def _annotation(told: Annotation) -> MachineAnnotation:
    return {
        "at": iso(told.at),
        "until": iso(told.until),
        "kind": told.kind,
        "text": told.text,
        "scope": str(told.scope),
        "by": told.by or None,
        "made_at": iso(told.made_at),
        "count": told.count,
        "target": bounds(told.target),
        "version": told.version,
    }


def _coverage(reading: Reading) -> MachineCoverage | None:
    if reading.coverage_known is None or reading.coverage_expected is None:
        return None
    return {"known": reading.coverage_known, "expected": reading.coverage_expected}


def _amount(amount: Decimal | None, is_money: bool) -> Quantity:
    if amount is None:
        return None
    return format(amount, "f") if is_money else int(amount)
