"""One amount for another: hours used of hours allocated, money per thousand inferences. Exact to the last digit."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, FromClause

from ops_console.core.columns import exact_sum
from ops_console.measures.aggregates import Aggregate
from ops_console.measures.figures import ENTRY, EXCLUDED, REST, Cell, Figure, Reduced, Setting, Span, by_scope, within
from ops_console.measures.scopes import Scope

CURRENCY, AMOUNT, UNITS = range(REST, REST + 3)
PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class PerUnit(Aggregate):
    """Rows with `amount` or `units`, the other being null, and the `currency` of an amount of money.

    Models of which both are known count; the others are left out, for a cost without its use says nothing of either.
    Currencies are never added up: where there are several, the workspace's counts. `per` is how many units at a time.
    """

    per: int = 1
    no_amount: str = ""
    no_units: str = ""
    measured: ClassVar[str | None] = "amount"

    @property
    def keys(self) -> tuple[str, ...]:
        return ("currency",)

    def sums(self, rows: FromClause) -> Sequence[ColumnElement[Any]]:
        return exact_sum(rows.c.amount), exact_sum(rows.c.units)

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        named = [cell for cell in cells if cell[EXCLUDED] is None and cell[ENTRY] is not None]
        return _Ratios(self, by_scope(named, setting.slugs), setting.currency)


class _Sums:
    """What is known of one model in a span."""

    __slots__ = ("amounts", "units")

    def __init__(self) -> None:
        self.amounts: defaultdict[str | None, Decimal] = defaultdict(Decimal)
        self.units: Decimal | None = None

    def add(self, cell: Cell) -> None:
        if cell[AMOUNT] is not None:
            self.amounts[cell[CURRENCY]] += cell[AMOUNT]
        if cell[UNITS] is not None:
            self.units = (self.units or Decimal(0)) + cell[UNITS]


@dataclass(frozen=True, slots=True)
class _Ratios(Reduced):
    measure: PerUnit
    cells: Mapping[Scope, Sequence[Cell]]
    currency: str

    def scopes(self) -> Iterable[Scope]:
        return self.cells

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        found: defaultdict[int, _Sums] = defaultdict(_Sums)
        for cell in within(self.cells[scope], span):
            found[cell[ENTRY]].add(cell)
        if not found:
            return None
        currencies = {currency for sums in found.values() for currency in sums.amounts}
        counting = currencies.pop() if len(currencies) == 1 else self.currency
        both = [sums for sums in found.values() if sums.units and counting in sums.amounts]
        amount = sum((sums.amounts[counting] for sums in both), Decimal(0))
        units = sum((sums.units or Decimal(0) for sums in both), Decimal(0))
        detail = {"amount": format(amount, "f"), "units": format(units, "f"), "per": self.measure.per}
        if counting is not None:
            detail["currency"] = counting
        if units:
            detail["exactly"] = format((amount * self.measure.per / units).quantize(PLACES), "f")
        return Figure(
            value=float(amount * self.measure.per / units) if units else None,
            n=Decimal(len(both)),
            detail=detail,
            excluded=self._left_out(found.values(), counting),
        )

    def _left_out(self, found: Iterable[_Sums], counting: str | None) -> dict[str, int]:
        reasons: defaultdict[str, int] = defaultdict(int)
        for sums in found:
            if not sums.units:
                reasons[self.measure.no_units] += 1
            elif counting not in sums.amounts:
                reasons[self.measure.no_amount] += 1
        return dict(sorted(reasons.items()))
