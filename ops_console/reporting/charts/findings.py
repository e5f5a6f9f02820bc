"""The title of a chart states what it shows; the subtitle says what was measured."""

from ops_console.measures.definition import Unit
from ops_console.measures.readings import DataState, Reading, Signal, Status
from ops_console.measures.scopes import ScopeKind
from ops_console.reporting import words
from ops_console.reporting.charts.axes import clock
from ops_console.reporting.charts.spec import Axis

AGAINST_TARGET = {Status.ON_TARGET: " and meet{s} the target", Status.OFF_TARGET: " and miss{es} the target"}
_PREPOSITIONS = {"for", "on", "of", "to", "against", "with", "from", "in"}


def title(r: Reading) -> str:
    """`Lead time for model changes stays in its usual range and meets the target`."""
    name, when = r.definition.title.partition(",")[0], words.period(r)
    if r.data_state in (DataState.NOT_CONNECTED, DataState.FIRST_SYNC):
        return f"{name}: {_lower(words.headline(r))}"
    if r.value is None or r.data_state in (DataState.NO_CASES, DataState.TOO_FEW):
        return f"{name}, {when}: {_lower(words.value(r))}"
    if r.data_state is DataState.STALE or r.is_running or r.signal is Signal.TOO_LITTLE:
        return f"{name}, {when}: {words.value(r)}"
    many = is_plural(name)
    verdict = AGAINST_TARGET.get(r.status, ", at risk of missing the target" if r.status is Status.AT_RISK else "")
    verdict = verdict.replace("{s}", "" if many else "s").replace("{es}", "" if many else "es")
    return f"{name} {_against_history(r, many)}{verdict}"


def subtitle(r: Reading, axis: Axis) -> str:
    """`Median days by month, all models`."""
    each = f" by {r.period.grain}" if r.period.grain else ""
    apart = f"; the status uses {r.window_days} days" if r.window_days else ""
    return f"{_measure(r, axis)}{each}, {_lower_first_of_scope(r)}{apart}"


def is_plural(name: str) -> bool:
    """Whether a KPI's title takes a plural verb: `Model deployments`, `Models on paved road`."""
    head: list[str] = []
    for word in name.split():
        if word in _PREPOSITIONS:
            break
        head.append(word)
    last = head[-1] if head else ""
    return last.endswith("s") and not last.endswith(("ss", "us", "is"))


def _against_history(r: Reading, many: bool) -> str:
    if r.signal is Signal.USUAL:
        return "stay in their usual range" if many else "stays in its usual range"
    return f"{'are' if many else 'is'} {_lower(words.signal(r).partition(' (')[0])}"


def _measure(r: Reading, axis: Axis) -> str:
    unit = r.definition.unit
    statistic = (r.definition.statistic or "").capitalize()
    if unit is Unit.SECONDS:
        gaps = [b.value - a.value for a, b in zip(axis.ticks, axis.ticks[1:], strict=False)]
        name = {"h": "hours", "min": "minutes", "s": "seconds"}.get(clock(gaps[0] if gaps else 1)[1], "days")
        return f"{statistic} {name}".strip().capitalize()
    if unit is Unit.MONEY:
        return f"{r.currency or 'Money'} spent, budget dashed,"
    return {Unit.COUNT: "Count", Unit.SHARE: "Percent", Unit.SCORE: f"{statistic or 'Mean'} of 10"}[unit]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _lower_first_of_scope(r: Reading) -> str:
    if r.scope.key:
        return r.scope.title
    return "all models" if ScopeKind.MODEL in r.definition.scopes else "all teams"
