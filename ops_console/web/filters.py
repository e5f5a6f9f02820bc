"""What `?period=…&grain=…&scope=…&compare=…` asks for. The address holds the whole state of a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from sqlmodel import Session, col, select

from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.errors import NotFound
from ops_console.core.periods import LATEST, Grain, Period, asked, containing, sequence
from ops_console.measures import comparison, scopes
from ops_console.measures.comparison import Compare
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.catalog import CatalogEntry
from ops_console.scorecard.read import is_known
from ops_console.web.database import read
from ops_console.web.permalinks import Permalinks, of_period
from ops_console.web.view import url_with, workspace

Choices = list[tuple[str, str]]
OFFERED = 24
"""How many periods back the picker offers; any other is reached by its address."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The period and the scope a page is about, what they are compared with, and the links to their neighbours."""

    period: Period
    scope: Scope
    now: datetime
    compare: Compare = Compare.PREVIOUS
    is_latest: bool = False
    """The address asks for the newest complete period, whenever it is opened."""

    @property
    def grain(self) -> Grain:
        return self.period.grain or Grain.MONTH

    @property
    def title(self) -> str:
        """`Oct 2026`, or `Oct 2026, Tier 1` where the page is about a part."""
        name = units.period_title(self.period.label)
        return name if self.scope == WORKSPACE else f"{name}, {self.scope.title}"

    @property
    def compared(self) -> Period | None:
        """The period that stands beside the one at hand."""
        return self.compare.to(self.period)

    @property
    def compared_title(self) -> str:
        """`Sep`, `Oct 2025`; empty where nothing is compared."""
        return units.period_beside(self.compared, self.period) if self.compared else ""

    @property
    def previous_address(self) -> str | None:
        return url_with(period=self.period.previous().label) if self.period.grain else None

    @property
    def next_address(self) -> str | None:
        following = self.period.next() if self.period.grain else None
        return url_with(period=following.label) if following and following.start <= self.now else None

    @property
    def permalinks(self) -> Permalinks:
        return of_period(self.period)

    @property
    def chips(self) -> list[tuple[str, str]]:
        """The filters that narrow the page, each with the address of the page without it."""
        return [] if self.scope == WORKSPACE else [(self.scope.title, url_with(scope=None))]

    @property
    def period_choices(self) -> Choices:
        """The latest complete one, whichever it is; the running one, those before it, and the one at hand."""
        running = containing(self.now, self.grain, workspace().zone)
        offered = [period.label for period in reversed(sequence(running, OFFERED + 1))]
        if self.period.label not in offered:
            offered.append(self.period.label)
        suffix = {running.label: " so far"}
        latest = (LATEST, f"Latest {self.grain} ({units.period_title(running.previous().label)})")
        return [latest, *((label, units.period_title(label) + suffix.get(label, "")) for label in offered)]

    @property
    def period_choice(self) -> str:
        return LATEST if self.is_latest else self.period.label

    @property
    def compare_choices(self) -> Choices:
        """What a period may stand beside."""
        if self.period.grain is None:
            return []
        previous, year = self.period.previous(), self.period.a_year_before()
        return [
            (Compare.PREVIOUS, f"Previous {self.grain} ({units.period_beside(previous, self.period)})"),
            (Compare.YEAR, f"A year ago ({units.period_beside(year, self.period)})"),
            (Compare.NONE, "Nothing"),
        ]

    @property
    def kept(self) -> dict[str, str]:
        """What a form must carry besides its own fields: the grain of the latest period, whichever it is."""
        return {} if self.grain is Grain.MONTH else {"grain": self.grain.value}

    def grains(self, endpoint: str, **values: Any) -> list[tuple[str, str, bool]]:
        """Word and address of the same page by week, month and quarter, and which it is."""
        found = []
        for grain in Grain:
            regrained = {} if grain is self.grain else {"grain": grain.value}
            address = url_for(endpoint, **values, **self.params() | regrained)
            found.append((grain.capitalize(), address, grain is self.grain))
        return found

    def params(self, **more: Any) -> dict[str, Any]:
        """What links to other pages carry on."""
        scope = {} if self.scope == WORKSPACE else {"scope": str(self.scope)}
        compare = {} if self.compare is Compare.PREVIOUS else {"compare": self.compare.value}
        named = {name: str(value) for name, value in more.items()}
        return {"period": self.period.label} | scope | compare | named


def filters(only: Grain | None = None) -> Filters:
    """What this request asks for; without words about time, the latest complete month. A page may be about periods of
    one length `only`: that in which the period asked for ends.
    """
    instant, zone = now(), workspace().zone
    label, wanted = request.args.get("period"), only or asked_grain()
    period = asked(label, wanted or Grain.MONTH, instant, zone)
    if wanted is not None and period.grain is not wanted:
        period = _regrained(period, wanted, instant)
    scope = _known(scopes.parse(request.args["scope"])) if request.args.get("scope") else WORKSPACE
    compare = comparison.parse(request.args.get("compare"))
    return Filters(period, scope, instant, compare, label == LATEST)


def _known(scope: Scope) -> Scope:
    """A scope that names something: a misspelt team has no deployments, but that is no zero."""
    with read() as session:
        if not is_known(session, scope):
            raise NotFound(f"There is no {scope.kind} {scope.key!r}.", remedy="Its spelling is that of /models.")
    return scope


def asked_grain() -> Grain | None:
    grain = request.args.get("grain", "")
    return Grain(grain) if grain in {*Grain} else None


def _regrained(period: Period, grain: Grain, instant: datetime) -> Period:
    """The week, month or quarter in which a period of another length ends, or the one before where that still runs."""
    zone = workspace().zone
    last = containing(period.end - (period.end - period.start) / 1000, grain, zone)
    return last if last.is_complete(instant) or not period.is_complete(instant) else last.previous()


def scope_choices(session: Session) -> dict[str, Choices]:
    """Teams, tiers and models to choose from, in one statement."""
    rows = session.exec(
        select(CatalogEntry.slug, CatalogEntry.name, CatalogEntry.team, CatalogEntry.tier)
        .where(col(CatalogEntry.deleted_at).is_(None))
        .order_by(col(CatalogEntry.name))
    ).all()
    teams = sorted({team for _, _, team, _ in rows if team}, key=str.casefold)
    tiers = sorted({tier for _, _, _, tier in rows if tier is not None})
    return {
        "Teams": [(str(Scope(ScopeKind.TEAM, team)), f"Team {team}") for team in teams],
        "Tiers": [(str(Scope(ScopeKind.TIER, str(tier))), f"Tier {tier}") for tier in tiers],
        "Models and services": [(str(Scope(ScopeKind.MODEL, slug)), name) for slug, name, _, _ in rows],
    }
