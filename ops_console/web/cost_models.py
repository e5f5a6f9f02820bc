"""What each model cost, of what, against what, and what moved since the period beside.

For all models the scorecard holds it; for a part of them the charges that fall into the part are added up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ops_console.core import units
from ops_console.core.periods import Period
from ops_console.measures.figures import Figure
from ops_console.measures.money import UNALLOCATED
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.scorecard.charges import KEY, MODEL, Charges
from ops_console.scorecard.kept_figures import kept_figures

ZERO = Decimal(0)
Purposes = Mapping[str, Mapping[str, Decimal]]
"""Amounts by purpose, of each model; what no model is named for stands under `unallocated`."""
Figures = Mapping[Scope, Figure]


@dataclass(frozen=True, slots=True)
class ModelCost:
    """`before` is None where nothing is compared, `budget` where none is set."""

    name: str
    purposes: Mapping[str, Decimal]
    before: Decimal | None
    figure: Figure

    @property
    def total(self) -> Decimal:
        return sum(self.purposes.values(), ZERO)

    @property
    def change(self) -> Decimal | None:
        return None if self.before is None else self.total - self.before

    @property
    def budget(self) -> Decimal | None:
        """Beside all that the model cost, never beside the part of it that falls into a scope."""
        return self.figure.n if self.figure.k == self.total else None

    @property
    def share(self) -> Decimal | None:
        """Of the budget."""
        return self.total / self.budget if self.budget else None

    @property
    def unit_cost(self) -> str:
        """The price of a thousand inferences; empty where it is unknown."""
        told = self.figure.detail.get("unit_cost") or {}
        return units.price(Decimal(told["exactly"]), told.get("currency")) if told.get("exactly") else ""

    @property
    def is_of_a_model(self) -> bool:
        return self.name != UNALLOCATED


def model_costs(charges: Charges, found: Reading) -> list[ModelCost]:
    """Every model with a charge in the period or in the one beside, in no order."""
    figures = kept_figures(charges.session, KEY, found.period)
    kept = found.scope == WORKSPACE
    now = _kept(figures, charges.currency) if kept else None
    if now is None:
        now = _charged(charges, found.period, found.period.end)
    before = _before(charges, found, kept=kept)
    return [
        ModelCost(
            name,
            now.get(name, {}),
            None if before is None else sum(before.get(name, {}).values(), ZERO),
            figures.get(Scope(ScopeKind.MODEL, name), Figure()),
        )
        for name in {*now, *(before or ())}
    ]


def _before(charges: Charges, found: Reading, *, kept: bool) -> Purposes | None:
    """As much of the period beside as has passed of a running one."""
    beside = found.previous_period
    if beside is None:
        return None
    until = found.previous_until or beside.end
    whole = (
        _kept(kept_figures(charges.session, KEY, beside), charges.currency) if kept and until == beside.end else None
    )
    return _charged(charges, beside, until) if whole is None else whole


def _kept(figures: Figures, currency: str) -> Purposes | None:
    """None where the scorecard counts something in another currency, which has no purposes in this one."""
    if WORKSPACE not in figures or any(_is_foreign(figure, currency) for figure in figures.values()):
        return None
    purposes = {scope.key: _purposes(figure) for scope, figure in figures.items() if scope != WORKSPACE}
    rest = dict(_purposes(figures[WORKSPACE]))
    for mine in purposes.values():
        for purpose, amount in mine.items():
            rest[purpose] = rest.get(purpose, ZERO) - amount
    return purposes | {UNALLOCATED: {purpose: amount for purpose, amount in rest.items() if amount}}


def _is_foreign(figure: Figure, currency: str) -> bool:
    return figure.k is not None and figure.detail.get("currency") != currency


def _purposes(figure: Figure) -> Mapping[str, Decimal]:
    return {name: Decimal(amount) for name, amount in (figure.detail.get("by_purpose") or {}).items()}


def _charged(charges: Charges, period: Period, until: datetime) -> Purposes:
    found: dict[str, dict[str, Decimal]] = {}
    for model, purpose, amount in charges.sums(period.start, until, MODEL, "purpose"):
        found.setdefault(model, {})[purpose] = amount
    return found
