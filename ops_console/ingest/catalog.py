"""Facts about models and services become catalog entries, their other names, and their history."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlmodel import Session

from ops_console.contracts.facts import ModelFact
from ops_console.core.clock import milliseconds, now
from ops_console.ingest.moving import merge_entry
from ops_console.ingest.outdated import mark_instants
from ops_console.ingest.proofs import conclude_proofs
from ops_console.ingest.resolve import Names, alias_key, make_entries, slug
from ops_console.ingest.standing import KEPT, apply_statements
from ops_console.ingest.tables import aliases, entries, insert_missing, statements

IMPORT = "import"
"""Who made an alias that came with a fact."""
NEW, CHANGED, UNCHANGED, OLDER = "new", "changed", "unchanged", "older"


@dataclass(slots=True)
class _Said:
    """A statement as kept: `row_id` is None while it is still to be written."""

    row_id: int | None
    entry: int
    source: str
    external_id: str
    stated_at: int
    attributes: dict[str, Any]
    deleted: bool
    made_by: str | None

    def joined(self, other: "_Said") -> "_Said":
        """What two facts of one source and instant say together, whichever came first."""
        both = {
            name: max(said[name] for said in (self.attributes, other.attributes) if name in said)
            for name in self.attributes | other.attributes
        }
        deleted = self.deleted or other.deleted
        return replace(self, row_id=self.row_id or other.row_id, attributes=both, deleted=deleted)


def register_facts(session: Session, facts: Sequence[ModelFact], by: str | None = None) -> list[str]:
    """Take facts into the catalog; what became of each: new, changed, unchanged or older. `by` is who states them
    here, if a person does.
    """
    owners = _owners(session, facts)
    book = _Book(session, set(owners), by)
    outcomes = [book.enter(fact, entry) for fact, entry in zip(facts, owners, strict=True)]
    book.write()
    apply_statements(session, book.touched)
    conclude_proofs(session, book.touched)
    _claim_names(session, facts, owners)
    return outcomes


def _owners(session: Session, facts: Sequence[ModelFact]) -> list[int]:
    """The entry each fact speaks of: by name, else by the source's own number (a renamed thing), else a new one."""
    names = Names(session)
    unknown = {fact.external_id for fact in facts if names.find(fact.name) is None}
    columns = (statements.c.source, statements.c.external_id, statements.c.entry_id)
    rows = session.execute(select(*columns).where(statements.c.external_id.in_(unknown)))
    numbered = {(source, external_id): entry for source, external_id, entry in rows}
    missing = {
        slug(fact.name): fact.name
        for fact in facts
        if names.find(fact.name) is None and (fact.source, fact.external_id) not in numbered
    }
    make_entries(session, missing, provisional=True)
    names = Names(session)
    return [names.find(fact.name) or numbered[fact.source, fact.external_id] for fact in facts]


class _Book:
    """The statements about some entries, and those being added."""

    def __init__(self, session: Session, entry_ids: set[int], by: str | None) -> None:
        self.session, self.by = session, by
        self.touched: set[int] = set()
        self.slugs: dict[int, str] = {
            row.id: row.slug
            for row in session.execute(select(entries.c.id, entries.c.slug).where(entries.c.id.in_(entry_ids)))
        }
        self._said: dict[tuple[int, str, int], _Said] = {}
        self._latest: dict[tuple[str, str], _Said] = {}
        self._dirty: list[_Said] = []
        for row in session.execute(select(statements).where(statements.c.entry_id.in_(entry_ids))):
            about = (row.id, row.entry_id, row.source, row.external_id)
            self._remember(_Said(*about, row.stated_at, row.attributes, row.deleted, row.made_by))

    def enter(self, fact: ModelFact, entry: int) -> str:
        attributes = self._attributes(fact, entry)
        latest = self._latest.get((fact.source, fact.external_id))
        if fact.updated_at is None and latest and (latest.attributes, latest.deleted) == (attributes, fact.deleted):
            return UNCHANGED
        at = milliseconds(fact.updated_at or now())
        said = _Said(None, entry, fact.source, fact.external_id, at, attributes, fact.deleted, self.by)
        before = self._said.get((entry, fact.source, at))
        if before is not None:
            said = said.joined(before)
            if (said.attributes, said.deleted) == (before.attributes, before.deleted):
                return UNCHANGED
        self._remember(said)
        self._dirty.append(said)
        self.touched.add(entry)
        if latest is None:
            return NEW
        return CHANGED if at >= latest.stated_at else OLDER

    def write(self) -> None:
        current = [said for said in self._dirty if self._said[said.entry, said.source, said.stated_at] is said]
        replaced = [said.row_id for said in current if said.row_id is not None]
        if replaced:
            self.session.execute(delete(statements).where(statements.c.id.in_(replaced)))
        rows = [
            {
                "entry_id": said.entry,
                "source": said.source,
                "external_id": said.external_id,
                "stated_at": said.stated_at,
                "attributes": said.attributes,
                "deleted": said.deleted,
                "made_by": said.made_by,
                "reason": "",
            }
            for said in current
        ]
        if rows:
            self._mark_the_first([said.stated_at for said in current])
            self.session.execute(insert(statements), rows)

    def _mark_the_first(self, stated: list[int]) -> None:
        """From the first word about any model on there is something to tell."""
        first = self.session.scalar(select(func.min(statements.c.stated_at)))
        if first is None or min(stated) < first:
            mark_instants(self.session, "models", [min(stated)])

    def _attributes(self, fact: ModelFact, entry: int) -> dict[str, Any]:
        stated = fact.model_dump(mode="json", include=set(KEPT), exclude_none=True)
        if slug(fact.name) != self.slugs[entry]:
            del stated["name"]
        return {name: value for name, value in stated.items() if value != []}

    def _remember(self, said: _Said) -> None:
        self._said[said.entry, said.source, said.stated_at] = said
        latest = self._latest.get((said.source, said.external_id))
        if latest is None or said.stated_at >= latest.stated_at:
            self._latest[said.source, said.external_id] = said


def _claim_names(session: Session, facts: Sequence[ModelFact], owners: list[int]) -> None:
    """Give entries their other names. A name another registered entry answers to stays with that entry."""
    wanted: dict[str, int] = {}
    for fact, entry in zip(facts, owners, strict=True):
        if not fact.deleted:
            for name in (fact.name, *fact.aliases):
                wanted.setdefault(alias_key(name), entry)
    for name, entry in _services(session).items():
        wanted.setdefault(name, entry)
    names = Names(session)
    for name, entry in wanted.items():
        claim(session, names, name, entry, IMPORT)


def _services(session: Session) -> dict[str, int]:
    """Service names that belong to exactly one entry; a service shared by several models stands for itself."""
    rows = session.execute(select(entries.c.service, entries.c.id).where(entries.c.service.is_not(None))).all()
    shared = Counter(alias_key(service) for service, _ in rows)
    return {alias_key(service): entry for service, entry in rows if shared[alias_key(service)] == 1}


def claim(session: Session, names: Names, name: str, entry: int, by: str) -> None:
    """Let a name lead to an entry, taking over what a provisional entry of that name has gathered."""
    known = names.find(name)
    if known == entry:
        return
    if known is not None:
        if known not in names.provisional:
            return
        merge_entry(session, known, entry)
    row = {"name": alias_key(name), "entry_id": entry, "made_by": by, "made_at": milliseconds(now())}
    session.execute(delete(aliases).where(aliases.c.name == row["name"]))
    insert_missing(session, aliases, [row])
