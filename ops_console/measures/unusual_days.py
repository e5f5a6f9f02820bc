"""Days that cost more than the same weekday usually does.

A day is held against the same weekday of the eight weeks before: usual is their median, and their spread is told by the
median distance from it, so that one earlier outlier hides no later one (Leys et al. 2013,
https://doi.org/10.1016/j.jesp.2013.03.013). It is told if it lies far outside that spread, a quarter above what is
usual, and weighs something in the whole: an alarm nobody would act on is noise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

WEEK = timedelta(days=7)
WEEKS, FEWEST = 8, 5
"""How many weeks a day is held against, and how many of them must be known."""
LIMIT = Decimal("4")
NORMAL = Decimal("1.4826")
"""What makes of the median distance the standard deviation of what varies normally."""
LEAST_ABOVE = Decimal("0.25")
LEAST_OF_ALL = Decimal("0.02")
"""Of what everything together costs on a usual day."""
Daily = Mapping[str, Mapping[date, Decimal]]


@dataclass(frozen=True, slots=True)
class UnusualDay:
    """What a part cost on a day, and what it usually costs on that weekday."""

    name: str
    day: date
    amount: Decimal
    usual: Decimal

    @property
    def above(self) -> Decimal:
        return self.amount - self.usual


def unusual_days(daily: Daily, first: date, last: date) -> list[UnusualDay]:
    """Those of the days `first` to `last`, what lies furthest above the usual first."""
    heavy = LEAST_OF_ALL * _usual_day(daily, first)
    found = (each for name, days in daily.items() for each in _of_part(name, days, first, last))
    told = [each for each in found if each.above >= heavy]
    return sorted(told, key=lambda each: (-each.above, each.day, each.name))


def _of_part(name: str, days: Mapping[date, Decimal], first: date, last: date) -> Iterator[UnusualDay]:
    began = min(days, default=first)
    for day, amount in days.items():
        before = [day - week * WEEK for week in range(1, WEEKS + 1)]
        known = [days.get(each, Decimal(0)) for each in before if each >= began]
        if not first <= day <= last or len(known) < FEWEST:
            continue
        usual = median(known)
        spread = NORMAL * median(abs(each - usual) for each in known)
        if amount > usual + max(LIMIT * spread, LEAST_ABOVE * abs(usual)):
            yield UnusualDay(name, day, amount, usual)


def _usual_day(daily: Daily, first: date) -> Decimal:
    """What everything costs on a usual day of the weeks before."""
    totals: dict[date, Decimal] = {}
    for days in daily.values():
        for day, amount in days.items():
            totals[day] = totals.get(day, Decimal(0)) + amount
    before = [amount for day, amount in totals.items() if day < first]
    return median(before) if before else Decimal(0)
