"""When each entry had what the paved road may ask for, concluded from statements, objectives and versions.

What an entry's first statement says holds back to the beginning, as its tier does; what is stated later counts from
then on, so that filling a gap shows as progress and does not rewrite the past.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select
from sqlmodel import Session

from ops_console.contracts.vocabulary import DocumentKind
from ops_console.core.clock import milliseconds
from ops_console.core.periods import midnight
from ops_console.ingest.criteria_asked import Asked, asked_over_time, key_of
from ops_console.ingest.outdated import mark_milliseconds
from ops_console.ingest.standing import BEGINNING, END, Statement, statements_about, steps
from ops_console.ingest.stretches import Span, Stretches, differing, united
from ops_console.ingest.tables import (
    among,
    chunks,
    documents,
    entries,
    objectives,
    proofs,
    reviews,
    slices,
    slos,
    statements,
    versions,
)
from ops_console.records.criteria import ATTESTED, CARD, MONITOR, NAMED, PAVED, ROLLBACK, SLO, VERSION
from ops_console.records.workspace import current

FIELDS = {what: "runbook_url" if what == "runbook" else what for what in NAMED}
"""The field of the catalog that each of these proofs looks at."""
DOCUMENTS = {DocumentKind.MODEL_CARD.value: CARD, DocumentKind.RUNBOOK.value: "runbook"}
"""What each kind of document proves."""
Had = dict[str, Stretches]
"""What one entry had, and when."""


def conclude_proofs(session: Session, entry_ids: Collection[int]) -> None:
    """Conclude again what some entries had when; mark where that changed."""
    if not entry_ids:
        return
    asked, is_first = asked_over_time(session)
    if is_first:  # the criteria have just come into being: so far nobody was measured by them
        entry_ids = {*entry_ids, *session.execute(select(statements.c.entry_id).distinct()).scalars()}
    zone = current(session).zone
    for part in chunks(sorted(entry_ids)):
        _rewrite(session, part, _wanted(session, part, asked, zone))


def conclude_all_proofs(session: Session) -> None:
    """For every registered entry: a criterion changed."""
    registered = select(entries.c.id).where(entries.c.provisional.is_(False))
    conclude_proofs(session, session.execute(registered).scalars().all())


def newly_measured(session: Session, slo_ids: Collection[int], since: int) -> set[int]:
    """The entries of some objectives that are now known to have been measured earlier than was thought."""
    first = func.min(proofs.c.valid_from)
    known = slos.outerjoin(proofs, (proofs.c.entry_id == slos.c.entry_id) & (proofs.c.what == SLO))
    found: set[int] = set()
    for part in chunks(sorted(slo_ids)):
        mine = select(slos.c.entry_id).select_from(known).where(among(slos.c.id, part)).group_by(slos.c.entry_id)
        found |= set(session.execute(mine.having(first.is_(None) | (first > since))).scalars())
    return found


def _wanted(session: Session, entry_ids: list[int], asked: Asked, zone: ZoneInfo) -> dict[int, Had]:
    found: dict[int, Had] = {entry: {} for entry in entry_ids}
    for entry, said in statements_about(session, entry_ids).items():
        found[entry] = _stated(said, asked.rollback_days, zone)
    for entry, what, began, ended in _recorded(session, entry_ids):
        span = (began, END if ended is None else ended)
        found[entry][what] = united([*found[entry].get(what, []), span])
    for had in found.values():
        had[PAVED] = asked.all_met(had)
    return {entry: {what: held for what, held in had.items() if held} for entry, had in found.items()}


def _stated(said: list[Statement], rollback_days: Iterable[int], zone: ZoneInfo) -> Had:
    found: Had = defaultdict(list)
    for began, ended, held in _stood(said):
        for what in _named(held):
            found[what].append((began, ended))
        if tested := held.get("rollback_tested_on"):
            for days in rollback_days:
                first, last = _while_fresh(date.fromisoformat(tested), days, zone)
                found[f"{ROLLBACK}{days}"].append((first, min(last, ended)))
    return {what: united(spans) for what, spans in found.items()}


def _stood(said: list[Statement]) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    """From when until when an entry stood how; the first statement holds back to the beginning."""
    by_instant = {
        BEGINNING if statement.stated_at == said[0].stated_at else statement.stated_at: held
        for statement, held in steps(said)
    }
    edges = [*by_instant, END]
    for place, (began, held) in enumerate(by_instant.items()):
        yield began, edges[place + 1], held


def _named(held: Mapping[str, Any]) -> Iterator[str]:
    yield from (what for what, field in FIELDS.items() if held.get(field))
    yield from (ATTESTED + key_of(name) for name in held.get("paved_road") or ())
    yield from (MONITOR + name for name in held.get("monitors") or ())


def _while_fresh(tested: date, days: int, zone: ZoneInfo) -> tuple[int, int]:
    """A test counts from its day on, whenever it was told of."""
    return milliseconds(midnight(tested, zone)), milliseconds(midnight(tested + timedelta(days=days), zone))


def _recorded(session: Session, entry_ids: list[int]) -> Iterator[tuple[int, str, int, int | None]]:
    """Entry, what, begin and end of all that facts of other kinds prove."""
    yield from _measured(session, entry_ids)
    yield from _registered(session, entry_ids)
    d = documents.c
    reviewed = select(func.min(reviews.c.reviewed_at)).where(reviews.c.document_id == d.id).scalar_subquery()
    written = func.coalesce(reviewed, d.updated_at, d.ingested_at)
    described = select(d.entry_id, d.kind, written, d.deleted_at).where(d.kind.in_(DOCUMENTS))
    for entry, kind, began, ended in session.execute(described.where(among(d.entry_id, entry_ids))):
        yield entry, DOCUMENTS[kind], began, ended


def _registered(session: Session, entry_ids: list[int]) -> Iterator[tuple[int, str, int, int | None]]:
    """A version is there from the first that is known of it; the first of those that stay tells for all of them."""
    v = versions.c
    made = func.coalesce(v.created_at, v.ready_at, v.updated_at, v.ingested_at)
    first = select(made).where(v.entry_id == entries.c.id, v.deleted_at.is_(None)).order_by(made).limit(1)
    stay = select(entries.c.id, first.scalar_subquery()).where(among(entries.c.id, entry_ids))
    for entry, began in session.execute(stay):
        if began is not None:
            yield entry, VERSION, began, None
    left = select(v.entry_id, func.min(made), v.deleted_at).group_by(v.entry_id, v.deleted_at)
    for entry, began, ended in session.execute(left.where(among(v.entry_id, entry_ids), v.deleted_at.is_not(None))):
        yield entry, VERSION, began, ended


def _measured(session: Session, entry_ids: list[int]) -> Iterator[tuple[int, str, int, int | None]]:
    """An objective is there from the first that is known of it."""
    first_slice = select(func.min(slices.c.started_at)).where(slices.c.slo_id == slos.c.id).scalar_subquery()
    stated = select(func.min(objectives.c.valid_from)).where(objectives.c.slo_id == slos.c.id)
    dated = stated.where(objectives.c.valid_from > BEGINNING).scalar_subquery()
    known = (slos.c.updated_at, slos.c.ingested_at, first_slice, dated)
    rows = select(slos.c.entry_id, slos.c.deleted_at, *known).where(among(slos.c.entry_id, entry_ids))
    for entry, ended, *instants in session.execute(rows):
        yield entry, SLO, min(at for at in instants if at is not None), ended


def _rewrite(session: Session, entry_ids: list[int], wanted: Mapping[int, Had]) -> None:
    p, kept = proofs.c, {entry: defaultdict[str, Stretches](list) for entry in entry_ids}
    rows = select(p.entry_id, p.what, p.valid_from, p.valid_to).where(among(p.entry_id, entry_ids))
    for row in session.execute(rows.order_by(p.entry_id, p.what, p.valid_from)):
        kept[row.entry_id][row.what].append((row.valid_from, row.valid_to))
    changed = [entry for entry in entry_ids if kept[entry] != wanted[entry]]
    if not changed:
        return
    session.execute(delete(proofs).where(among(p.entry_id, changed)))
    if fresh := [row for entry in changed for row in _rows(entry, wanted[entry])]:
        session.execute(insert(proofs), fresh)
    mark_milliseconds(session, "models", (span for entry in changed for span in _moved(kept[entry], wanted[entry])))


def _rows(entry: int, had: Had) -> Iterator[dict[str, Any]]:
    for what, held in had.items():
        for began, ended in held:
            yield {"entry_id": entry, "what": what, "valid_from": began, "valid_to": ended}


def _moved(old: Had, new: Had) -> Iterator[Span]:
    """Where two histories of one entry differ in anything."""
    for what in old.keys() | new.keys():
        yield from differing(old.get(what, []), new.get(what, []))
