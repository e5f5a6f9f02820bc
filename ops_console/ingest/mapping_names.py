"""Names that no one has registered: what has gathered under them, what they may mean, and how a person says so."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import delete, func, insert, literal, select, union_all
from sqlmodel import Session

from ops_console.contracts.facts import ModelFact
from ops_console.core.clock import now
from ops_console.core.columns import instant, milliseconds
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest.catalog import IMPORT, register_facts
from ops_console.ingest.moving import ABOUT, merge_entry
from ops_console.ingest.resolve import Names, alias_key, slug
from ops_console.ingest.tables import aliases, entries

SUGGESTIONS = 3
CONSOLE = "console"
"""The source of what people state here."""


@dataclass(frozen=True)
class UnmappedName:
    """A provisional entry: how many facts of each kind wait under it, and registered entries of similar name."""

    entry_id: int
    name: str
    slug: str
    facts: dict[str, int]
    first_seen_at: datetime
    suggestions: tuple[str, ...]

    @property
    def total(self) -> int:
        return sum(self.facts.values())


def unmapped(session: Session) -> list[UnmappedName]:
    """Provisional entries, those with most facts first."""
    e = entries.c
    rows = session.execute(
        select(e.id, e.name, e.slug, e.first_seen_at).where(e.provisional, e.deleted_at.is_(None))
    ).all()
    if not rows:
        return []  # as on most days, and counting looks through every kind of fact
    real = session.execute(select(e.slug).where(~e.provisional, e.deleted_at.is_(None))).scalars().all()
    facts = _counted(session)
    found = [
        UnmappedName(row.id, row.name, row.slug, facts[row.id], instant(row.first_seen_at), _alike(row.slug, real))
        for row in rows
    ]
    return sorted(found, key=lambda name: (-name.total, name.slug))


def _counted(session: Session) -> dict[int, dict[str, int]]:
    provisional = select(entries.c.id).where(entries.c.provisional)
    parts = (
        select(table.c.entry_id, literal(kind).label("kind"), func.count().label("facts"))
        .where(table.c.entry_id.in_(provisional))
        .group_by(table.c.entry_id)
        for kind, table in ABOUT.items()
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in session.execute(union_all(*parts)):
        found[row.entry_id][row.kind] = row.facts
    return found


def _alike(name: str, registered: Iterable[str]) -> tuple[str, ...]:
    known = list(registered)
    within = [other for other in known if other in name or name in other]
    close = get_close_matches(name, known, n=SUGGESTIONS, cutoff=0.6)
    return tuple(dict.fromkeys([*close, *sorted(within)]))[:SUGGESTIONS]


def map_name(session: Session, name: str, onto: str, by: str) -> None:
    """Say that a name means an entry: its facts move there, and so will every later one."""
    names = Names(session)
    origin, target = _expected(names, name), _expected(names, onto)
    if origin == target:
        raise BadInput(f"{name} already means {onto}.")
    if origin not in names.provisional:
        raise BadInput(f"{name} is a registered entry.", remedy="Map provisional names only; retire entries instead.")
    mapped = session.execute(select(entries.c.slug, entries.c.name).where(entries.c.id == origin)).one()
    merge_entry(session, origin, target)
    at = milliseconds(now())
    spellings = {alias_key(name), alias_key(mapped.name), mapped.slug}
    session.execute(delete(aliases).where(aliases.c.name.in_(spellings)))
    session.execute(
        insert(aliases),
        [{"name": spelling, "entry_id": target, "made_by": by, "made_at": at} for spelling in sorted(spellings)],
    )


def unmap_name(session: Session, name: str) -> None:
    """Take a mapping back: later facts under the name wait again. Facts that moved stay where they are."""
    mapped = (aliases.c.name == alias_key(name)) & (aliases.c.made_by != IMPORT)
    if session.execute(delete(aliases).where(mapped).returning(aliases.c.id)).first() is None:
        raise NotFound(f"{name} was not mapped by a person.")


def register(session: Session, entry_slug: str, by: str | None = None, **attributes: Any) -> None:
    """Make a name real: say its tier, team, owner and whatever else a fact about a model may say."""
    row = session.execute(select(entries.c.name).where(entries.c.slug == slug(entry_slug))).first()
    name = attributes.pop("name", None) or (row.name if row else entry_slug)
    fact = ModelFact(source=CONSOLE, external_id=slug(entry_slug), name=name, updated_at=now(), **attributes)
    register_facts(session, [fact], by)


def _expected(names: Names, name: str) -> int:
    found = names.find(name)
    if found is None:
        raise NotFound(f"Nothing is known by the name {name}.")
    return found
