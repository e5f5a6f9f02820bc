"""Names to catalog entries. Any spelling finds its entry; an unknown name is kept as a provisional one."""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2s

from sqlalchemy import select
from sqlmodel import Session

from ops_console.core.clock import EPOCH, milliseconds, now
from ops_console.core.columns import FOREVER
from ops_console.ingest.standing import LISTS
from ops_console.ingest.tables import aliases, entries, insert_missing, intervals

_SEPARATORS = re.compile(r"[\W_]+")
RESERVED = frozenset({"gaps"})
"""Words under which a page of all models stands; a model of that name has an address that no other name leads to."""


def alias_key(name: str) -> str:
    """How a name is compared: trimmed, inner white space as one blank, case ignored."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def slug(name: str) -> str:
    """The name in addresses: lower-case words joined by hyphens."""
    made = _SEPARATORS.sub("-", alias_key(name)).strip("-")
    if made in RESERVED:
        return f"{made}_"
    return made or f"unnamed-{blake2s(name.encode(), digest_size=4).hexdigest()}"


class Names:
    """Resolves names during one import, remembering what it has met.

    An alias beats a slug, so that a name mapped onto another entry lands there ever after.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.unmapped: set[str] = set()
        self._met: dict[str, int] = {}
        self._load()

    def entries(self, names: Iterable[str]) -> dict[str, int]:
        """The entry of every name; unknown names become provisional entries."""
        wanted = set(names)
        missing = sorted(name for name in wanted if self.find(name) is None)
        if missing:
            self._keep_provisionally(missing)
        found = {name: entry for name in wanted if (entry := self.find(name)) is not None}
        self.unmapped.update(name for name, entry in found.items() if entry in self.provisional)
        return found

    def find(self, name: str) -> int | None:
        """The entry of a name somebody has used before."""
        if name not in self._met:
            known = self._by_alias.get(alias_key(name)) or self._by_slug.get(slug(name))
            if known is None:
                return None
            self._met[name] = known
        return self._met[name]

    def _load(self) -> None:
        rows = self.session.execute(select(entries.c.id, entries.c.slug, entries.c.provisional)).all()
        self._by_slug: dict[str, int] = {row.slug: row.id for row in rows}
        self.provisional: set[int] = {row.id for row in rows if row.provisional}
        known = self.session.execute(select(aliases.c.name, aliases.c.entry_id))
        self._by_alias: dict[str, int] = {row.name: row.entry_id for row in known}

    def _keep_provisionally(self, names: list[str]) -> None:
        make_entries(self.session, {slug(name): name.strip() for name in reversed(names)}, provisional=True)
        self._load()


def make_entries(session: Session, names: dict[str, str], *, provisional: bool) -> None:
    """Catalog entries by slug, each with one interval in which nothing is known of it; existing ones stay."""
    at = milliseconds(now())
    empty = {**{name: [] for name in LISTS}, "fingerprint": ""}
    rows = [
        {"slug": key, "name": name, "provisional": provisional, "first_seen_at": at, **empty}
        for key, name in names.items()
    ]
    insert_missing(session, entries, rows)
    made = session.execute(select(entries.c.id).where(entries.c.slug.in_(names))).scalars()
    always = {"valid_from": milliseconds(EPOCH), "valid_to": milliseconds(FOREVER)}
    insert_missing(session, intervals, [{"entry_id": entry, **always} for entry in made])
