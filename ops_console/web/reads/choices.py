"""What filter bars and forms offer: the teams, tiers, kinds, lifecycles and entries that there are."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.records.catalog import CatalogEntry


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filter bars offer: every team, tier, kind and lifecycle that some entry has."""

    teams: tuple[str, ...]
    tiers: tuple[int, ...]
    kinds: tuple[str, ...]
    lifecycles: tuple[str, ...]


def choices(session: Session) -> Choices:
    """Read once for the filter bar."""
    columns = (col(CatalogEntry.team), col(CatalogEntry.tier), col(CatalogEntry.kind), col(CatalogEntry.lifecycle))
    kept: dict[int, set[Any]] = defaultdict(set)
    for row in session.execute(select(*columns).where(col(CatalogEntry.deleted_at).is_(None)).distinct()):
        for place, value in enumerate(row):
            if value is not None:
                kept[place].add(value)
    teams, tiers, kinds, lifecycles = (tuple(sorted(kept[place])) for place in range(4))
    return Choices(teams, tiers, kinds, lifecycles)


def slugs(session: Session) -> list[str]:
    """Every registered entry, for lists of suggestions."""
    registered = select(col(CatalogEntry.slug)).where(
        col(CatalogEntry.deleted_at).is_(None), col(CatalogEntry.provisional).is_(False)
    )
    return list(session.scalars(registered.order_by(col(CatalogEntry.slug))))
