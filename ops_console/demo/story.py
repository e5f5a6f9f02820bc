"""The time a demo tells of, and its dice: the same seed and the same anchor give the same past, day after day.

Every die is thrown for one subject and one day or week, so that a demo topped up tomorrow repeats all of today's
facts and adds new ones.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from ops_console.core.periods import Grain, Period, containing, midnight
from ops_console.demo import calibration, company

MONTHS = 18
BAD_MONTH_AGO = 3
SEED = "quillmark"
LONDON = ZoneInfo(company.ZONE)
T = TypeVar("T")


class Batch(NamedTuple):
    """Facts of one kind as one source delivers them."""

    kind: str
    source: str
    rows: Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Story:
    """Whole months before the month of `anchor`, then on to `until`; `anchor` is when the demo was first made."""

    anchor: datetime
    until: datetime
    seed: str = SEED
    zone: ZoneInfo = LONDON
    length: int = MONTHS

    @cached_property
    def start(self) -> datetime:
        return self._month(-self.length).start

    @cached_property
    def bad_month(self) -> Period:
        """Failures up, objectives missed, cost over; the months after it recover."""
        return self._month(-BAD_MONTH_AGO)

    def _month(self, away: int) -> Period:
        return containing(self.anchor, Grain.MONTH, self.zone).shifted(away)

    def at(self, share: float) -> datetime:
        """The midnight that lies so far between the start and the anchor."""
        return self.midnight((self.start + (self.anchor - self.start) * share).astimezone(self.zone).date())

    def midnight(self, day: date) -> datetime:
        return midnight(day, self.zone)

    def moment(self, day: date, hour: int, dice: Random) -> datetime:
        """Some time within a local hour of a day."""
        local = datetime.combine(day, time(hour, dice.randrange(60), dice.randrange(60)), self.zone)
        return local.astimezone(UTC)

    def today(self) -> date:
        return self.until.astimezone(self.zone).date()

    def days(self) -> Iterator[date]:
        """Every local day from the start to today."""
        first = self.start.astimezone(self.zone).date()
        for number in range((self.today() - first).days + 1):
            yield first + timedelta(days=number)

    def weeks(self) -> Iterator[date]:
        """Every Monday of a week that the story touches, the running week included."""
        monday = self.start.astimezone(self.zone).date()
        monday -= timedelta(days=monday.weekday())
        while monday <= self.today():
            yield monday
            monday += timedelta(weeks=1)

    def months(self) -> Iterator[Period]:
        month = containing(self.start, Grain.MONTH, self.zone)
        while month.start <= self.until:
            yield month
            month = month.next()

    def dice(self, *about: object) -> Random:
        # Seeding by text is stable across versions and processes: https://docs.python.org/3/library/random.html
        return Random(":".join((self.seed, f"{self.start:%Y-%m}", *map(str, about))))  # noqa: S311  (no secret)

    def trouble(self, moment: datetime) -> float:
        """How bad things are: 1 in the bad month, less in the month that recovers from it, else 0."""
        if self.bad_month.contains(moment):
            return 1.0
        return 0.25 if self.bad_month.next().contains(moment) else 0.0

    def has_passed(self, moment: datetime | None) -> bool:
        return moment is not None and moment <= self.until


def lognormal(dice: Random, shape: tuple[float, float]) -> float:
    """A draw by median and sigma."""
    median, sigma = shape
    return dice.lognormvariate(math.log(median), sigma)


def hours(dice: Random, shape: tuple[float, float], *, at_most: float = 24 * 60) -> timedelta:
    """A time by median hours and sigma, in whole seconds."""
    return timedelta(seconds=round(min(lognormal(dice, shape), at_most) * 3600))


def poisson(dice: Random, rate: float) -> int:
    """How many of what happens `rate` times on average (Knuth's method)."""
    limit, count, product = math.exp(-rate), 0, dice.random()
    while product > limit:
        count += 1
        product *= dice.random()
    return count


def pick(dice: Random, weights: Mapping[T, float]) -> T:
    """One of the keys, by weight."""
    return dice.choices(list(weights), list(weights.values()))[0]


def working_moment(story: Story, monday: date, dice: Random) -> datetime:
    """A moment of a week when people deploy."""
    day = monday + timedelta(days=dice.choices(range(7), calibration.WEEKDAYS)[0])
    return story.moment(day, pick(dice, calibration.HOURS), dice)
