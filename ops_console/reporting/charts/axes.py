"""Round ticks for every unit, the same for both drawings."""

import math

from ops_console.core import units
from ops_console.measures.definition import Unit
from ops_console.reporting.charts.spec import Axis, Tick

WANTED_STEPS = 4
QUARTER = 0.25
SAME = 1e-6
"""Values closer than this are one value: their difference is how computers keep numbers."""
DAY, HOUR, MINUTE = units.DAY, units.HOUR, units.MINUTE
CLOCK_STEPS = (1, 2, 5, 10, 15, 30, *(m * MINUTE for m in (1, 2, 5, 10, 15, 30)), *(h * HOUR for h in (1, 2, 3, 6, 12)))


def axis(unit: Unit, values: list[float], *, from_zero: bool, currency: str | None = None) -> Axis:
    """An axis whose ticks enclose every value. Bars start at zero; lines where that would hide them do not."""
    low, high = _range(unit, values, from_zero)
    size = step(unit, (high - low) / WANTED_STEPS)
    first, last = math.floor(low / size + 1e-9), math.ceil(high / size - 1e-9)
    places = [index * size for index in range(first, last + 1)]
    if unit is Unit.SHARE and high <= 1 < places[-1]:
        places = [place for place in places if place < 1] + [1.0]
    texts = tick_texts(unit, places, size, currency)
    starts_elsewhere = places[0] > 0
    note = f"axis starts at {_whole(texts, unit, size)}" if starts_elsewhere else ""
    return Axis(tuple(Tick(place, text) for place, text in zip(places, texts, strict=True)), note)


def _range(unit: Unit, values: list[float], from_zero: bool) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=0.0)
    if from_zero or high - low < SAME * abs(high) or 0 <= low < 0.7 * high:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < SAME:
        high = {Unit.COUNT: 1.0, Unit.SHARE: 0.1, Unit.SECONDS: float(HOUR)}.get(unit, 10.0)
    return low, high


def step(unit: Unit, wanted: float) -> float:
    """The smallest round step that is at least `wanted`."""
    if unit is Unit.SECONDS and wanted <= 12 * HOUR:
        return float(next(size for size in CLOCK_STEPS if size >= wanted))
    if unit is Unit.SHARE and 0.2 < wanted <= QUARTER:
        return QUARTER
    scale = float(DAY) if unit is Unit.SECONDS else 1.0
    power = 10.0 ** math.floor(math.log10(wanted / scale))
    size = next(factor for factor in (1, 2, 5, 10) if factor * power * scale >= wanted * (1 - 1e-9)) * power * scale
    return max(size, 1.0) if unit is Unit.COUNT else size


def tick_texts(unit: Unit, places: list[float], size: float, currency: str | None = None) -> list[str]:
    """Labels of one axis; a long unit stands once, at the top."""
    if unit is Unit.SHARE:
        return [f"{units.fixed(place * 100, _decimals(size * 100))}%" for place in places]
    if unit is Unit.MONEY:
        return [_money(place, places[-1], size, currency) for place in places]
    scale, name = clock(size) if unit is Unit.SECONDS else (1.0, "")
    plain = [units.fixed(place / scale, _decimals(size / scale)) for place in places]
    return [*plain[:-1], f"{plain[-1]} {name}".strip()]


def clock(size: float) -> tuple[float, str]:
    """The unit of time in which steps of this size are whole numbers."""
    for scale, name in ((DAY, "days"), (HOUR, "h"), (MINUTE, "min")):
        if size >= scale:
            return float(scale), name
    return 1.0, "s"


def _whole(texts: list[str], unit: Unit, size: float) -> str:
    return f"{texts[0]} {clock(size)[1]}" if unit is Unit.SECONDS else texts[0]


def _decimals(size: float) -> int:
    return max(0, -math.floor(math.log10(size) + 1e-9))


def _money(place: float, top: float, size: float, currency: str | None) -> str:
    for scale, letter, least in ((1_000_000, "M", 1_000_000), (1_000, "k", 10_000)):
        if top >= least and place:
            number = units.fixed(abs(place) / scale, _decimals(size / scale))
            return f"{units.MINUS if place < 0 else ''}{units.SYMBOLS.get(currency or '', '')}{number}{letter}"
    return units.money(place, currency)
