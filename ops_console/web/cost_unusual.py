"""Days on which use of a service cost far more than it usually does, and the models that rose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ops_console.core.periods import midnight
from ops_console.measures.unusual_days import WEEK, UnusualDay, unusual_days
from ops_console.scorecard.charges import MODEL, USAGE, Charges, totals
from ops_console.web.cost_days import DAY, CostDays, by_day
from ops_console.web.view import workspace

MOST_DAYS = 5
MOST_NAMED = 3
WEEKS_BESIDE = 4
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Told:
    """A day, and by how much each of a few models rose; `more` days are not told."""

    unusual: UnusualDay
    risen: Sequence[tuple[str, Decimal]]


def unusual(charges: Charges, days: CostDays) -> tuple[list[Told], int]:
    """The days furthest above the usual, and how many others there are."""
    found = unusual_days(days.used, days.days[0], days.days[-1])
    return [Told(each, _risen(charges, each)) for each in found[:MOST_DAYS]], max(0, len(found) - MOST_DAYS)


def _risen(charges: Charges, told: UnusualDay) -> Sequence[tuple[str, Decimal]]:
    """The models whose use of the service rose most above its mean on the weekdays before."""
    weeks = [told.day - week * WEEK for week in range(1, WEEKS_BESIDE + 1)]
    start, end = (midnight(day, workspace().zone) for day in (weeks[-1], told.day + DAY))
    sums = charges.sums(start, end, MODEL, "category", "day", service=told.name)
    models = by_day(totals((row for row in sums if row[1] == USAGE), 0, 2))
    rises = ((name, days.get(told.day, ZERO) - _mean(days, weeks)) for name, days in models.items())
    return sorted((each for each in rises if each[1] > 0), key=lambda each: (-each[1], each[0]))[:MOST_NAMED]


def _mean(days: Mapping[date, Decimal], among: Sequence[date]) -> Decimal:
    return sum((days.get(day, ZERO) for day in among), ZERO) / len(among)
