"""Which models and services cost more or less than in the period beside, the largest change first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from ops_console.core.periods import Period
from ops_console.scorecard.reach import MOMENT
from ops_console.web.cost_days import CostDays
from ops_console.web.cost_models import ModelCost

MOST_MOVERS = 5
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Mover:
    name: str
    now: Decimal
    before: Decimal

    @property
    def change(self) -> Decimal:
        return self.now - self.before


def movers(models: Iterable[ModelCost], days: CostDays) -> list[tuple[str, Sequence[Mover]]]:
    """Of models; of services too, where the days at hand reach back over the period beside."""
    found = [("Models", _most(Mover(each.name, each.total, each.before) for each in models if each.before is not None))]
    beside = days.found.previous_period
    if beside is not None and days.since <= beside.first_day:
        found.append(("Services", _most(_services(days, beside))))
    return found


def _services(days: CostDays, beside: Period) -> Iterator[Mover]:
    until = (days.found.previous_until or beside.end) - MOMENT
    last = until.astimezone(ZoneInfo(beside.zone)).date()
    for name, mine in days.services.items():
        yield Mover(name, _between(mine, days.days[0], days.days[-1]), _between(mine, beside.first_day, last))


def _between(days: Mapping[date, Decimal], first: date, last: date) -> Decimal:
    return sum((amount for day, amount in days.items() if first <= day <= last), ZERO)


def _most(found: Iterable[Mover]) -> Sequence[Mover]:
    moved = sorted((each for each in found if each.change), key=lambda each: (-abs(each.change), each.name))
    return moved[:MOST_MOVERS]
