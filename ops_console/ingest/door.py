"""The one door for facts: files, uploads, the API, forms and the demo all come in here."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine

from ops_console.contracts.rows import Refused
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput
from ops_console.core.garbage import rarely_collected
from ops_console.ingest.ahead import made
from ops_console.ingest.batches import BATCH, Batch, BatchMaker, Recipe, rows_of_batch
from ops_console.ingest.contest import REFUSED
from ops_console.ingest.costs import CostIntake
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.focus import COLUMNS, with_focus_habits
from ops_console.ingest.forms import Readers, told_of, with_form
from ops_console.ingest.ledger import Ledger, Rehearsal, session_of
from ops_console.ingest.mapping import NULLS
from ops_console.ingest.mapping import Mapping as Document
from ops_console.ingest.opened import Opened, Reached, open_file
from ops_console.ingest.preview import Preview, preview
from ops_console.ingest.reader import as_text
from ops_console.ingest.recorded import drafter_of
from ops_console.ingest.refused import RefusedFile
from ops_console.ingest.rows import rows_of
from ops_console.ingest.rules import Rules
from ops_console.ingest.saved_mappings import save_mapping, saved_mapping
from ops_console.ingest.script import Script
from ops_console.ingest.shapes import fact_class
from ops_console.ingest.store import Outcome, accept
from ops_console.ingest.summary import FILTERED, RowResult, Summary

__all__ = [
    "Delivery",
    "Outcome",
    "Preview",
    "Progress",
    "Refused",
    "RowResult",
    "Summary",
    "accept",
    "import_file",
    "import_rows",
    "preview",
]

Progress = Callable[[int, int, int], None]
"""Told bytes read, bytes in all, and rows so far."""


def import_file(
    engine: Engine,
    path: Path,
    delivery: Delivery,
    *,
    progress: Progress | None = None,
    refused_to: Path | None = None,
    readers: Readers = MappingProxyType({}),
    processes: int = 2,
) -> Summary:
    """Import a file, streaming. Good rows land; the others are written to `refused_to` and kept with the import.
    `readers` are the integrations that read files of their own. With several `processes`, one reads a long file ahead.
    """
    if not path.is_file():
        raise BadInput(f"There is no file {path}.")
    delivery = _settled(with_form(delivery, path, readers), path)

    def opened(document: Document) -> Opened:
        return open_file(path, document, delivery.form, readers)

    refused_file = RefusedFile(refused_to)
    try:
        return _Import(engine, delivery, opened, refused_file, progress, processes).run()
    finally:
        refused_file.close()


def import_rows(engine: Engine, rows: Iterable[Mapping[str, Any]], delivery: Delivery) -> Summary:
    """Import rows that somebody has at hand. `Summary.results` says what became of each."""
    delivery = _settled(delivery, None)

    def opened(_: Document) -> Opened:
        return Opened(rows_of(rows))

    return _Import(engine, delivery, opened, RefusedFile(None), None, 1).run(keeps_results=True)


def _settled(delivery: Delivery, path: Path | None) -> Delivery:
    """The delivery with its source named and its mapping found."""
    fact_class(delivery.kind)
    named = delivery.mapping.source if delivery.mapping else None
    source = delivery.source or named or delivery.form or (path.name.split(".")[0] if path else delivery.made_by)
    origin = delivery.origin or (path.name if path else delivery.made_by)
    return replace(delivery, source=source[:100], origin=origin)


class _Import:
    """One import under way."""

    def __init__(
        self,
        engine: Engine,
        delivery: Delivery,
        opened: Callable[[Document], Opened],
        refused_file: RefusedFile,
        progress: Progress | None,
        processes: int,
    ) -> None:
        self.engine, self.delivery = engine, delivery
        self.opened, self.refused_file = opened, refused_file
        self.progress, self.processes = progress, processes
        self.summary = Summary(delivery.kind, delivery.source, dry_run=delivery.dry_run)

    def run(self, keeps_results: bool = False) -> Summary:
        began, delivery, summary = perf_counter(), self.delivery, self.summary
        ledger = (
            Rehearsal(self.engine)
            if delivery.dry_run
            else Ledger(self.engine, delivery, summary, is_file=not keeps_results)
        )
        with rarely_collected(), ledger:
            document = self._document()
            opened = self.opened(document)
            if delivery.kind == "costs":
                reached = self._import_costs(ledger, opened, document)
            else:
                reached = self._import_facts(ledger, opened, self._recipe(opened, document), keeps_results)
            self._note_left_out(reached.left_out)
            self._note_damage(reached.damage)
            self._note_nulls()
            summary.warnings += map(str, summary.odd.values())
            summary.refused_file, summary.first_refused = self.refused_file.written, self.refused_file.first
            summary.seconds = perf_counter() - began
            ledger.finish(reached.sha256)
        return summary

    def _note_nulls(self) -> None:
        """A spelling of the empty cell that was taken as a name."""
        for word in sorted({*NULLS}.intersection(self.summary.unmapped)):
            remedy = f'Write null = ["{word}"] in the mapping, and it is read as an empty cell'
            self.summary.warnings.append(f"{word!r} was taken as the name of a model or service. {remedy}.")

    def _document(self) -> Document:
        delivery, document = self.delivery, self.delivery.mapping
        if document is None:
            with reading(self.engine) as session:
                document = saved_mapping(session, delivery.source, delivery.kind) or Document()
        return with_focus_habits(document) if delivery.kind == "costs" else document

    def _recipe(self, opened: Opened, document: Document) -> Recipe:
        delivery = self.delivery
        with reading(self.engine) as session:
            drafter = drafter_of(session, delivery.kind)
        return Recipe(delivery.kind, delivery.source, document, opened.columns, delivery.zone, now(), drafter)

    def _begin(self, unused: Sequence[str]) -> None:
        """The mapping fits the file, so that it is worth keeping."""
        self.summary.note_unused(unused)
        delivery = self.delivery
        if delivery.mapping and not delivery.dry_run:
            with transaction(self.engine) as session:
                save_mapping(session, delivery.source, delivery.kind, delivery.mapping, delivery.made_by)

    def _import_facts(self, ledger: Ledger | Rehearsal, opened: Opened, recipe: Recipe, keeps: bool) -> Reached:
        make, size = BatchMaker(recipe), rows_of_batch(recipe.document)
        unknown, reached = dict[str, None](), Reached()
        self._begin(make.unknown())
        with closing(made(opened.parts(size), make, self._script(opened, recipe, size))) as batches:
            for batch in batches:
                unknown |= dict.fromkeys(batch.unknown)
                reached = batch.reached
                if batch.read:
                    self._store(ledger, batch, keeps)
        self.summary.note_unused([*unknown])
        self.summary.results.sort(key=lambda result: result.row)
        return reached

    def _script(self, opened: Opened, recipe: Recipe, size: int) -> Script | None:
        """What another process may do by itself, if there may be one."""
        return Script(opened.version, recipe, size) if self.processes > 1 and opened.version else None

    def _store(self, ledger: Ledger | Rehearsal, batch: Batch, keeps: bool) -> None:
        with session_of(ledger, self.engine) as session:
            outcome = accept(session, self.delivery.kind, batch.drafts, is_rehearsal=self.delivery.dry_run)
            refused = [*batch.refused, *_refused_by_store(batch, outcome)]
            self.summary.add(outcome, read=batch.read, refused=len(refused), filtered=len(batch.filtered))
            self.summary.note_odd(batch.odd)
            ledger.batch(session, refused)
        self.refused_file.add(refused)
        if keeps:
            self.summary.results += _results(batch, outcome, refused)
        self._tell(batch.reached)

    def _import_costs(self, ledger: Ledger | Rehearsal, opened: Opened, document: Document) -> Reached:
        rules = Rules("costs", document, opened.columns, self.delivery.zone, COLUMNS)
        self._begin(rules.unknown)
        rules.unknown = []
        intake = CostIntake(self.delivery.source, self.delivery.part)
        with intake:
            for number, row in enumerate(opened.rows, 1):
                self.summary.rows = number
                intake.take(row, rules)
                if number % BATCH == 0:
                    self.refused_file.add(intake.fresh_refusals())
                    self._tell(opened.reached)
            with session_of(ledger, self.engine) as session:
                intake.settle(session, self.summary, is_rehearsal=self.delivery.dry_run)
                ledger.batch(session, intake.refusals)
            self.summary.results = [RowResult(row.line, REFUSED, row.column, row.reason) for row in intake.refusals]
            self.refused_file.add(intake.fresh_refusals())
        self.summary.note_unused(rules.unknown)
        self._tell(opened.reached)
        return opened.reached

    def _note_left_out(self, left_out: Counter[str]) -> None:
        self.summary.rows += left_out.total()
        self.summary.filtered += left_out.total()
        self.summary.warnings += told_of(left_out)

    def _note_damage(self, damage: str) -> None:
        if damage:
            self.summary.error = (
                f"{damage}. The {self.summary.rows:,} rows before that are imported; "
                "mend the file and import it again to finish."
            )

    def _tell(self, reached: Reached) -> None:
        if self.progress:
            self.progress(reached.done, reached.total, self.summary.rows)


def _refused_by_store(batch: Batch, outcome: Outcome) -> Iterator[Refused]:
    for place, reason in outcome.reasons.items():
        yield Refused(batch.lines[place], None, reason, as_text(batch.cells[place]))


def _results(batch: Batch, outcome: Outcome, refused: list[Refused]) -> Iterator[RowResult]:
    landed = (
        RowResult(line, result) for line, result in zip(batch.lines, outcome.results, strict=True) if result != REFUSED
    )
    return chain(
        landed,
        (RowResult(row.line, REFUSED, row.column, row.reason) for row in refused),
        (RowResult(line, FILTERED) for line in batch.filtered),
    )
