"""Names that no one has registered: what has gathered under them, what they may mean, and how a person says so."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, insert, literal, select, union_all
from sqlmodel import Session

from ops_console.contracts.facts import ModelFact
from ops_console.core.clock import milliseconds, now
from ops_console.core.columns import instant
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest.catalog import IMPORT, register_facts
from ops_console.ingest.moving import ABOUT, merge_entry
from ops_console.ingest.recorded import KEPT
from ops_console.ingest.resolve import Names, alias_key, slug
from ops_console.ingest.tables import aliases, entries
from ops_console.records import audit
from ops_console.records.audit import Decision

SUGGESTIONS = 3
NAME, MODEL = "name", "model"
"""What entries of the trail are about."""
CONSOLE = "console"
"""The source of what people state here."""


@dataclass(frozen=True)
class UnmappedName:
    """A provisional entry: how many facts of each kind wait under it, when the first and the last of them were, and
    registered entries of similar name.
    """

    entry_id: int
    name: str
    slug: str
    facts: dict[str, int]
    first_seen_at: datetime
    last_seen_at: datetime
    suggestions: tuple[str, ...]

    @property
    def total(self) -> int:
        return sum(self.facts.values())


def unmapped(
    session: Session, *, entry_id: int | None = None, search: str = "", most: int | None = None
) -> list[UnmappedName]:
    """Provisional entries, those with most facts first: all of them, one of them, or as many as asked for."""
    e = entries.c
    waiting = select(e.id, e.name, e.slug, e.first_seen_at).where(e.provisional, e.deleted_at.is_(None))
    if entry_id is not None:
        waiting = waiting.where(e.id == entry_id)
    rows = session.execute(waiting.where(e.name.icontains(search, autoescape=True)) if search else waiting).all()
    if not rows:
        return []  # as on most days, and counting looks through every kind of fact
    real = session.execute(select(e.slug).where(~e.provisional, e.deleted_at.is_(None))).scalars().all()
    facts = _counted(session, None if entry_id is None else [entry_id])
    rows = sorted(rows, key=lambda row: (-sum(count for count, _, _ in facts[row.id].values()), row.slug))
    return [_unmapped(row, facts[row.id], real) for row in rows[:most]]


Facts = dict[str, tuple[int, int, int]]
"""By kind, how many facts name an entry, and when the first and the last of them were."""


def _unmapped(row: Any, found: Facts, real: Sequence[str]) -> UnmappedName:
    first = min([row.first_seen_at, *(began for _, began, _ in found.values())])
    last = max((ended for _, _, ended in found.values()), default=row.first_seen_at)
    counts = {kind: count for kind, (count, _, _) in found.items()}
    return UnmappedName(row.id, row.name, row.slug, counts, instant(first), instant(last), _alike(row.slug, real))


def _counted(session: Session, only: Sequence[int] | None) -> dict[int, Facts]:
    """The facts that name each provisional entry."""
    provisional = select(entries.c.id).where(entries.c.provisional)
    seen = ((kind, table, _seen(kind, table)) for kind, table in ABOUT.items())
    parts = (
        select(table.c.entry_id, literal(kind).label("kind"), func.count(), func.min(at), func.max(at))
        .where(table.c.entry_id.in_(provisional if only is None else only))
        .group_by(table.c.entry_id)
        for kind, table, at in seen
    )
    found: dict[int, Facts] = defaultdict(dict)
    for entry, kind, *told in session.execute(union_all(*parts)):
        found[entry][kind] = (told[0], told[1], told[2])
    return found


def _seen(kind: str, table: Table) -> ColumnElement[int]:
    """When a fact was, or else when it came in; a budget speaks of the future."""
    if kind == "costs":
        return table.c.charged_at
    anchors = () if kind == "budgets" else KEPT[kind].anchors
    came_in: ColumnElement[int] = table.c.ingested_at
    return func.coalesce(*(table.c[name] for name in anchors), came_in) if anchors else came_in


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
    before = _meaning(session, name, origin)
    merge_entry(session, origin, target)
    at = milliseconds(now())
    spellings = {alias_key(name), alias_key(mapped.name), mapped.slug}
    session.execute(delete(aliases).where(aliases.c.name.in_(spellings)))
    session.execute(
        insert(aliases),
        [{"name": spelling, "entry_id": target, "made_by": by, "made_at": at} for spelling in sorted(spellings)],
    )
    audit.record(session, Decision("name mapped", NAME, target, by, before, _meaning(session, name, target)))


def unmap_name(session: Session, name: str, by: str) -> None:
    """Take a mapping back: later facts under the name wait again. Facts that moved stay where they are."""
    mapped = (aliases.c.name == alias_key(name)) & (aliases.c.made_by != IMPORT)
    entry = session.execute(delete(aliases).where(mapped).returning(aliases.c.entry_id)).scalars().first()
    if entry is None:
        raise NotFound(f"{name} was not mapped by a person.")
    said = _meaning(session, name, entry)
    audit.record(session, Decision("name unmapped", NAME, entry, by, said, {"name": name, "means": None}))


def _meaning(session: Session, name: str, entry: int) -> dict[str, Any]:
    means = session.execute(select(entries.c.slug).where(entries.c.id == entry)).scalar_one()
    return {"name": name, "means": means}


def register(session: Session, entry_slug: str, by: str, **attributes: Any) -> None:
    """Make a name real: say its tier, team, owner and whatever else a fact about a model may say."""
    row = session.execute(select(entries.c.name).where(entries.c.slug == slug(entry_slug))).first()
    name = attributes.pop("name", None) or (row.name if row else entry_slug)
    fact = ModelFact(source=CONSOLE, external_id=slug(entry_slug), name=name, updated_at=now(), **attributes)
    register_facts(session, [fact], by)
    number = _expected(Names(session), name)
    said = {"model": fact.external_id, **fact.model_dump(mode="json", include={"name", *attributes})}
    audit.record(session, Decision("registered", MODEL, number, by, after=said))


def _expected(names: Names, name: str) -> int:
    found = names.find(name)
    if found is None:
        raise NotFound(f"Nothing is known by the name {name}.")
    return found
