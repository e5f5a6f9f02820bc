"""Bare numbers of a unit, ranges of them, and targets."""

import re
from decimal import Decimal

from ops_console.core import units
from ops_console.core.periods import Grain
from ops_console.measures.definition import Bounds, Unit

_WITH_UNIT = re.compile(r"(?P<size>[\d.,−]+)(?P<unit>\D+)")


def amount(unit: Unit, value: float | Decimal, currency: str | None = None) -> str:
    """One number in the words of its unit; a share stands without its fraction."""
    if unit is Unit.SECONDS:
        return units.duration(value)
    if unit is Unit.SHARE:
        return units.bare_percent(value, places=1)
    if unit is Unit.SCORE:
        return units.score(value)
    return units.money(value, currency) if unit is Unit.MONEY else units.count(value)


def figure(unit: Unit, value: float | Decimal) -> str:
    """A number as readings, limits and targets hold it: money there is spent ÷ budget."""
    if unit is Unit.MONEY:
        return f"{units.bare_percent(value)} of budget"
    return units.bare_percent(value) if unit is Unit.SHARE else amount(unit, value)


def between(low: str, high: str) -> str:
    """Two amounts as a range, their unit said once: `5.2 to 12.4 days`, `2.2 to 25%`; alike, they are one."""
    if low == high:
        return high
    first, last = _WITH_UNIT.fullmatch(low), _WITH_UNIT.fullmatch(high)
    if first and last and first["unit"] == last["unit"]:
        return f"{first['size']} to {high}"
    return f"{low} to {high}"


def bounds(unit: Unit, target: Bounds | None, grain: Grain | None = None) -> str:
    """A target as people write it: `< 14 days`, `≥ 99.9%`, `2 to 10 a month`, `≤ 100% of budget`."""
    if target is None or (target.low is None and target.high is None):
        return "No target"
    per = f" a {grain}" if unit is Unit.COUNT and grain else ""
    if target.low is None:
        return f"{'<' if target.strict else '≤'} {_set(unit, target.high)}{per}"
    if target.high is None:
        return f"{'>' if target.strict else '≥'} {_set(unit, target.low)}{per}"
    return f"{between(_set(unit, target.low), _set(unit, target.high))}{per}"


def _set(unit: Unit, value: float | None) -> str:
    """A number that a person set, not rounded."""
    plain = value or 0.0
    if unit in (Unit.SHARE, Unit.MONEY):
        return units.plain_percent(plain) + (" of budget" if unit is Unit.MONEY else "")
    return units.number(plain) if unit is Unit.SCORE else amount(unit, plain)
