"""What changed since the period compared with: said of each KPI that crossed its target or left its usual range."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ops_console.contracts.document import Line, Tone
from ops_console.core import units
from ops_console.measures.readings import DataState, Reading, Signal, Status
from ops_console.reporting import words

MOST = 5
MISSED, MET = {Status.OFF_TARGET}, {Status.ON_TARGET, Status.AT_RISK}
UNUSUAL = (Signal.WORSE, Signal.HIGHER, Signal.LOWER, Signal.BETTER)
WITHOUT_DATA = {DataState.NOT_CONNECTED, DataState.FIRST_SYNC, DataState.NO_CASES, DataState.TOO_FEW}

Address = Callable[[Reading], str]


@dataclass(frozen=True, slots=True)
class Changes:
    """At most five lines, and always one sentence that counts the rest."""

    lines: tuple[Line, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class _Change:
    """`rank`: what a reader must know first has the smallest."""

    rank: int
    reading: Reading
    text: str
    icon: str
    tone: Tone


def changes(readings: Sequence[Reading], before: Iterable[Reading], address: Address) -> Changes:
    """The changes between two sets of readings, worst first."""
    earlier = {reading.key: reading for reading in before}
    found = [change for reading in readings if (change := _change(reading, earlier.get(reading.key)))]
    found.sort(key=lambda change: (change.rank, change.reading.definition.number))
    shown = found[:MOST]
    lines = tuple(Line(change.text, change.icon, change.tone, address(change.reading)) for change in shown)
    return Changes(lines, _rest(readings, {change.reading.key for change in found}, len(found) - len(shown)))


def _change(now: Reading, before: Reading | None) -> _Change | None:
    if now.is_running or now.data_state in WITHOUT_DATA:
        return None
    figure = f"{now.definition.title}: {words.value(now)}"
    crossing = _crossing(now, before)
    if crossing is None and now.signal not in UNUSUAL:
        return None
    usual = f"usual {words.usual(now)}" if words.usual(now) else words.signal(now).lower()
    if crossing is None:
        rank = 2 + UNUSUAL.index(now.signal)
        return _Change(rank, now, f"{figure}, {usual}", words.icon(now), words.tone(now))
    rank = 0 if now.status in MISSED and now.signal is Signal.WORSE else 1 if now.status in MISSED else 4
    also = f"; {usual}" if now.signal in UNUSUAL else ""
    return _Change(rank, now, f"{figure}, {crossing}{also}", words.icon(now), words.tone(now))


def _crossing(now: Reading, before: Reading | None) -> str | None:
    """`off target (< 10%), met in Sep`; None where the target was not crossed."""
    if before is None:
        return None
    earlier = units.period_beside(before.period, now.period)
    if now.status in MISSED and before.status in MET:
        return f"off target ({words.target(now)}), met in {earlier}"
    if now.status in MET and before.status in MISSED:
        return f"meets its target ({words.target(now)}) again, missed in {earlier}"
    return None


def _rest(readings: Sequence[Reading], said: set[str], unsaid: int) -> str:
    others = [reading for reading in readings if reading.key not in said]
    absent = [reading for reading in others if reading.data_state in WITHOUT_DATA]
    known = [reading for reading in others if reading not in absent]
    usual = sum(reading.signal is Signal.USUAL for reading in known)
    counted = (
        (unsaid, "more changed"),
        (usual, "in their usual range" if usual != 1 else "in its usual range"),
        (len(known) - usual, "without a usual range"),
        (len(absent), "without enough data"),
    )
    said_of = "; ".join(f"{number} {what}" for number, what in counted if number)
    return f"{said_of}." if said_of else ""
