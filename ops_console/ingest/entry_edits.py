"""What a person says of a model's entry: it wins over every source, survives each import, and can be withdrawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, insert, select
from sqlmodel import Session

from ops_console.contracts.facts import ModelFact
from ops_console.core.clock import milliseconds, now
from ops_console.core.columns import instant
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest.mapping_names import CONSOLE, MODEL
from ops_console.ingest.proofs import conclude_proofs
from ops_console.ingest.standing import KEPT, LISTS, TIMED, WITHDRAWN, apply_statements, statements_about, steps
from ops_console.ingest.tables import entries, statements
from ops_console.records import audit
from ops_console.records.audit import Decision

EDITABLE = tuple(name for name in KEPT if name not in ("name", "service", "url"))
"""A name or a service decides which facts are the entry's; those are mapped, not edited."""


@dataclass(frozen=True)
class Edit:
    """One field a person set: it holds until withdrawn."""

    field: str
    value: Any
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Change:
    """One field of an entry became another at an instant, and who said so."""

    at: datetime
    field: str
    before: Any
    after: Any
    by: str
    reason: str


def edit_entry(session: Session, slug: str, values: Mapping[str, Any], by: str, reason: str) -> None:
    """Set fields of an entry; `None` and the empty list say that there is none."""
    entry, name = _entry(session, slug)
    wrong = [field for field in values if field not in EDITABLE]
    if wrong:
        raise BadInput(f"{wrong[0]!r} of a model cannot be edited.", remedy="Correct it at its source.")
    before = _known(session, entry, values)
    _state(session, entry, slug, _checked(slug, name, values), by, reason)
    _trace(session, "model edited", entry, slug, by, before, reason)


def withdraw_edit(session: Session, slug: str, field: str, by: str) -> None:
    """Let the sources have their say of a field again."""
    entry, _ = _entry(session, slug)
    if field not in edits(session, entry):
        raise NotFound(f"Nobody here set {field} of {slug}.")
    before = _known(session, entry, [field])
    _state(session, entry, slug, {WITHDRAWN: [field]}, by, "")
    _trace(session, "edit withdrawn", entry, slug, by, before)


def edits(session: Session, entry_id: int) -> dict[str, Edit]:
    """What people set and have not withdrawn, by field."""
    found: dict[str, Edit] = {}
    for statement in statements_about(session, [entry_id]).get(entry_id, []):
        if statement.made_by is not None:
            for field in statement.attributes.get(WITHDRAWN, ()):
                found.pop(field, None)
            at, by = instant(statement.stated_at), statement.made_by
            said = {name: value for name, value in statement.attributes.items() if name in EDITABLE}
            found |= {name: Edit(name, value, by, at, statement.reason) for name, value in said.items()}
    return found


def changes(session: Session, entry_id: int) -> list[Change]:
    """How tier, team, owner and lifecycle changed, the newest first; a first word changes nothing."""
    found: list[Change] = []
    known: dict[str, Any] = {}
    for statement, held in steps(statements_about(session, [entry_id]).get(entry_id, [])):
        for field in TIMED:
            if field in known and known[field] != held.get(field):
                by = statement.made_by or statement.source
                at = instant(statement.stated_at)
                found.append(Change(at, field, known[field], held.get(field), by, statement.reason))
        known |= {field: held.get(field) for field in TIMED if field in held or field in known}
    return found[::-1]


def _entry(session: Session, slug: str) -> tuple[int, str]:
    known = select(entries.c.id, entries.c.name).where(entries.c.slug == slug, entries.c.provisional.is_(False))
    row = session.execute(known.where(entries.c.deleted_at.is_(None))).first()
    if row is None:
        raise NotFound(f"There is no model {slug!r}.", remedy="Look for it among the models.")
    return row.id, row.name


def _known(session: Session, entry: int, fields: Iterable[str]) -> dict[str, Any]:
    kept = session.execute(select(entries).where(entries.c.id == entry)).mappings().one()
    return {field: kept[field] for field in fields}


def _trace(
    session: Session, did: str, entry: int, slug: str, by: str, before: Mapping[str, Any], reason: str = ""
) -> None:
    was, is_now = ({"model": slug, **each} for each in (before, _known(session, entry, before)))
    audit.record(session, Decision(did, MODEL, entry, by, was, is_now, reason))


def _checked(slug: str, name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    given = {field: value for field, value in values.items() if value not in (None, "", [])}
    try:
        fact = ModelFact.model_validate({"source": CONSOLE, "external_id": slug, "name": name, **given})
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else "The entry"
        raise BadInput(f"{field} cannot become {str(given.get(field))[:80]!r}: {_told(first['msg'])}.") from None
    stated = fact.model_dump(mode="json", include=set(given))
    return {field: stated.get(field, [] if field in LISTS else None) for field in values}


def _told(message: str) -> str:
    said = message.removeprefix("Value error, ")
    return said[:1].lower() + said[1:]


def _state(session: Session, entry: int, slug: str, attributes: Mapping[str, Any], by: str, reason: str) -> None:
    mine = (statements.c.entry_id == entry) & (statements.c.source == CONSOLE)
    latest = session.execute(select(func.max(statements.c.stated_at)).where(mine)).scalar() or 0
    row = {
        "entry_id": entry,
        "source": CONSOLE,
        "external_id": slug,
        "stated_at": max(milliseconds(now()), latest + 1),
        "attributes": dict(attributes),
        "deleted": False,
        "made_by": by,
        "reason": reason,
    }
    session.execute(insert(statements), [row])
    apply_statements(session, [entry])
    conclude_proofs(session, [entry])
