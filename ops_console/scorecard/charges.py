"""What the charges of a scope add up to, by day, model or service: the very rows that the cost KPI is made of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Row, and_, select
from sqlmodel import Session, col

from ops_console.core.columns import exact_sum
from ops_console.kpis import CATALOGUE
from ops_console.measures.figures import Span
from ops_console.measures.money import UNALLOCATED
from ops_console.measures.scopes import WORKSPACE, Scope
from ops_console.records.catalog import CatalogEntry
from ops_console.records.costs import Cost
from ops_console.scorecard.candidates import candidates
from ops_console.scorecard.extent import last_of
from ops_console.scorecard.placed import place

KEY = "cost_vs_budget"
USAGE = "Usage"
"""The category of what was used; purchases, taxes and credits come on days of their own."""
SERVICE = "label"
MODEL = "model"
Sums = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Charges:
    """Those of one scope in one currency."""

    session: Session
    scope: Scope
    currency: str

    def sums(self, start: datetime, end: datetime, *by: str, service: str | None = None) -> Sums:
        """What charges are told apart by, among `model`, `day` and the columns of the KPI's rows, and their amount;
        what has no name is `unallocated`.
        """
        found, among, mine = self._placed(start, end)
        if MODEL in by:
            among = among.outerjoin(CatalogEntry, col(CatalogEntry.id) == found.c.entry_id)
        if service is not None:
            mine = and_(mine, found.c[SERVICE] == service)
        keys = [col(CatalogEntry.slug) if name == MODEL else found.c[name] for name in by]
        rows = select(*keys, exact_sum(found.c.billed)).select_from(among).where(mine).group_by(*keys)
        return [(*(name or UNALLOCATED for name in names), amount) for *names, amount in self.session.execute(rows)]

    def of_no_model(self, start: datetime, end: datetime) -> Sequence[Row[Any]]:
        """Provider, account, service and amount, the dearest first."""
        found, among, mine = self._placed(start, end)
        keys = (col(Cost.provider), col(Cost.sub_account), col(Cost.service_name))
        charged = among.join(Cost, col(Cost.id) == found.c.record_id)
        asked = select(*keys, exact_sum(found.c.billed)).select_from(charged).group_by(*keys)
        rows = self.session.execute(asked.where(mine, found.c.entry_id.is_(None))).all()
        return sorted(rows, key=lambda row: (-row[3], *map(str, row[:3])))

    def _placed(self, start: datetime, end: datetime) -> tuple[FromClause, FromClause, ColumnElement[bool]]:
        found = candidates(self.session, CATALOGUE[KEY].aggregate, [Span(start, end)])
        mine = found.c.currency == self.currency
        if self.scope == WORKSPACE:  # for which nobody need look up how each entry stood
            return found, found, mine
        placed, within = place(self.session, found, self.scope)
        return found, placed, and_(within, mine)


def last_day(session: Session, zone: ZoneInfo) -> date | None:
    """The last day of which any bill says something."""
    last = last_of(session, CATALOGUE[KEY].aggregate)
    return last.astimezone(zone).date() if last else None


def totals(sums: Iterable[tuple[Any, ...]], *places: int) -> dict[Any, Decimal]:
    """Added up by some of the names alone."""
    found: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for row in sums:
        found[row[places[0]] if len(places) == 1 else tuple(row[place] for place in places)] += row[-1]
    return found
