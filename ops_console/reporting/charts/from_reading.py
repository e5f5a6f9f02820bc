"""A reading's history as a chart specification."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ops_console.core import units
from ops_console.core.periods import Grain, Period
from ops_console.measures.annotations import AnnotationKind
from ops_console.measures.definition import Bounds, Definition, Unit
from ops_console.measures.readings import HistoryPoint, Reading, Signal, Status
from ops_console.reporting import words
from ops_console.reporting.charts import findings
from ops_console.reporting.charts.axes import axis
from ops_console.reporting.charts.happened import lanes, marks
from ops_console.reporting.charts.spec import Band, ChartSpec, Kind, Point
from ops_console.reporting.words.judgement import STATUSES

KINDS = {Unit.COUNT: Kind.BARS, Unit.MONEY: Kind.BARS, Unit.SHARE: Kind.LINE}
NEWS = (Signal.BETTER, Signal.WORSE, Signal.HIGHER, Signal.LOWER)
MOST_PERIODS = 60
Targets = Mapping[Bounds, str]


def spec_for(r: Reading, periods: int = MOST_PERIODS, *, worded: bool = True) -> ChartSpec:
    """The chart of a reading: its last periods with the usual range, targets and what happened; not `worded` for a
    drawing that is too small for what a title, a point or a lane says.
    """
    kind = KINDS.get(r.definition.unit, Kind.DOTS)
    history = complete_history(r)[-periods:]
    band, beginnings = _band(r, history), _beginnings(r, history)
    since = band.since if band else len(history)
    points = tuple(
        _point(r, point, inside=index >= since, begins=index in beginnings) for index, point in enumerate(history)
    )
    drawn = [*drawn_values(points), *((band.low, band.high) if band else ())]
    from_zero = kind is Kind.BARS or sum(point.value is not None for point in points) < 2
    scale = axis(r.definition.unit, drawn, from_zero=from_zero, currency=r.currency)
    drawn_alone = ChartSpec(
        key=r.key,
        kind=kind,
        title="",
        subtitle="",
        unit=r.definition.unit,
        currency=r.currency,
        axis=scale,
        points=points,
        band=band,
        marks=marks(r, history),
    )
    return _worded(drawn_alone, r, history) if worded else drawn_alone


def _worded(spec: ChartSpec, r: Reading, history: Sequence[HistoryPoint]) -> ChartSpec:
    targets = _targets(r, history)
    points = (_told(r, past, targets, point) for past, point in zip(history, spec.points, strict=True))
    return replace(
        spec,
        title=findings.title(r),
        subtitle=findings.subtitle(r, spec.axis),
        points=tuple(points),
        target_text=_target_text(r, history, targets),
        lanes=lanes(r, history),
        tone=words.delta_tone(r),
        empty=findings.title(r) if r.value is None else "No history yet: this is the first figure",
    )


def complete_history(r: Reading) -> list[HistoryPoint]:
    """The history from its first known figure on, with a gap for every period that is missing in it.

    The reading's own period stands at the end, unless its figure is that of a longer window.
    """
    kept = {point.period.label: point for point in r.history}
    own_belongs = r.window_days is None and r.period.grain is not None
    if own_belongs and r.period.label not in kept:
        kept[r.period.label] = HistoryPoint(r.period, r.value, r.k, r.n, r.spread, r.target, r.is_running)
    if not kept:
        return []
    found = _without_holes(sorted(kept.values(), key=lambda point: point.period.start))
    first = next((n for n, point in enumerate(found) if drawn_value(r.definition, point) is not None), 0)
    return found[first:]


def _without_holes(ordered: Sequence[HistoryPoint]) -> list[HistoryPoint]:
    """The last periods up to the latest, with a gap for each that is missing."""
    *earlier, last = ordered
    found = [last]
    for point in reversed(earlier):
        while point.period.end < found[-1].period.start:
            found.append(HistoryPoint(found[-1].period.previous(), None))
        found.append(point)
    return found[:MOST_PERIODS][::-1]


def _beginnings(r: Reading, history: Sequence[HistoryPoint]) -> set[int]:
    """Where another baseline begins, or another version of the definition."""
    started = [each.at for each in r.annotations if each.kind is AnnotationKind.BASELINE]
    first = {next((n for n, point in enumerate(history) if point.period.start >= at), 0) for at in started}
    known = [(index, point.definition_version) for index, point in enumerate(history) if point.definition_version]
    return first - {0} | {index for (_, before), (index, version) in pairwise(known) if version != before}


def _point(r: Reading, point: HistoryPoint, *, inside: bool, begins: bool) -> Point:
    is_own = point.period.label == r.period.label
    title = words.period(r) if is_own and point.is_running else units.period_title(point.period.label)
    value = drawn_value(r.definition, point)
    judged = inside and value is not None and r.lower is not None and r.upper is not None and not _money(r)
    beyond = judged and not (r.lower or 0.0) <= (value or 0.0) <= (r.upper or 0.0)
    return Point(
        label=point.period.label,
        title=title,
        tick=tick(point.period),
        value=value,
        target=_budget(point) if _money(r) else point.target,
        is_running=point.is_running,
        begins=begins,
        is_signal=(is_own and r.signal in NEWS) or (beyond and not point.is_running),
    )


def _told(r: Reading, past: HistoryPoint, targets: Targets, point: Point) -> Point:
    """A point with what it says."""
    return replace(
        point,
        text="no data" if point.value is None else _text(r, past, point.value),
        n=_n(r, past),
        status=_status(r, past, past.period.label == r.period.label),
        target_text=_set(r, past, targets),
    )


def drawn_value(definition: Definition, point: HistoryPoint) -> float | None:
    """What is plotted: the value, or for money the amount spent."""
    if definition.unit is not Unit.MONEY:
        return point.value
    return None if point.k is None else float(point.k)


def tick(period: Period) -> str:
    """`Oct`, `W43`, `Q3`."""
    return units.period_name(period.label) if period.grain in (Grain.MONTH, Grain.WEEK, Grain.QUARTER) else ""


def _text(r: Reading, point: HistoryPoint, value: float) -> str:
    if r.definition.fraction and point.k is not None and point.n is not None:
        return f"{units.count(point.k)} of {units.count(point.n)}"
    if r.definition.unit is Unit.SHARE:
        return units.percent(value, of=point.n, k=point.k).partition(",")[0]
    return words.amount(r.definition.unit, value, r.currency)


def _n(r: Reading, point: HistoryPoint) -> str:
    if point.n is None or r.definition.unit is Unit.COUNT:
        return ""
    if _money(r):
        return "" if point.value is None else f"{units.bare_percent(point.value)} of budget"
    if r.definition.unit is Unit.SHARE and point.k is not None:
        return f"{units.count(point.k)} of {units.count(point.n)}"
    return f"n={units.count(point.n)}"


def _status(r: Reading, point: HistoryPoint, is_own: bool) -> str:
    """The reading's own status; for the past, whether the single period met its target."""
    if is_own and r.window_days is None:
        return f"{words.icon(r)} {words.status(r)}"
    few = point.n is not None and not _money(r) and point.n < r.definition.minimum
    if point.value is None or point.target is None or point.is_running or few or r.window_days is not None:
        return ""
    met = Status.ON_TARGET if point.target.met_by(point.value) else Status.OFF_TARGET
    return " ".join(STATUSES[met][:2])


def _band(r: Reading, history: Sequence[HistoryPoint]) -> Band | None:
    if r.lower is None or r.upper is None or r.centre is None or _money(r) or not history:
        return None
    complete = [index for index, point in enumerate(history) if not point.is_running and point.value is not None]
    since = complete[-r.limit_points] if 0 < r.limit_points <= len(complete) else 0
    return Band(r.lower, r.upper, r.centre, since, f"{'trial limits' if r.trial else 'usual'} {words.usual(r)}")


def drawn_values(points: Sequence[Point]) -> list[float]:
    """Every value and target that must be inside the axis."""
    targets = [point.target for point in points if point.target]
    sides = [side for target in targets for side in (target.low, target.high) if side is not None]
    return [point.value for point in points if point.value is not None] + sides


def _target_text(r: Reading, history: Sequence[HistoryPoint], targets: Targets) -> str:
    if not _money(r):
        return f"target {words.target(r)}" if r.target else ""
    budget = next((_set(r, point, targets) for point in reversed(history) if point.n), "")
    return f"budget {budget}" if budget else ""


def _targets(r: Reading, history: Sequence[HistoryPoint]) -> Targets:
    """Each target that was ever in force, in words."""
    known = dict.fromkeys(point.target for point in history if point.target)
    return {target: words.target(replace(r, target=target)) for target in known}


def _set(r: Reading, point: HistoryPoint, targets: Targets) -> str:
    """The target in force at a point."""
    if _money(r):
        return units.money(point.n, r.currency) if point.n else ""
    return targets[point.target] if point.target else ""


def _budget(point: HistoryPoint) -> Bounds | None:
    return Bounds(high=float(point.n), strict=False) if point.n else None


def _money(r: Reading) -> bool:
    return r.definition.unit is Unit.MONEY
