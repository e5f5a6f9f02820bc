"""Addresses of the page at hand that keep its period, or always mean the newest one."""

from collections.abc import Sequence
from dataclasses import dataclass

from ops_console.core import units
from ops_console.core.periods import LATEST, Grain, Period
from ops_console.web.view import url_with


@dataclass(frozen=True, slots=True)
class Permalink:
    """`words` say which period the address leads to: `Oct 2026`, `the latest month`."""

    words: str
    address: str


Permalinks = Sequence[Permalink]


def of_period(period: Period) -> Permalinks:
    """First the fixed one. A stretch of days that is no week, month or quarter has no newest one."""
    fixed = Permalink(units.period_title(period.label), url_with(period=period.label, grain=None))
    if period.grain is None:
        return (fixed,)
    grain = None if period.grain is Grain.MONTH else period.grain.value
    return (fixed, Permalink(f"the latest {period.grain}", url_with(period=LATEST, grain=grain)))
