"""The reading object: one figure with everything a reader needs to believe it. Views format it; they never compute.

Field names are those of the machine-readable forms (API, `--json`, CSV). Durations are seconds, shares 0–1, money
Decimal with its currency, instants UTC; `None` is unknown.
"""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ops_console.core.periods import Period
from ops_console.measures.definition import Bounds, Definition
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


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """One complete period of the same grain; `value` is None where it is unknown (a gap, never a zero)."""

    period: Period
    value: float | None
    k: Decimal | None = None
    n: Decimal | None = None
    spread: dict[str, float] | None = None
    target: Bounds | None = None
    is_running: bool = False


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
    history: tuple[HistoryPoint, ...] = field(default=(), repr=False)

    @property
    def key(self) -> str:
        return self.definition.key
