"""Money spent against money planned. Currencies are never added up: one counts, the others are listed."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import ColumnElement, FromClause

from ops_console.core.clock import milliseconds
from ops_console.core.columns import exact_sum
from ops_console.measures.aggregates import Aggregate, AnySelect
from ops_console.measures.figures import AT, ENTRY, EXCLUDED, REST, Cell, Figure, Reduced, Setting, Span, by_scope
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind

PURPOSE, AMOUNT = REST, REST + 3
"""Between them stand provider and currency."""
UNALLOCATED = "unallocated"


@dataclass(frozen=True, slots=True)
class Planned:
    """One budget, already in the words of scopes."""

    scope: Scope
    start: int
    end: int
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Budgeted(Aggregate):
    """Charges with `purpose`, `provider`, `currency` and `billed`, and `budgets` (scope, entry_id, start, end, …)."""

    budgets: AnySelect | None = None
    measured: ClassVar[str | None] = "billed"

    @property
    def keys(self) -> tuple[str, ...]:
        return ("purpose", "provider", "currency")

    def sums(self, rows: FromClause) -> Sequence[ColumnElement[Any]]:
        return (exact_sum(rows.c.billed),)

    def against(self) -> AnySelect | None:
        return self.budgets

    def reduce(self, cells: Sequence[Cell], setting: Setting, against: Sequence[Any]) -> Reduced:
        return _Money(by_scope(cells, setting.slugs), planned(against, setting), setting.currency)


def planned(rows: Iterable[Any], setting: Setting) -> dict[tuple[Scope, int, int], Planned]:
    """The budget of each scope and stretch; a later one for the same replaces the earlier."""
    found: dict[tuple[Scope, int, int], Planned] = {}
    for row in rows:
        scope = _scope(row.scope, setting.slugs.get(row.entry_id), setting.teams)
        if scope is not None:
            start, end = milliseconds(row.starts_at), milliseconds(row.ends_at)
            found[scope, start, end] = Planned(scope, start, end, row.amount, row.currency)
    return found


def _scope(text: str, slug: str | None, teams: Mapping[str, str]) -> Scope | None:
    """Teams are spelt freely in budgets; a budget for a purpose has no scope of its own."""
    kind, _, key = text.partition(":")
    if kind == ScopeKind.WORKSPACE:
        return WORKSPACE
    if kind == ScopeKind.TEAM and key:
        return Scope(ScopeKind.TEAM, teams.get(key.casefold(), key))
    if kind == ScopeKind.TIER and key:
        return Scope(ScopeKind.TIER, key)
    return Scope(ScopeKind.MODEL, slug or key) if kind in (ScopeKind.MODEL, "service") and (slug or key) else None


class _Charge(NamedTuple):
    at: int
    unallocated: bool
    purpose: str | None
    provider: str | None
    currency: str
    amount: Decimal


class _Money(Reduced):
    def __init__(
        self,
        cells: Mapping[Scope, list[Cell]],
        budgets: Mapping[tuple[Scope, int, int], Planned],
        currency: str,
    ) -> None:
        self._charges = {scope: _together(found) for scope, found in cells.items()}
        self._at = {scope: [charge.at for charge in found] for scope, found in self._charges.items()}
        self._currency = currency
        self._budgets: defaultdict[Scope, list[Planned]] = defaultdict(list)
        for budget in budgets.values():
            self._budgets[budget.scope].append(budget)

    def scopes(self) -> Iterable[Scope]:
        return self._charges

    def figure(self, scope: Scope, span: Span) -> Figure | None:
        start, end = span.milliseconds
        at = self._at[scope]
        charges = self._charges[scope][bisect_left(at, start) : bisect_left(at, end)]
        if not charges:
            return None
        budget = self._budget(scope, start, end)
        totals = _totals(charges, "currency")
        currency = budget.currency if budget else self._counting(totals)
        spent = totals.pop(currency, Decimal(0))
        return Figure(
            value=float(spent / budget.amount) if budget and budget.amount else None,
            k=spent,
            n=budget.amount if budget else None,
            detail=_detail([charge for charge in charges if charge.currency == currency], currency, totals),
        )

    def _counting(self, totals: Mapping[str, Decimal]) -> str:
        return next(iter(totals)) if len(totals) == 1 else self._currency

    def _budget(self, scope: Scope, start: int, end: int) -> Planned | None:
        """The budget of exactly this stretch, else the sum of those that together fill it."""
        mine = self._budgets.get(scope, [])
        exact = [budget for budget in mine if (budget.start, budget.end) == (start, end)]
        if exact:
            return exact[-1]
        parts = sorted((b for b in mine if start <= b.start and b.end <= end), key=lambda b: (b.start, -b.end))
        reached, amount = start, Decimal(0)
        for part in parts:
            if part.start == reached and part.currency == parts[0].currency:
                reached, amount = part.end, amount + part.amount
        return Planned(scope, start, end, amount, parts[0].currency) if parts and reached == end else None


def _together(cells: Sequence[Cell]) -> Sequence[_Charge]:
    """What counts of one scope, by its instant: what differs by entry, team or tier alone is one amount."""
    amounts: defaultdict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for cell in cells:
        if cell[EXCLUDED] is None:
            amounts[(cell[AT], cell[ENTRY] is None, *cell[PURPOSE:AMOUNT])] += cell[AMOUNT]
    return [_Charge._make((*told, amount)) for told, amount in amounts.items()]


def _detail(charges: Sequence[_Charge], currency: str, others: Mapping[str, Decimal]) -> dict[str, Any]:
    total = sum((charge.amount for charge in charges), Decimal(0))
    unallocated = sum((charge.amount for charge in charges if charge.unallocated), Decimal(0))
    return {
        "currency": currency,
        "by_purpose": _text(_totals(charges, "purpose")),
        "by_provider": _text(_totals(charges, "provider")),
        "other_currencies": _text(others),
        "unallocated": format(unallocated, "f"),
        "unallocated_share": float(unallocated / total) if total else None,
    }


def _totals(charges: Iterable[_Charge], name: str) -> dict[str, Decimal]:
    totals: defaultdict[str, Decimal] = defaultdict(Decimal)
    key = attrgetter(name)
    for charge in charges:
        totals[key(charge) or UNALLOCATED] += charge.amount
    return {name: totals[name] for name in sorted(totals)}


def _text(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: format(amount, "f") for name, amount in amounts.items()}
