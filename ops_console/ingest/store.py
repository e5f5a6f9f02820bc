"""Facts into records: idempotent on (source, external_id), set-based, inside the caller's transaction."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from ops_console.contracts.fact import Fact
from ops_console.core.clock import milliseconds, now
from ops_console.core.errors import BadInput
from ops_console.ingest.bulk import insert_rows
from ops_console.ingest.catalog import register_facts
from ops_console.ingest.conclude import Touched, conclude
from ops_console.ingest.contest import REFUSED, UNCHANGED, Standing, enter, in_order
from ops_console.ingest.corrected import overlay
from ops_console.ingest.drafts import Drafts, is_bare
from ops_console.ingest.objectives import keep_objectives
from ops_console.ingest.outdated import merged
from ops_console.ingest.recorded import ALWAYS, KEPT, drafter_of, moment, spans
from ops_console.ingest.references import slo_keys
from ops_console.ingest.resolve import Names
from ops_console.ingest.reviews import forget_review, keep_reviews
from ops_console.ingest.shapes import Columns
from ops_console.ingest.slots import insert_slices, occupied
from ops_console.ingest.tables import among, chunks, rewrite
from ops_console.ingest.waivers import keep_waivers
from ops_console.ingest.windows import Former, renamed

Span = tuple[int, int]
HISTORIES = {"slos": keep_objectives, "documents": keep_reviews, "findings": keep_waivers}
"""Kinds of which a later fact tells how something stands now, while what earlier ones told still holds for its time."""
RUN_NAMES = {"quality_checks": ("pipeline_run",), "pipeline_runs": ("external_id", "run")}
ARRIVING = ("deployments", "changes", "incidents")
"""Kinds of which new rows are inserted by whoever concludes what they belong to."""
TOLD_OF = ("duplicate_of", "pipeline_run", "run")
"""Columns that say what else a row belongs to: as it was, it may have belonged to another."""
STANDS = ("updated_at", "deleted_at", "fingerprint")
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
    session: Session, kind: str, drafts: Drafts, *, is_rehearsal: bool = False, is_reread: bool = False
) -> Outcome:
    """One batch of facts of one kind. A rehearsal leaves out the conclusions, for it is rolled back anyway; of what is
    read again, the new reading wins.
    """
    if kind == "models":
        outcome = Outcome(register_facts(session, drafts.facts))  # type: ignore[arg-type]  # facts of kind models
        touched = _Touches()
        touched.external_ids = {fact.external_id for fact in drafts.facts}
    elif kind in KEPT:
        batch = _Batch(session, kind)
        outcome, touched = batch.take(drafts, is_reread=is_reread), batch.touched
    else:
        raise BadInput(f"{kind} are not kept one by one.", remedy="Import them as a file.")
    if is_rehearsal:
        if touched.arriving:
            insert_rows(session, KEPT[kind].table, touched.arriving)
    elif outcome.results.count(UNCHANGED) < len(outcome.results):
        conclude(session, touched.told(kind))
    return outcome


def rekeep(session: Session, kind: str, fact: Fact, row: Mapping[str, Any]) -> Touched:
    """Write a fact over the row of its earlier self, as a correction does: nothing is contested."""
    batch = _Batch(session, kind)
    changed = batch.drafted(fact)
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
    def __init__(self, session: Session, kind: str) -> None:
        self.session, self.kind, self.kept = session, kind, KEPT[kind]
        self._names, self._slos = Names(session), dict[tuple[str, str], int]()
        self._has_entry = "entry_id" in self.kept.table.c
        self._entries = dict[str, int]()
        self.touched = _Touches()
        self.outcome = Outcome()

    def take(self, drafts: Drafts, *, is_reread: bool = False) -> Outcome:
        outcome, rows = self.outcome, drafts.rows
        outcome.results = [""] * len(rows)
        for place, reason in self._refer(rows).items():
            self._refuse([place], reason)
        outcome.unmapped = self._names.unmapped
        places = [place for place in in_order(rows) if place not in outcome.reasons]
        for source in sorted({rows[place]["source"] for place in places}):
            mine = [place for place in places if rows[place]["source"] == source]
            standing = self._standing(source, {rows[place]["external_id"] for place in mine})
            for place in mine:
                outcome.results[place] = enter(standing, rows[place], place, is_reread=is_reread)
                if outcome.results[place] == REFUSED:
                    outcome.reasons[place] = NOTHING_TO_DELETE
            taken = {key: held for key, held in standing.items() if held.draft or held.tombstone}
            self._widen(spans(self.kind, [standing[key].before for key in standing.keys() - taken.keys()]))
            told = self._write(source, taken, mine, drafts)
            for external_id, reason in told.items():
                self._refuse((p for p in mine if rows[p]["external_id"] == external_id), reason)
        return outcome

    def drafted(self, fact: Fact) -> Columns:
        """The columns that keep what a fact says, whatever stands; `BadInput` where it refers to nothing."""
        row = drafter_of(self.session, self.kind)(fact.__dict__)
        for reason in self._refer([row]).values():
            raise BadInput(f"It cannot be kept: {reason}.")
        return self._numbered(row)

    def _refuse(self, places: Iterable[int], reason: str) -> None:
        for place in places:
            self.outcome.results[place] = REFUSED
            self.outcome.reasons[place] = reason

    def _refer(self, rows: Sequence[Columns]) -> dict[int, str]:
        """Find what rows refer to; for those of which it is not there, by place, why they cannot be kept."""
        self._entries |= self._names.entries(_said(rows, "entry_id"))
        if not self.kept.needs_slo:
            return {}
        named = {place: (row["source"], row["slo_id"]) for place, row in enumerate(rows) if not is_bare(row)}
        self._slos |= slo_keys(self.session, {*named.values()})
        return {place: UNKNOWN_SLO.format(name[1]) for place, name in named.items() if name not in self._slos}

    def _numbered(self, row: Columns) -> Columns:
        """A draft with the numbers of what it refers to."""
        if self._has_entry:
            row["entry_id"] = self._entries.get(row["entry_id"])
        if self.kept.needs_slo:
            row["slo_id"] = self._slos[row["source"], row["slo_id"]]
        return row

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

    def _write(self, source: str, taken: dict[str, Standing], told: Sequence[int], drafts: Drafts) -> dict[str, str]:
        """Write what now stands; the reasons of those that could not be, by external id."""
        at = milliseconds(now())
        said = {key: held.place for key, held in taken.items() if held.draft}
        corrected = overlay(self.session, self.kind, source, said, drafts)
        fresh, changed, buried, now_told = [], [], [], []
        for key, held in taken.items():
            row = held.draft
            if row is None:
                stands = {**_standing(held), "ingested_at": at}
                row = {**held.before, **stands}
                buried.append({"id": held.before["id"], **stands})
            else:
                if key in corrected:
                    row = {**self.drafted(corrected[key]), **_standing(held)}
                else:
                    self._numbered(row)
                    if held.tombstone:
                        row.update(_standing(held))
                row["ingested_at"] = at
                if held.before is None:
                    fresh.append(row)
                else:
                    changed.append({"id": held.before["id"], **row})
                    if self.kind == "deployments":
                        self.touched.renamed += renamed(held.before, row)
            now_told.append(row)
        if self._has_entry:
            fresh.sort(key=_subject)  # as most indexes are ordered
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
            instead = {said[key]: fact for key, fact in corrected.items()}
            HISTORIES[self.kind](self.session, source, [instead.get(place, drafts.facts[place]) for place in told])
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
    return {row.get(name) for name in names for row in rows} - {None, ""}


def _subject(row: Columns) -> int:
    return row["entry_id"] or 0


def _standing(held: Standing) -> Columns:
    """What the latest word says of whether the thing stands."""
    told: Any = held.tombstone or held.draft
    return {name: told[name] for name in STANDS}
