"""Judging a figure: data state, target status, change signal, comparison and interval, in one place for every view."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

from ops_console.contracts.kind_words import many
from ops_console.core.periods import Period
from ops_console.core.statistics import wilson
from ops_console.measures import signals
from ops_console.measures.annotations import Annotation
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.figures import Figure, Span
from ops_console.measures.privacy import FEWEST_ANSWERS, FEWEST_PEOPLE
from ops_console.measures.readings import DataState, HistoryPoint, Reading, Signal, Status
from ops_console.measures.scopes import Scope
from ops_console.measures.scores import is_out_of_ten
from ops_console.records.baselines import Baseline
from ops_console.scorecard.compute import nothing
from ops_console.scorecard.coverage import Coverage
from ops_console.scorecard.in_force import InForce
from ops_console.scorecard.moving import is_unripe
from ops_console.scorecard.points import Point

ENOUGH = 0.95
FINAL_DAY = 15
"""A month's bill may change until this day of the next month."""
ROOM = 0.1
"""At risk: less than this share of the room between the target and the best possible value is left."""
TOLERANCE = 1e-9
MOMENT = timedelta(milliseconds=1)
UNJUDGED = (DataState.NOT_CONNECTED, DataState.FIRST_SYNC, DataState.STALE)
"""Too little is known for a verdict."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything known about one figure before it is judged. `point` is None where nothing happened in its span;
    `reached` is where facts end that come in later than the clock.
    """

    definition: Definition
    scope: Scope
    period: Period
    point: Point | None
    span: Span
    history: tuple[HistoryPoint, ...]
    in_force: InForce | None
    coverage: Coverage
    now: datetime
    previous: Figure | None = None
    previous_period: Period | None = None
    previous_until: datetime | None = None
    reached: datetime | None = None
    more: dict[str, Any] = field(default_factory=dict)
    annotations: tuple[Annotation, ...] = ()
    baseline: Baseline | None = None

    @property
    def is_running(self) -> bool:
        return not self.period.is_complete(self.now)

    @property
    def is_unripe(self) -> bool:
        """Cases of the period may still change."""
        return is_unripe(self.definition, self.period, self.now)

    @property
    def figure(self) -> Figure:
        """The figure; where nothing happened, an empty one, which for a count is a zero."""
        if self.point is not None:
            return self.point.figure
        return nothing(self.definition, self.scope)


def judged(case: Case) -> Reading:
    """The reading of a case."""
    case = _in_one_currency(case)
    state, why = data_state(case)
    figure = case.figure
    unknown = state in (DataState.NOT_CONNECTED, DataState.FIRST_SYNC) or (case.point is None and _is_outside(case))
    if unknown:
        figure = Figure()
    values = _values(case)
    found = signals.limits(values, case.definition.unit)
    signal, rule = _signal(case, values, found, state)
    target = case.in_force.bounds if case.in_force else None
    status, reason = target_status(case, figure, state, why, signal)
    low, high = _interval(case.definition, figure)
    return Reading(
        definition=case.definition,
        scope=case.scope,
        period=case.period,
        value=figure.value,
        k=figure.k,
        n=figure.n,
        currency=figure.detail.get("currency"),
        spread=figure.spread,
        detail={**figure.detail, **({} if unknown else case.more)},
        excluded=figure.excluded,
        target=target,
        target_from=case.in_force.from_at if case.in_force else None,
        target_set_by=case.in_force.set_by if case.in_force else None,
        status=status,
        status_reason=reason,
        signal=signal,
        signal_rule=rule,
        **_told_of_limits(found),
        previous=case.previous.value if case.previous else None,
        previous_period=case.previous_period,
        previous_until=case.previous_until,
        delta=_delta(case, figure),
        interval_low=low,
        interval_high=high,
        data_state=state,
        data_reason=why,
        coverage_known=figure.coverage_known,
        coverage_expected=figure.coverage_expected,
        as_of=_as_of(case, state),
        sources=case.coverage.sources,
        window_start=case.span.start,
        window_end=min(case.span.end, case.now) if case.is_running else case.span.end,
        window_days=case.span.days,
        is_running=case.is_running,
        definition_version=case.point.definition_version if case.point else case.definition.version,
        records_url=records_url(case.definition, case.scope, case.period),
        outlook=signals.outlook(found, target),
        **_told_of_baseline(case.baseline),
        previous_k=case.previous.k if case.previous else None,
        previous_n=case.previous.n if case.previous else None,
        annotations=case.annotations,
        history=case.history,
    )


def _in_one_currency(case: Case) -> Case:
    """Money in another currency is nothing to compare with."""
    told = {each.detail.get("currency") for each in (case.previous, case.figure) if each is not None} - {None}
    return replace(case, previous=None) if len(told) > 1 else case


def _delta(case: Case, figure: Figure) -> float | None:
    """The change; a figure of too few cases is none to set out from, or to arrive at."""
    pair = case.previous or Figure(), figure
    if any(case.definition.is_too_few(each.n) for each in pair):
        return None
    before, now = (each.value for each in pair)
    return None if before is None or now is None else now - before


def _told_of_limits(found: signals.Limits | None) -> dict[str, Any]:
    if found is None:
        return {"centre": None, "lower": None, "upper": None, "limit_points": 0, "trial": False, "leans": 0}
    return {
        "centre": found.centre,
        "lower": found.lower,
        "upper": found.upper,
        "limit_points": found.points,
        "trial": found.trial,
        "leans": found.leans,
    }


def _told_of_baseline(baseline: Baseline | None) -> dict[str, Any]:
    if baseline is None:
        return {}
    return {
        "baseline_from": baseline.from_at,
        "baseline_reason": baseline.reason,
        "baseline_set_by": baseline.set_by,
    }


def records_url(definition: Definition, scope: Scope, period: Period) -> str:
    return f"/kpis/{definition.key}?scope={_quoted(scope)}&period={period.label}#records"


@lru_cache(maxsize=4096)
def _quoted(scope: Scope) -> str:
    return quote_plus(str(scope))


def _as_of(case: Case, state: DataState) -> datetime | None:
    if state is DataState.STALE and case.coverage.covers_until is not None:
        return case.coverage.covers_until
    return case.coverage.as_of


# ---- data state


def data_state(case: Case) -> tuple[DataState, str]:
    """The first that applies, and why."""
    if case.scope.kind not in case.definition.scopes:
        return DataState.NO_CASES, f"Not measured by {case.scope.kind}."
    if case.coverage.missing:
        return DataState.NOT_CONNECTED, f"No source delivers {_listed(case.coverage.missing)}."
    if case.coverage.arriving:
        return DataState.FIRST_SYNC, case.coverage.arriving
    if not case.definition.lasting and (stale := _stale(case)):
        return DataState.STALE, stale
    figure = case.figure
    if figure.detail.get("hidden"):
        what, fewest = ("answers", FEWEST_ANSWERS) if case.definition.unit is Unit.SCORE else ("people", FEWEST_PEOPLE)
        return DataState.COMPLETE, f"Hidden to protect {what}: fewer than {fewest}, or found by subtraction."
    if few := figure.detail.get("too_few"):
        return DataState.TOO_FEW, f"{few}."
    begun = _begun(case)
    if case.definition.is_too_few(figure.n):
        return DataState.TOO_FEW, f"A status needs {case.definition.minimum} or more{begun and f'; {begun}'}."
    if begun:
        return DataState.PARTIAL, begun
    if empty := _empty(case, figure):
        return empty
    if _is_short(figure):
        return DataState.PARTIAL, ""
    if case.definition.unit is Unit.COUNT and figure.value == 0:
        return DataState.REAL_ZERO, ""
    if case.definition.unit is Unit.MONEY and not is_final(case.period, case.now):
        return DataState.ESTIMATED, f"The bill{_reaching(case)} may change until the {FINAL_DAY}th of the next month."
    return DataState.COMPLETE, ""


def _reaching(case: Case) -> str:
    """How far the bill of a running period reaches, where that is less far than the clock."""
    if not case.is_running or not case.reached or case.reached > case.now:
        return ""
    return f" reaches as far as {_day(case.reached - MOMENT, case.period)} and"


def _empty(case: Case, figure: Figure) -> tuple[DataState, str] | None:
    if case.definition.unit is Unit.COUNT and not case.definition.needs_cases:
        return None if figure.value else (DataState.REAL_ZERO, "")
    if case.definition.unit is Unit.MONEY:
        return None if figure.k is not None else (DataState.NO_CASES, "")
    if not figure.n:
        if figure.coverage_expected:
            return DataState.PARTIAL, f"0 of {figure.coverage_expected} covered"
        return DataState.NO_CASES, ""
    return None


def _begun(case: Case) -> str:
    """Since when there are facts, where that was after the period began."""
    since = case.coverage.covers_from
    if since is None or case.definition.lasting or not case.coverage.before(case.period):
        return ""
    return f"facts begin on {_day(since, case.period)}"


def _is_short(figure: Figure) -> bool:
    known, expected = figure.coverage_known, figure.coverage_expected
    return known is not None and bool(expected) and known < ENOUGH * (expected or 0)


def _is_outside(case: Case) -> bool:
    """Nothing is known of the period: it lies before or after what the facts cover."""
    covers = case.coverage
    if covers.missing:
        return True
    if case.definition.lasting:
        return False
    after = covers.covers_until is not None and covers.covers_until < min(case.period.end, case.now)
    return (
        covers.before(case.period)
        or (after and not case.is_running)
        or (covers.covers_until or case.now) < case.period.start
    )


def _stale(case: Case) -> str:
    until = case.coverage.covers_until
    if case.is_running:
        return case.coverage.broken
    if until is not None and until < case.period.end:
        return (
            f"Facts are complete up to {_day(until, case.period)}; the period ends on {case.period.last_day:%-d %b %Y}."
        )
    return ""


def is_final(period: Period, now: datetime) -> bool:
    """The bill of the newest month in a period is closed on the 15th of the month after."""
    last = period.last_day
    year, month = (last.year + 1, 1) if last.month == 12 else (last.year, last.month + 1)
    return now.astimezone(ZoneInfo(period.zone)).date() >= date(year, month, FINAL_DAY)


def _day(at: datetime, period: Period) -> str:
    return f"{at.astimezone(ZoneInfo(period.zone)):%-d %b %Y}"


def _listed(kinds: Sequence[str]) -> str:
    return " or ".join(many(kind) for kind in kinds)


# ---- status


def target_status(case: Case, figure: Figure, state: DataState, why: str, signal: Signal) -> tuple[Status, str]:
    """Against the target in force; the reason is always written."""
    if reason := _no_status(case, figure, state, why):
        return Status.NONE, reason
    target, value = case.in_force.bounds if case.in_force else Bounds(), figure.value or 0.0
    if not target.met_by(value):
        return Status.OFF_TARGET, "The value misses the target."
    if reason := _at_risk(case.definition, figure, target, value):
        return Status.AT_RISK, reason
    if signal is Signal.WORSE:
        return Status.AT_RISK, "It meets the target, but the latest point is worse than usual."
    return Status.ON_TARGET, "The value meets the target."


def _no_status(case: Case, figure: Figure, state: DataState, why: str) -> str:
    if state in UNJUDGED:
        return why
    if case.is_running:
        return "The period is still running."
    if state is DataState.NO_CASES:
        return why or f"{case.definition.nothing} in the period."
    if state is DataState.TOO_FEW:
        short = figure.detail.get("too_few") or f"{figure.n} of at least {case.definition.minimum}"
        return f"Too few for a status: {short}."
    if figure.detail.get("hidden"):
        return why
    scale = figure.detail.get("scale")
    if case.definition.unit is Unit.SCORE and figure.value is not None and not is_out_of_ten(scale):
        return "A target out of 10 does not judge answers on another scale."
    if figure.value is None:
        return "No budget for this period." if case.definition.unit is Unit.MONEY else "Not enough data."
    if case.definition.unit in (Unit.COUNT, Unit.MONEY) and case.coverage.before(case.period):
        return f"Not judged: {why}."
    return "" if case.in_force else _no_target(case)


def _no_target(case: Case) -> str:
    tiers = [tier for tier in case.definition.targets if tier is not None]
    if case.definition.per and case.period.grain is not case.definition.per:
        return f"The target is meant for a {case.definition.per.value}."
    if tiers:
        return "No target for this scope; the default targets bind per tier."
    return "No target for this scope."


def _at_risk(definition: Definition, figure: Figure, target: Bounds, value: float) -> str:
    if figure.detail.get("nearly_spent"):
        return f"Met, with 75% or more of the error budget used: {', '.join(figure.detail['nearly_spent'])}."
    if definition.at_risk_from is not None:
        return "Met, with less than 5% of the budget left." if value > definition.at_risk_from else ""
    if definition.best is None or definition.better not in (Better.LOWER, Better.HIGHER):
        return ""
    edge = target.high if definition.better is Better.LOWER else target.low
    if edge is None or edge == definition.best:
        return ""
    left = abs(value - edge) / abs(edge - definition.best)
    close = left <= ROOM + TOLERANCE if definition.better is Better.LOWER else left < ROOM - TOLERANCE
    return "It meets the target, with less than 10% of the room left." if close else ""


# ---- signal and interval


def _signal(
    case: Case, values: Sequence[float | None], found: signals.Limits | None, state: DataState
) -> tuple[Signal, str | None]:
    """At the latest complete point, which is that of the period itself; a running one is compared with nothing."""
    if signals.is_rare(values, case.definition.unit):
        return Signal.TOO_LITTLE, signals.RARE
    if case.is_running or state in UNJUDGED:
        return Signal.TOO_LITTLE, None
    if case.is_unripe:
        return Signal.TOO_LITTLE, signals.UNRIPE if found else None
    return signals.signal(values, found, case.definition.better)


def _values(case: Case) -> list[float | None]:
    """Complete periods of the baseline. Waves of a survey follow one another; between them nothing is missing."""
    since = case.baseline.from_at if case.baseline else None
    values = [point.value for point in signals.comparable(case.history, since)]
    return [value for value in values if value is not None] if case.definition.lasting else values


def _interval(definition: Definition, figure: Figure) -> tuple[float | None, float | None]:
    """The 95% interval of a share of cases; a share of objectives or of money is no sample."""
    if definition.statistic != "share" or not figure.n or figure.k is None:
        return None, None
    return wilson(int(figure.k), int(figure.n))
