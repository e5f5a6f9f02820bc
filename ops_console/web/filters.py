"""What `?period=…&grain=…&scope=…` asks for. The address holds the whole state of a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from sqlmodel import Session, col, select

from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.periods import Grain, Period, containing, latest_complete, parse, sequence
from ops_console.measures import scopes
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.catalog import CatalogEntry
from ops_console.web.view import url_with, workspace

Choices = list[tuple[str, str]]
OFFERED = 24
"""How many periods back the picker offers; any other is reached by its address."""


@dataclass(frozen=True, slots=True)
class Filters:
    """The period and the scope a page is about, and the links that lead to its neighbours."""

    period: Period
    scope: Scope
    now: datetime

    @property
    def grain(self) -> Grain:
        return self.period.grain or Grain.MONTH

    @property
    def title(self) -> str:
        """`Oct 2026`, or `Oct 2026, Tier 1` where the page is about a part."""
        name = units.period_title(self.period.label)
        return name if self.scope == WORKSPACE else f"{name}, {self.scope.title}"

    @property
    def previous_address(self) -> str | None:
        return url_with(period=self.period.previous().label) if self.period.grain else None

    @property
    def next_address(self) -> str | None:
        following = self.period.next() if self.period.grain else None
        return url_with(period=following.label) if following and following.start <= self.now else None

    @property
    def chips(self) -> list[tuple[str, str]]:
        """The filters that narrow the page, each with the address of the page without it."""
        return [] if self.scope == WORKSPACE else [(self.scope.title, url_with(scope=None))]

    @property
    def period_choices(self) -> Choices:
        """The running period, then those before it; the one at hand too, however old."""
        running = containing(self.now, self.grain, workspace().zone)
        offered = [period.label for period in reversed(sequence(running, OFFERED + 1))]
        if self.period.label not in offered:
            offered.append(self.period.label)
        suffix = {running.label: " so far"}
        return [(label, units.period_title(label) + suffix.get(label, "")) for label in offered]

    def params(self, **more: Any) -> dict[str, Any]:
        """What links to other pages carry on."""
        scope = {} if self.scope == WORKSPACE else {"scope": str(self.scope)}
        return {"period": self.period.label} | scope | {name: str(value) for name, value in more.items()}


def filters() -> Filters:
    """What this request asks for; without words about time, the latest complete month."""
    instant, zone = now(), workspace().zone
    label, grain = request.args.get("period"), request.args.get("grain", "")
    wanted = Grain(grain) if grain in {*Grain} else None
    period = parse(label, zone) if label else latest_complete(instant, wanted or Grain.MONTH, zone)
    if wanted is not None and period.grain is not wanted:
        period = _regrained(period, wanted, instant)
    scope = scopes.parse(request.args["scope"]) if request.args.get("scope") else WORKSPACE
    return Filters(period, scope, instant)


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
