"""What a KPI says about itself. One KPI is one file in `ops_console/kpis`: this definition and one function.

The function takes nothing and returns an aggregate over selects (`measures.aggregates`); the engine adds periods,
scopes and the subject's standing. Module name = function name = key; the function's docstring is the definition
shown on the help page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from ops_console.core.periods import Grain
from ops_console.measures.scopes import EVERY_SCOPE, ScopeKind

if TYPE_CHECKING:
    from ops_console.measures.aggregates import Aggregate


class Unit(StrEnum):
    """What a value is counted in: `seconds` for durations, `share` 0–1, `money` as spent ÷ budget, `score` of 10."""

    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"
    SCORE = "score"
    MONEY = "money"


class Better(StrEnum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    BAND = "band"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A target: at least `low`, at most `high`, in the KPI's unit; `strict` as the blueprint's `<` and `>`."""

    low: float | None = None
    high: float | None = None
    strict: bool = True

    def met_by(self, value: float) -> bool:
        if self.low is not None and (value < self.low or (self.strict and self.high is None and value == self.low)):
            return False
        return not (
            self.high is not None and (value > self.high or (self.strict and self.low is None and value == self.high))
        )


GROUPS = {
    "Delivery": range(1, 4),
    "Model quality": range(4, 9),
    "Operations": range(9, 16),
    "Stakeholders and people": range(16, 21),
    "Governance and cost": range(21, 24),
}
"""The headings of the catalogue, by number."""
OWN, FIRST_OWN = "Your own", 24
"""What stands behind the catalogue."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One KPI.

    `number` is its place in the catalogue (1–23) or behind it; `group` names the heading it stands under, where its
    number does not say that: one of `GROUPS` or another one. `targets` are the defaults by tier, `None` for every other
    scope. `window_days` is the trailing window of the status (None: the period itself); `minimum` the smallest n that
    gets a status. `facts` are the kinds it cannot do without, `also` those that change it besides; `read_with` the KPIs
    it must never be shown without. `version` rises with every change of meaning, and `changes` says what changed.

    `per` names the grain its targets are meant for, where they grow with the period; `portfolio` says that the
    defaults bind on the workspace alone. `best` is the best possible value, `at_risk_from` overrides where "at risk"
    begins. `widens` lets a trailing window that holds too few cases grow to 180 and 365 days. `lasting` values stand
    until the next one (a survey's wave). `matures_days` is how long a case may still change after its anchor:
    `cases` younger than that `may_still` do what counts as a hit.
    `snapshot` values say how things stood at the end of the period. `so_far` ones are measured against time that a
    running period has yet to bring, so that it is read up to now. Facts that are `late` come in days after the clock, a
    day at a time. `reaches_days` is how long after its own place a fact still changes figures. A count that
    `needs_cases` counts some of them: of none it is unknown, where other counts are zero. `scopes` are the kinds of
    scope it can speak of. `fraction` is what `k of n` counts, where the figure is told so and not as a percentage;
    `nothing` is what to say where there are no cases.
    """

    key: str
    number: int
    title: str
    question: str
    formula: str
    unit: Unit
    better: Better
    compute: "Callable[[], Aggregate]"
    targets: dict[int | None, Bounds] = field(default_factory=dict)
    window_days: int | None = None
    minimum: int = 1
    facts: tuple[str, ...] = ()
    read_with: tuple[str, ...] = ()
    statistic: str = ""
    also: tuple[str, ...] = ()
    per: Grain | None = None
    portfolio: bool = False
    best: float | None = None
    at_risk_from: float | None = None
    widens: bool = False
    lasting: bool = False
    matures_days: int | None = None
    cases: str = "releases"
    may_still: str = ""
    snapshot: bool = False
    so_far: bool = False
    late: bool = False
    reaches_days: int = 0
    needs_cases: bool = False
    scopes: tuple[ScopeKind, ...] = EVERY_SCOPE
    fraction: str = ""
    nothing: str = "No data"
    version: int = 1
    changes: tuple[str, ...] = ()
    group: str = ""
    description: str = ""

    def __hash__(self) -> int:
        return hash((self.key, self.version))

    @property
    def aggregate(self) -> "Aggregate":
        """What `compute` returns, made once: its selects are the same at any time."""
        return _made(self.compute)

    def is_too_few(self, n: Decimal | None) -> bool:
        """Whether so many cases are some, but fewer than a figure needs; totals need none."""
        is_total = self.unit is Unit.MONEY or (self.unit is Unit.COUNT and not self.needs_cases)
        return not is_total and bool(n) and (n or 0) < self.minimum

    @property
    def heading(self) -> str:
        """The group it stands in."""
        return self.group or next((title for title, numbers in GROUPS.items() if self.number in numbers), OWN)


@lru_cache(maxsize=128)
def _made(compute: "Callable[[], Aggregate]") -> "Aggregate":
    return compute()
