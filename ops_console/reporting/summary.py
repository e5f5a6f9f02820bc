"""The summary: the five facts a reader must not miss, and one line that counts the rest. A function of the snapshot.

Classes, most urgent first: tier 1 SLO missed; off target and worse than usual; worse than usual;
cost over budget; off target as before (one line); better than usual; overdue actions and late reviews; data gaps (one
line). Within a class the fact
further from its target comes first, then catalogue order. A line says subject, number, comparison, and the largest
contributor where one explains 30% of a change. No adjectives, no causes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from ops_console.contracts.document import Line, Tone
from ops_console.core import units
from ops_console.measures import signals
from ops_console.measures.readings import DataState, Reading, Signal, Status
from ops_console.reporting import pieces, words
from ops_console.reporting.snapshot import Snapshot
from ops_console.reporting.spoken import cost_fact, quoted, short, slo_fact, usual_fact

TAKE, WORDS = 5, 120
QUOTED = 4
"""Off target as before: as many are named, so that the line leaves room for the others."""
GAPS = (DataState.NOT_CONNECTED, DataState.FIRST_SYNC, DataState.STALE)
COST, SLO = "cost_vs_budget", "slo_attainment"


@dataclass(frozen=True, slots=True)
class Fact:
    """One candidate line, about these readings."""

    rank: int
    line: Line
    about: tuple[str, ...]
    distance: float = 0.0
    number: int = 0

    @property
    def order(self) -> tuple[int, float, int]:
        return self.rank, -self.distance, self.number


def summary(snapshot: Snapshot) -> tuple[Line, ...]:
    """At most six lines and 120 words."""
    facts = sorted(candidates(snapshot), key=lambda fact: fact.order)
    for take in range(TAKE, 0, -1):
        lines = _lines(facts[:take], facts[take:], snapshot)
        if words_in(lines) <= WORDS:
            return lines
    return tuple(replace(line, text=" ".join(line.text.split()[: WORDS // 2])) for line in lines)


def words_in(lines: Iterable[Line]) -> int:
    return sum(len(f"{line.icon} {line.text}".split()) for line in lines)


def candidates(snapshot: Snapshot) -> list[Fact]:
    """Every fact worth a line, each reading in one of them at most."""
    facts: list[Fact] = []
    taken: set[str] = set()
    for source in (_slos, _worse, _over_budget, _off_as_before, _better, _promises, _gaps):
        left = [reading for reading in snapshot.judged if reading.key not in taken]
        found = source(left, snapshot)
        facts += found
        taken |= {key for fact in found for key in fact.about}
    return facts


def distance(reading: Reading) -> float:
    """How far a value lies beyond its target, as a share of the target."""
    target, value = reading.target, reading.value
    if target is None or value is None or target.met_by(value):
        return 0.0
    bound = target.low if target.low is not None and value <= target.low else target.high
    return abs(value - (bound or 0.0)) / (abs(bound) if bound else 1.0)


def _slos(readings: Sequence[Reading], snapshot: Snapshot) -> list[Fact]:
    found = [reading for reading in readings if reading.key == SLO and reading.detail.get("slos")]
    return [
        _fact(1, reading, text, "■", Tone.BAD, snapshot) for reading in found if (text := slo_fact(reading)) is not None
    ]


def _worse(readings: Sequence[Reading], snapshot: Snapshot) -> list[Fact]:
    worse = [reading for reading in readings if reading.signal is Signal.WORSE and _is_told(reading)]
    return [
        _fact(2, reading, usual_fact(reading), "■", Tone.BAD, snapshot)
        if reading.status is Status.OFF_TARGET
        else _fact(3, reading, usual_fact(reading), "▲", Tone.WATCH, snapshot)
        for reading in worse
    ]


def _is_told(reading: Reading) -> bool:
    """Of a few cases each is listed; their median is no news."""
    return reading.value is not None and reading.data_state is not DataState.TOO_FEW


def _over_budget(readings: Sequence[Reading], snapshot: Snapshot) -> list[Fact]:
    over = [reading for reading in readings if reading.key == COST and (reading.value or 0) > 1]
    return [_fact(4, reading, cost_fact(reading, snapshot), "■", Tone.BAD, snapshot) for reading in over]


def _off_as_before(readings: Sequence[Reading], snapshot: Snapshot) -> list[Fact]:
    off = [reading for reading in readings if reading.status is Status.OFF_TARGET]
    if not off:
        return []
    off.sort(key=lambda reading: (-distance(reading), reading.definition.number))
    as_before = " as before" if all(map(_missed_before, off)) else ""
    more = f" and {len(off) - QUOTED} more" if len(off) > QUOTED else ""
    line = Line(f"Off target{as_before}: {', '.join(map(quoted, off[:QUOTED]))}{more}", "■", Tone.BAD)
    link = pieces.kpi_link(snapshot, off[0]) if len(off) == 1 else snapshot.url("/kpis")
    return [Fact(5, replace(line, link=link), tuple(reading.key for reading in off), distance(off[0]))]


def _missed_before(reading: Reading) -> bool:
    """Whether the figure before missed today's target too, and this one is no news."""
    if reading.previous is None or reading.target is None or reading.definition.is_too_few(reading.previous_n):
        return False
    return reading.signal is Signal.USUAL and not reading.target.met_by(reading.previous)


def _better(readings: Sequence[Reading], snapshot: Snapshot) -> list[Fact]:
    better = [reading for reading in readings if reading.signal is Signal.BETTER and _is_told(reading)]
    return [_fact(6, reading, usual_fact(reading), "●", Tone.GOOD, snapshot) for reading in better]


def _promises(_: Sequence[Reading], snapshot: Snapshot) -> list[Fact]:
    """What people owe: no reading, and so about none."""
    actions, reviews = snapshot.evidence.actions, snapshot.evidence.reviews
    found = []
    if actions.overdue:
        age = units.counted(actions.oldest_days, "days")
        text = f"{actions.overdue} of {units.counted(actions.owed, 'open actions')} overdue, oldest {age}"
        found.append(Line(text, "○", Tone.NONE, snapshot.url("/actions?state=overdue")))
    if reviews.late:
        text = f"{len(reviews.late)} of {units.counted(reviews.due, 'reviews')} later than 72 h"
        found.append(Line(text, "○", Tone.NONE, snapshot.url("/reviews")))
    return [Fact(7, line, (), number=place) for place, line in enumerate(found)]


def _gaps(readings: Sequence[Reading], snapshot: Snapshot) -> list[Fact]:
    stale = [reading for reading in readings if reading.data_state is DataState.STALE]
    if not stale:
        return []
    listed = ", ".join(f"{short(reading)} {words.as_of(reading)}" for reading in stale)
    line = Line(f"Data gaps: {listed}", "○", Tone.NONE, snapshot.url("/data-health"))
    return [Fact(8, line, tuple(reading.key for reading in stale))]


def _fact(rank: int, reading: Reading, text: str, icon: str, tone: Tone, snapshot: Snapshot) -> Fact:
    line = Line(text, icon, tone, pieces.kpi_link(snapshot, reading))
    return Fact(rank, line, (reading.key,), distance(reading), reading.definition.number)


def _lines(shown: Sequence[Fact], dropped: Sequence[Fact], snapshot: Snapshot) -> tuple[Line, ...]:
    told = {key for fact in shown for key in fact.about}
    rest = [reading for reading in snapshot.judged if reading.key not in told]
    more = {key for fact in dropped for key in fact.about}
    return (*(fact.line for fact in shown), _counting(rest, more, bool(shown)))


def _counting(rest: Sequence[Reading], more: set[str], others: bool) -> Line:
    """Always there: what the lines above leave out, counted."""
    quiet = [reading for reading in rest if reading.key not in more]
    said = [_counted(name, [r for r in quiet if belongs(r)], others) for name, belongs in GROUPS]
    if more:
        said.append(f"{len(more)} more in the scorecard")
    text = "; ".join(filter(None, said)) or "No other KPI"
    fine = all(reading.status is Status.ON_TARGET for reading in quiet)
    return Line(text, "●" if fine and quiet else "○", Tone.GOOD if fine and quiet else Tone.NONE)


def _counted(name: str, found: Sequence[Reading], others: bool) -> str:
    if not found:
        return ""
    listed = f" ({', '.join(short(reading) for reading in found)})" if name in NAMED and len(found) <= 3 else ""
    lead = f"{len(found)} {'other' if len(found) == 1 else 'others'}" if others and name == USUAL else str(len(found))
    return f"{lead} {name.format(their='its' if len(found) == 1 else 'their')}{listed}"


USUAL = "inside {their} usual range"
RISK, SHORT, FEW, NONE = "at risk", "without a usual range", "with too few cases to judge", "without data"
YOUNG = "too young to compare"
NAMED = {RISK, FEW, NONE}
GROUPS: tuple[tuple[str, Callable[[Reading], bool]], ...] = (
    (USUAL, lambda r: _kind(r) == USUAL),
    (RISK, lambda r: _kind(r) == RISK),
    (SHORT, lambda r: _kind(r) == SHORT),
    (YOUNG, lambda r: _kind(r) == YOUNG),
    (FEW, lambda r: _kind(r) == FEW),
    (NONE, lambda r: _kind(r) == NONE),
)


def _kind(reading: Reading) -> str:
    if reading.data_state in GAPS:
        return NONE
    if reading.value is None or reading.data_state in (DataState.TOO_FEW, DataState.NO_CASES):
        return FEW
    if reading.status is Status.AT_RISK:
        return RISK
    if reading.signal_rule == signals.UNRIPE:
        return YOUNG
    return SHORT if reading.signal is Signal.TOO_LITTLE else USUAL
