"""The three answers about a figure: against its target, against its usual range, and how sure it is."""

from ops_console.contracts.document import Tone
from ops_console.core import units
from ops_console.core.periods import Grain
from ops_console.measures import signals
from ops_console.measures.definition import Bounds, Definition, Unit
from ops_console.measures.readings import Reading, Signal, Status
from ops_console.measures.words.amounts import between, bounds, figure
from ops_console.reporting.words.restated import previous_restated

STATUSES = {
    Status.ON_TARGET: ("●", "On target", Tone.GOOD),
    Status.AT_RISK: ("▲", "At risk", Tone.WATCH),
    Status.OFF_TARGET: ("■", "Off target", Tone.BAD),
    Status.NONE: ("○", "No status", Tone.NONE),
}
SIGNALS = {
    Signal.BETTER: "Better than usual",
    Signal.WORSE: "Worse than usual",
    Signal.HIGHER: "Higher than usual",
    Signal.LOWER: "Lower than usual",
    Signal.USUAL: "Usual range",
    Signal.TOO_LITTLE: "Too little history",
}
TOO_RARE, MAY_CHANGE = "Too rare for a usual range", "May still change"
OUTLOOKS = {
    "expect_to_meet": "The usual range, {usual}, meets the target: expect to meet it while the process stays as it is.",
    "expect_to_miss": "The usual range, {usual}, misses the target: expect to miss it unless the process changes.",
    "by_chance": "The target lies inside the usual range, {usual}: expect to miss it sometimes by chance.",
}


def status(r: Reading) -> str:
    """On target, At risk, Off target or No status."""
    return STATUSES[r.status][1]


def icon(r: Reading) -> str:
    """The status as a character that needs no colour."""
    return STATUSES[r.status][0]


def tone(r: Reading) -> Tone:
    """The status as a colour, always beside icon and word."""
    return STATUSES[r.status][2]


def target(r: Reading) -> str:
    """The target in force in the period: `< 14 days`, `2 to 10 a month`, `all met`, `No target`."""
    return held_to(r.definition, r.target, r.period.grain if r.definition.per else None)


def held_to(definition: Definition, wanted: Bounds | None, per: Grain | None) -> str:
    """The same of any target of a KPI."""
    if definition.key == "slo_attainment" and wanted and wanted.low == 1:
        return "all met"
    told = bounds(definition.unit, wanted, per)
    counted, part, _ = definition.statistic.partition(" of ")
    if not wanted or not part or definition.unit is not Unit.COUNT:
        return told
    return f"{told.removeprefix('≤ ') if wanted.high == 0 else told} {counted}"


def signal(r: Reading) -> str:
    """Whether the latest point is news."""
    if r.signal is Signal.TOO_LITTLE and r.signal_rule:
        return MAY_CHANGE if r.signal_rule == signals.UNRIPE else TOO_RARE
    text = SIGNALS[r.signal]
    return f"{text} (trial limits)" if r.trial and r.signal is not Signal.TOO_LITTLE else text


def delta(r: Reading) -> str:
    """The change from the period compared with: `+3 (+43%)`, `−0.6 pp`, `−14 min`; empty where none can be said."""
    unit = r.definition.unit
    if unit is not Unit.MONEY:
        return units.change(unit, r.delta, r.previous)
    if r.previous_k is not None and r.k is not None:
        return units.change(unit, r.k - r.previous_k, r.previous_k, r.currency)
    change = units.change(Unit.SHARE, r.delta, r.previous)
    return f"{change} of budget" if change.endswith("pp") else change


def delta_tone(r: Reading) -> Tone:
    """Grey unless the change is a signal."""
    return {Signal.BETTER: Tone.GOOD, Signal.WORSE: Tone.BAD}.get(r.signal, Tone.NONE)


def previous(r: Reading) -> str:
    """The period compared with and its figure: `Sep 9.1 days`, `Sep too few (n=4)`; empty where it is unknown. Where
    its report told another one, `Sep 9.1 days, restated from 8.7 days`.
    """
    before = _before(r)
    return ", ".join(filter(None, (f"{compared(r)} {before}", previous_restated(r)))) if before else ""


def compared(r: Reading) -> str:
    """What the figure is compared with: `Sep`, `Oct 2025`, `first 12 days of Sep`; empty for nothing."""
    other, until = r.previous_period, r.previous_until
    if other is None:
        return ""
    title = units.period_beside(other, r.period)
    if until is None or until >= other.end:
        return title
    days = units.elapsed_days(other, until)
    return f"first {days} days of {title}" if days > 1 else f"first day of {title}"


def _before(r: Reading) -> str:
    k, n = r.previous_k, r.previous_n
    if n is not None and r.definition.is_too_few(n):
        return f"too few (n={units.count(n)})"
    if r.definition.unit is Unit.MONEY and k is not None:
        return units.money(k, r.currency)
    if r.previous is None:
        return ""
    if r.definition.fraction and k is not None and n is not None:
        return f"{units.count(k)} of {units.count(n)}"
    if r.definition.unit is Unit.SHARE:
        return units.percent(r.previous, of=n).partition(", ")[0]
    return figure(r.definition.unit, r.previous)


def usual(r: Reading) -> str:
    """The usual range: `5.2 to 12.4 days`; empty while there is too little history."""
    if r.lower is None or r.upper is None:
        return ""
    return between(figure(r.definition.unit, r.lower), figure(r.definition.unit, r.upper))


def interval(r: Reading) -> str:
    """How far off a share may be, where that decides about its target: `could be 2 to 25%`."""
    low, high = r.interval_low, r.interval_high
    if low is None or high is None or r.target is None or r.target.met_by(low) == r.target.met_by(high):
        return ""
    return f"could be {_edge(low)} to {_edge(high)}%"


def _edge(share: float) -> str:
    hundredths = units.exact(share) * 100
    return units.bare_percent(share).removesuffix("%") if 0 < hundredths < 1 else units.fixed(hundredths, 0)


def outlook(r: Reading) -> str:
    """What the usual range says about the target if nothing changes; empty without limits or target."""
    if r.outlook is None:
        return ""
    return OUTLOOKS.get(r.outlook, r.outlook).replace("{usual}", usual(r))
