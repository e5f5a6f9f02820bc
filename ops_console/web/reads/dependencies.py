"""What a model needs, and what needs it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Text, column, func, or_, select
from sqlmodel import Session, col

from ops_console.ingest.resolve import alias_key, slug
from ops_console.ingest.tables import listed
from ops_console.records.catalog import Alias, CatalogEntry

MOST = 200


@dataclass(frozen=True, slots=True)
class Needed:
    """A name that a model depends on, and the entry it leads to, if one is known."""

    name: str
    entry: CatalogEntry | None


def needed(session: Session, entry: CatalogEntry) -> list[Needed]:
    """What it depends on, in the order it was told."""
    keys, slugs = {alias_key(name) for name in entry.depends_on}, {slug(name) for name in entry.depends_on}
    aliased = select(col(Alias.name), CatalogEntry).join(CatalogEntry, col(CatalogEntry.id) == col(Alias.entry_id))
    by_alias = {row[0]: row[1] for row in session.execute(aliased.where(col(Alias.name).in_(keys)))}
    named = session.scalars(select(CatalogEntry).where(col(CatalogEntry.slug).in_(slugs)))
    by_slug = {known.slug: known for known in named}
    return [Needed(name, by_alias.get(alias_key(name)) or by_slug.get(slug(name))) for name in entry.depends_on]


def dependents(session: Session, entry: CatalogEntry, aliases: Iterable[Alias]) -> list[CatalogEntry]:
    """Entries that say they depend on this one, by any of its names."""
    names = {entry.slug, alias_key(entry.name), *(alias.name for alias in aliases)}
    each = listed(col(CatalogEntry.depends_on)).table_valued(column("value", Text))
    says_so = select(1).select_from(each).where(func.lower(each.c.value).in_(names)).exists()
    rows = select(CatalogEntry).where(says_so, col(CatalogEntry.deleted_at).is_(None))
    return list(session.scalars(rows.order_by(col(CatalogEntry.name)).limit(MOST)))


def companions(session: Session, entry: CatalogEntry) -> list[CatalogEntry]:
    """Other entries that run in the same service."""
    if not entry.service:
        return []
    same = or_(col(CatalogEntry.service) == entry.service, col(CatalogEntry.slug) == slug(entry.service))
    rows = select(CatalogEntry).where(same, col(CatalogEntry.id) != entry.id, col(CatalogEntry.deleted_at).is_(None))
    return list(session.scalars(rows.order_by(col(CatalogEntry.name)).limit(MOST)))
