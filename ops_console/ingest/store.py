"""Facts into records: idempotent on (source, external_id), set-based, inside the caller's transaction."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from ops_console.contracts.fact import Fact, fingerprint
from ops_console.contracts.facts import SliSliceFact
from ops_console.core.clock import milliseconds, now
from ops_console.core.errors import BadInput
from ops_console.ingest.bulk import insert_rows
from ops_console.ingest.catalog import register_facts
from ops_console.ingest.conclude import Touched, conclude
from ops_console.ingest.contest import REFUSED, UNCHANGED, Standing, enter, in_order
from ops_console.ingest.corrected import overlay
from ops_console.ingest.kept import Columns, Known
from ops_console.ingest.objectives import keep_objectives
from ops_console.ingest.outdated import merged
from ops_console.ingest.recorded import ALWAYS, KEPT, RowMaker, moment, spans
from ops_console.ingest.references import slo_keys
from ops_console.ingest.resolve import Names
from ops_console.ingest.reviews import forget_review, keep_reviews
from ops_console.ingest.slots import insert_slices, occupied
from ops_console.ingest.tables import among, chunks, rewrite
from ops_console.ingest.waivers import keep_waivers
from ops_console.ingest.windows import Former, renamed
from ops_console.records.workspace import current

Span = tuple[int, int]
HISTORIES = {"slos": keep_objectives, "documents": keep_reviews, "findings": keep_waivers}
"""Kinds of which a later fact tells how something stands now, while what earlier ones told still holds for its time."""
RUN_NAMES = {"quality_checks": ("pipeline_run",), "pipeline_runs": ("external_id", "run")}
ARRIVING = ("deployments", "changes", "incidents")
"""Kinds of which new rows are inserted by whoever concludes what they belong to."""
TOLD_OF = ("duplicate_of", "pipeline_run", "run")
"""Columns that say what else a row belongs to: as it was, it may have belonged to another."""
UNKNOWN_SLO = "no SLO is known by the name {!r}; import the slos first"
NOTHING_TO_DELETE = "it is deleted, and nothing is kept under its external_id; nothing to do"


@dataclass
class Outcome:
    """What became of each fact, in order, and why those refused were; `span` is from the first to the last of them."""

    results: list[str] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    unmapped: set[str] = field(default_factory=set)
    span: Span | None = None

    @property
    def counts(self) -> Counter[str]:
        return Counter(self.results)


def accept(
    session: Session,
    kind: str,
    facts: Sequence[Fact],
    *,
    marks: Sequence[str] = (),
    is_rehearsal: bool = False,
    is_reread: bool = False,
) -> Outcome:
    """One batch of facts of one kind; `marks` are their fingerprints, where they are known. A rehearsal leaves out the
    conclusions, for it is rolled back anyway; of what is read again, the new reading wins.
    """
    zone = current(session).zone
    if kind == "models":
        outcome = Outcome(register_facts(session, facts))  # type: ignore[arg-type]  # facts of kind models
        touched = _Touches()
        touched.external_ids = {fact.external_id for fact in facts}
    elif kind in KEPT:
        batch = _Batch(session, kind, Known(zone))
        outcome, touched = batch.take(facts, marks, is_reread=is_reread), batch.touched
    else:
        raise BadInput(f"{kind} are not kept one by one.", remedy="Import them as a file.")
    if is_rehearsal:
        if touched.arriving:
            insert_rows(session, KEPT[kind].table, touched.arriving)
    elif outcome.results.count(UNCHANGED) < len(facts):
        conclude(session, touched.told(kind), zone)
    return outcome


def rekeep(session: Session, kind: str, fact: Fact, row: Mapping[str, Any]) -> Touched:
    """Write a fact over the row of its earlier self, as a correction does: nothing is contested."""
    batch = _Batch(session, kind, Known(current(session).zone))
    batch.refer([fact])
    changed = batch.make(fact.__dict__, batch.known)
    rewrite(session, batch.kept.table, [{"id": row["id"], **changed}])
    if kind == "documents":
        forget_review(session, row)
    if kind in HISTORIES:
        HISTORIES[kind](session, fact.source, [fact])
    batch.touched.external_ids.add(fact.external_id)
    batch.touched.rows(kind, [row, {**row, **changed}])
    if kind == "deployments":
        batch.touched.renamed += renamed(row, changed)
    return batch.touched.told(kind)


class _Touches:
    """What a batch touched, as it was and as it is."""

    def __init__(self) -> None:
        self.entry_ids: set[int] = set()
        self.external_ids: set[str] = set()
        self.spans: set[Span] = set()
        self.merged_into: set[str] = set()
        self.runs: set[str] = set()
        self.slo_ids: set[int] = set()
        self.arriving: list[Columns] = []
        self.renamed: list[Former] = []

    def rows(self, kind: str, rows: Sequence[Mapping[str, Any]]) -> set[Span]:
        """Note rows; the stretches of time they take."""
        found = set(spans(kind, rows))
        self.spans |= found
        self.entry_ids |= _said(rows, "entry_id")
        self.slo_ids |= _said(rows, "slo_id")
        self.merged_into |= _said(rows, "duplicate_of")
        self.runs |= _said(rows, *RUN_NAMES.get(kind, ()))
        return found

    def told(self, kind: str) -> Touched:
        spans = [(moment(began), moment(ended)) for began, ended in merged(self.spans)]
        found = (self.entry_ids, self.external_ids, spans, self.merged_into, self.runs, self.slo_ids)
        return Touched(kind, *found, self.arriving, self.renamed)


class _Batch:
    def __init__(self, session: Session, kind: str, known: Known) -> None:
        self.session, self.kind, self.known = session, kind, known
        self.kept, self.make = KEPT[kind], RowMaker(kind)
        self.touched = _Touches()
        self.outcome = Outcome()

    def take(self, facts: Sequence[Fact], marks: Sequence[str], *, is_reread: bool = False) -> Outcome:
        outcome, marks = self.outcome, marks or [*map(fingerprint, facts)]
        outcome.results = [""] * len(facts)
        places = self.refer(facts)
        for source in sorted({facts[place].source for place in places}):
            mine = [place for place in places if facts[place].source == source]
            standing = self._standing(source, {facts[place].external_id for place in mine})
            for place in mine:
                outcome.results[place] = enter(standing, facts[place], marks[place], is_reread=is_reread)
                if outcome.results[place] == REFUSED:
                    outcome.reasons[place] = NOTHING_TO_DELETE
            taken = {key: held for key, held in standing.items() if held.fact or held.tombstone}
            self._widen(spans(self.kind, [standing[key].before for key in standing.keys() - taken.keys()]))
            told = self._write(source, taken, [facts[place] for place in mine])
            for external_id, reason in told.items():
                self._refuse((p for p in mine if facts[p].external_id == external_id), reason)
        return outcome

    def _refuse(self, places: Iterable[int], reason: str) -> None:
        for place in places:
            self.outcome.results[place] = REFUSED
            self.outcome.reasons[place] = reason

    def refer(self, facts: Sequence[Fact]) -> list[int]:
        """Find what the facts refer to; the places of those whose references exist."""
        places = in_order(facts)
        if self.kept.needs_slo:
            named = {place: str(facts[place].slo) for place in places if isinstance(facts[place], SliSliceFact)}  # type: ignore[attr-defined]
            self.known.slos = slo_keys(self.session, {(facts[place].source, slo) for place, slo in named.items()})
            for place, slo in named.items():
                if (facts[place].source, slo) not in self.known.slos:
                    self._refuse([place], UNKNOWN_SLO.format(slo))
            places = [place for place in places if place not in self.outcome.reasons]
        names = Names(self.session)
        subjects = {name for fact in facts if (name := self.kept.subject(fact.__dict__))}
        self.known.entries = names.entries(subjects)
        self.outcome.unmapped = names.unmapped
        return places

    def _standing(self, source: str, external_ids: set[str]) -> dict[str, Standing]:
        columns = self.kept.table.c
        wanted = ["id", "external_id", "updated_at", "fingerprint", "deleted_at", *self.kept.anchors]
        told_of = (*TOLD_OF, *Former._fields) if self.kind == "deployments" else TOLD_OF
        wanted += [name for name in dict.fromkeys(("entry_id", "slo_id", "seconds", *told_of)) if name in columns]
        found: dict[str, Standing] = {}
        for part in chunks(external_ids):
            mine = (columns.source == source, among(columns.external_id, part))
            rows = self.session.execute(select(*(columns[name] for name in wanted)).where(*mine))
            for row in rows.all():
                found[row.external_id] = Standing(row.updated_at, row.fingerprint, before=row._mapping)
        return found

    def _write(self, source: str, taken: dict[str, Standing], told: Sequence[Fact]) -> dict[str, str]:
        """Write what now stands; the reasons of those that could not be, by external id."""
        at = milliseconds(now())
        facts = overlay(self.session, self.kind, source, {k: h.fact for k, h in taken.items() if h.fact})
        for key, fact in facts.items():
            # A correction may name a model that nobody named before.
            if fact is not taken[key].fact and (name := self.kept.subject(fact.__dict__)):
                self.known.entries |= Names(self.session).entries([name])
        fresh, changed, buried, now_told = [], [], [], []
        for key, held in taken.items():
            envelope = {
                "updated_at": held.updated_at,
                "ingested_at": at,
                "deleted_at": (held.updated_at or at) if _is_deleted(held) else None,
                "fingerprint": held.fingerprint,
            }
            if key not in facts:
                row = {**held.before, **envelope}
                buried.append({"id": held.before["id"], **envelope})
            else:
                fact = facts[key]
                row = self.make(fact.__dict__, self.known)
                row.update(envelope)
                if held.before is None:
                    fresh.append(row)
                else:
                    changed.append({"id": held.before["id"], **row})
                    if self.kind == "deployments":
                        self.touched.renamed += renamed(held.before, row)
            now_told.append(row)
        arrives = self.kind in ARRIVING
        self._touch({key: held for key, held in taken.items() if held.before is not None or not arrives}, now_told)
        refused = occupied(self.session, changed) if self.kept.needs_slo else {}
        rewrite(self.session, self.kept.table, [row for row in changed if row["external_id"] not in refused])
        rewrite(self.session, self.kept.table, buried)
        if self.kept.needs_slo:
            refused |= insert_slices(self.session, fresh)
        elif arrives:
            self.touched.arriving += fresh
        else:
            insert_rows(self.session, self.kept.table, fresh)
        if self.kind in HISTORIES:
            corrected = {id(held.fact): facts[key] for key, held in taken.items() if held.fact}
            HISTORIES[self.kind](self.session, source, [corrected.get(id(fact), fact) for fact in told])
        return refused

    def _touch(self, taken: Mapping[str, Standing], rows: Sequence[Mapping[str, Any]]) -> None:
        self.touched.external_ids |= taken.keys()
        self._widen(self.touched.rows(self.kind, rows))
        self.touched.rows(self.kind, [held.before for held in taken.values() if held.before is not None])

    def _widen(self, found: Iterable[Span]) -> None:
        """Let the outcome's span hold rows, written or found unchanged."""
        told = [each for each in (*found, self.outcome.span) if each is not None and each != ALWAYS]
        if told:
            self.outcome.span = min(first for first, _ in told), max(last for _, last in told)


def _said(rows: Sequence[Mapping[str, Any]], *names: str) -> set[Any]:
    """What rows say under some names, where rows of their kind have these at all."""
    known = [name for name in names if rows and name in rows[0]]
    return {row[name] for name in known for row in rows} - {None, ""}


def _is_deleted(held: Standing) -> bool:
    return held.tombstone is not None or (held.fact is not None and held.fact.deleted)
