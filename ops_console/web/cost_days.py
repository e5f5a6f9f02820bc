"""Cost day by day: what it is made of, how it adds up against the budget, and which days were out of the ordinary."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from ops_console.core import units
from ops_console.core.periods import midnight
from ops_console.measures.readings import Reading
from ops_console.measures.unusual_days import WEEK, WEEKS
from ops_console.reporting.charts.cumulative import cumulative
from ops_console.reporting.charts.days import day_places
from ops_console.reporting.charts.spec import ChartSpec
from ops_console.reporting.charts.stacked import MOST_PARTS, stacked
from ops_console.scorecard.charges import SERVICE, USAGE, Charges, last_day, totals
from ops_console.web.view import workspace

DAY = timedelta(days=1)
OTHERS = "others"
A_MONTH = 31
Daily = Mapping[str, Mapping[date, Decimal]]


@dataclass(frozen=True, slots=True)
class CostDays:
    """The days of a reading of the cost KPI, in parts. `services` are known from `since` on, which may be earlier;
    `used` leaves out purchases, taxes and credits. What lies behind `reached` is not billed yet.
    """

    found: Reading
    part: str
    days: Sequence[date]
    reached: date
    parts: Daily
    since: date
    services: Daily
    used: Daily

    @property
    def currency(self) -> str:
        return self.found.currency or ""

    @property
    def _stretch(self) -> str:
        """`Oct 2026`; of a running period, `1 to 27 Nov 2026`."""
        is_whole = self.reached >= self.days[-1]
        return units.period_title(self.found.period.label) if is_whole else units.span(self.days[0], self.reached)

    def made_of(self) -> ChartSpec:
        """Bars by part, the heaviest first; the smallest together are `others`."""
        subtitle = f"{self.currency} by day of charge and {self.part}, {self.found.scope.title}"
        parts = {name: self._until_reached(days) for name, days in _few(self.parts).items()}
        return stacked(
            f"{self.found.key}_by_day", self._heaviest(), subtitle, day_places(self.days), parts, currency=self.currency
        )

    def against_budget(self) -> ChartSpec:
        """What was spent so far, on one axis with the budget and the forecast."""
        ahead = self.found.detail.get("forecast")
        return cumulative(
            f"{self.found.key}_so_far",
            self._spent(),
            self.days,
            self._until_reached(_together(self.parts.values())),
            budget=self.found.n,
            forecast=Decimal(ahead["amount"]) if ahead else None,
            currency=self.currency,
        )

    def _until_reached(self, days: Mapping[date, Decimal]) -> list[Decimal | None]:
        return [days.get(day, Decimal(0)) if day <= self.reached else None for day in self.days]

    def _heaviest(self) -> str:
        sums = {name: sum(days.values(), Decimal(0)) for name, days in self.parts.items()}
        total = sum(sums.values(), Decimal(0))
        heaviest = max(sums, key=lambda name: sums[name], default="")
        if not heaviest or total <= 0:
            return f"Cost by day, {self._stretch}"
        return f"{units.bare_percent(sums[heaviest] / total)} of the cost is {heaviest}, {self._stretch}"

    def _spent(self) -> str:
        """`48% of the budget spent by 14 Oct 2026, when an even pace would be at 45%`"""
        found, amount = self.found, units.money(self.found.k or 0, self.currency)
        if not found.n:
            return f"{amount} spent, {self._stretch}; no budget is set for this"
        share, over = units.bare_percent((found.k or 0) / found.n), (found.k or 0) - found.n
        if self.reached >= self.days[-1]:
            beyond = f", {units.money(abs(over), self.currency)} {'over' if over > 0 else 'under'}" if over else ""
            return f"{share} of the budget spent{beyond}, {self._stretch}"
        passed = ((self.reached - self.days[0]).days + 1) / len(self.days)
        pace = f"when an even pace would be at {units.bare_percent(passed)}"
        return f"{share} of the budget spent by {units.day(self.reached)}, {pace}"


def cost_days(charges: Charges, found: Reading, part: str) -> CostDays:
    """In one statement. A stretch longer than a month has no weeks before, against which nobody would hold its days."""
    period, zone = found.period, workspace().zone
    days = [period.first_day + place * DAY for place in range((period.last_day - period.first_day).days + 1)]
    since = days[0] - (WEEKS * WEEK if len(days) <= A_MONTH else 0 * DAY)
    column = SERVICE if part == "service" else part
    sums = charges.sums(midnight(since, zone), period.end, column, SERVICE, "category", "day")
    reached = last_day(charges.session, zone) if found.is_running else None
    return CostDays(
        found,
        part,
        days,
        min(reached or days[-1], days[-1]),
        by_day(totals((row for row in sums if row[3] >= days[0]), 0, 3)),
        since,
        by_day(totals(sums, 1, 3)),
        by_day(totals((row for row in sums if row[2] == USAGE), 1, 3)),
    )


def by_day(sums: Mapping[tuple[str, date], Decimal]) -> Daily:
    """The days of each name."""
    found: dict[str, dict[date, Decimal]] = {}
    for (name, day), amount in sums.items():
        found.setdefault(name, {})[day] = amount
    return found


def _few(parts: Daily) -> Daily:
    """The heaviest, and the others together."""
    ordered = sorted(parts, key=lambda name: (-sum(parts[name].values()), name))
    if len(ordered) <= MOST_PARTS:
        return {name: parts[name] for name in ordered}
    kept, rest = ordered[: MOST_PARTS - 1], ordered[MOST_PARTS - 1 :]
    return {name: parts[name] for name in kept} | {OTHERS: _together(parts[name] for name in rest)}


def _together(parts: Iterable[Mapping[date, Decimal]]) -> Mapping[date, Decimal]:
    return totals((row for days in parts for row in days.items()), 0)
