"""The one door for facts: files, uploads, the API, forms and the demo all come in here."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import Any

from sqlalchemy import Engine

from ops_console.contracts.fact import Fact
from ops_console.contracts.possible import Impossible
from ops_console.contracts.rows import Refused, Row
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput
from ops_console.core.garbage import rarely_collected
from ops_console.ingest.cells import Unmappable
from ops_console.ingest.contest import REFUSED
from ops_console.ingest.costs import CostIntake
from ops_console.ingest.delivery import FILTERED, Delivery, RowResult, Summary
from ops_console.ingest.focus import COLUMNS, with_focus_habits
from ops_console.ingest.forms import Formed, Readers, reader_for, with_form
from ops_console.ingest.ledger import Ledger, Rehearsal, session_of
from ops_console.ingest.mapping import NULLS, save_mapping, saved_mapping
from ops_console.ingest.mapping import Mapping as Document
from ops_console.ingest.parse import Parser
from ops_console.ingest.preview import Preview, preview
from ops_console.ingest.reader import as_text
from ops_console.ingest.refused import RefusedFile
from ops_console.ingest.rows import rows_of
from ops_console.ingest.rules import Rules
from ops_console.ingest.shapes import fact_class
from ops_console.ingest.store import Outcome, accept
from ops_console.ingest.unfit import Unfit
from ops_console.ingest.unpack import Unpacked

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

BATCH = 10_000
"""Facts of one transaction: a crash leaves each batch old or new."""

Rows = Iterable[Row | Refused]
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
) -> Summary:
    """Import a file, streaming. Good rows land; the others are written to `refused_to` and kept with the import.
    `readers` are the integrations that read files of their own.
    """
    if not path.is_file():
        raise BadInput(f"There is no file {path}.")
    delivery = _settled(with_form(delivery, path, readers), path)
    unpacked: list[Unpacked] = []

    def opened(document: Document) -> tuple[Rows, Rules]:
        unpacked.append(Unpacked(path, document.encoding))
        reader = reader_for(unpacked[0], delivery, document.delimiter or "", readers)
        return reader, _rules(delivery, document, reader.columns)

    refused_file = RefusedFile(refused_to)
    try:
        return _Import(engine, delivery, opened, refused_file, progress, unpacked).run()
    finally:
        refused_file.close()


def import_rows(engine: Engine, rows: Iterable[Mapping[str, Any]], delivery: Delivery) -> Summary:
    """Import rows that somebody has at hand. `Summary.results` says what became of each."""
    delivery = _settled(delivery, None)

    def opened(document: Document) -> tuple[Rows, Rules]:
        return rows_of(rows), _rules(delivery, document, ())

    return _Import(engine, delivery, opened, RefusedFile(None), None, []).run(keeps_results=True)


def _rules(delivery: Delivery, document: Document, columns: Sequence[str]) -> Rules:
    synonyms = COLUMNS if delivery.kind == "costs" else None
    return Rules(delivery.kind, document, columns, delivery.zone, synonyms)


def _settled(delivery: Delivery, path: Path | None) -> Delivery:
    """The delivery with its source named and its mapping found."""
    fact_class(delivery.kind)
    named = delivery.mapping.source if delivery.mapping else None
    source = delivery.source or named or delivery.form or (path.name.split(".")[0] if path else delivery.made_by)
    origin = delivery.origin or (path.name if path else delivery.made_by)
    return replace(delivery, source=source[:100], origin=origin)


@dataclass
class _Batch:
    """Facts ready for the store, and what was refused beside them."""

    facts: list[Fact] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    filtered: list[int] = field(default_factory=list)
    odd: list[tuple[str, Impossible]] = field(default_factory=list)
    read: int = 0


class _Import:
    """One import under way."""

    def __init__(
        self,
        engine: Engine,
        delivery: Delivery,
        opened: Callable[[Document], tuple[Rows, Rules]],
        refused_file: RefusedFile,
        progress: Progress | None,
        unpacked: list[Unpacked],
    ) -> None:
        self.engine, self.delivery = engine, delivery
        self.opened, self.refused_file = opened, refused_file
        self.progress, self.unpacked = progress, unpacked
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
            rows, rules = self.opened(document)
            self._note_unused(rules)
            if delivery.mapping and not delivery.dry_run:
                with transaction(self.engine) as session:
                    save_mapping(session, delivery.source, delivery.kind, delivery.mapping, delivery.made_by)
            if delivery.kind == "costs":
                self._import_costs(ledger, rows, rules)
            else:
                self._import_facts(ledger, rows, rules, keeps_results)
            self._note_unused(rules)
            if isinstance(rows, Formed):
                self._note_left_out(rows)
            if self.unpacked and self.unpacked[0].damage:
                self._note_damage(self.unpacked[0])
            self._note_nulls()
            summary.warnings += map(str, summary.odd.values())
            summary.refused_file, summary.first_refused = self.refused_file.written, self.refused_file.first
            summary.seconds = perf_counter() - began
            ledger.finish(self.unpacked[0].sha256 if self.unpacked else None)
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

    def _import_facts(self, ledger: Ledger | Rehearsal, rows: Rows, rules: Rules, keeps: bool) -> None:
        parser = Parser(self.delivery.kind, self.delivery.source, rules.document.zone_or(self.delivery.zone))
        for batch in _batches(rows, rules, parser):
            with session_of(ledger, self.engine) as session:
                outcome = accept(session, self.delivery.kind, batch.facts, is_rehearsal=self.delivery.dry_run)
                refused = [*batch.refused, *_refused_by_store(batch, outcome)]
                self.summary.add(outcome, read=batch.read, refused=len(refused), filtered=len(batch.filtered))
                self.summary.note_odd(batch.odd)
                ledger.batch(session, refused)
            self.refused_file.add(refused)
            if keeps:
                self.summary.results += _results(batch, outcome, refused)
            self._tell()
        self.summary.results.sort(key=lambda result: result.row)

    def _import_costs(self, ledger: Ledger | Rehearsal, rows: Rows, rules: Rules) -> None:
        intake = CostIntake(self.delivery.source, self.delivery.part)
        with intake:
            for number, row in enumerate(rows, 1):
                self.summary.rows = number
                intake.take(row, rules)
                if number % BATCH == 0:
                    self.refused_file.add(intake.fresh_refusals())
                    self._tell()
            with session_of(ledger, self.engine) as session:
                intake.settle(session, self.summary, is_rehearsal=self.delivery.dry_run)
                ledger.batch(session, intake.refusals)
            self.summary.results = [RowResult(row.line, REFUSED, row.column, row.reason) for row in intake.refusals]
            self.refused_file.add(intake.fresh_refusals())
        self._tell()

    def _note_unused(self, rules: Rules) -> None:
        self.summary.note_unused(rules.unknown)
        rules.unknown = []

    def _note_left_out(self, rows: Formed) -> None:
        self.summary.rows += rows.left_out.total()
        self.summary.filtered += rows.left_out.total()
        self.summary.warnings += [rows.told] if rows.told else []

    def _note_damage(self, unpacked: Unpacked) -> None:
        self.summary.error = (
            f"{unpacked.path.name}: {unpacked.damage}. The {self.summary.rows:,} rows before that are imported; "
            "mend the file and import it again to finish."
        )

    def _tell(self) -> None:
        if self.progress:
            done, total = (self.unpacked[0].done, self.unpacked[0].total) if self.unpacked else (0, 0)
            self.progress(done, total, self.summary.rows)


def _batches(rows: Rows, rules: Rules, parser: Parser) -> Iterator[_Batch]:
    batch = _Batch()
    for row in rows:
        batch.read += 1
        if row.__class__ is Refused:
            batch.refused.append(row)
        else:
            _take(row, rules, parser, batch)  # type: ignore[arg-type]  # just asked
        if len(batch.facts) >= BATCH or batch.read >= 2 * BATCH:
            yield batch
            batch = _Batch()
    if batch.read:
        yield batch


def _take(row: Row, rules: Rules, parser: Parser, batch: _Batch) -> None:
    if rules.is_json:
        rules.notice(row.cells)
    try:
        # A row is taken whole or not at all, so that mending and re-importing it changes nothing else.
        facts = [parser(values) for values in rules(row.cells)]
    except (Unmappable, Unfit) as error:
        parser.odd = []
        if isinstance(error, Unmappable):
            column: str | None = error.column
        else:
            column = rules.column_of.get(error.field, error.field) if error.field else None
        reason = error.reason if isinstance(error, Unmappable) else rules.explained(error, row.cells)
        batch.refused.append(Refused(row.line, column, reason, as_text(row.cells)))
        return
    for fact in facts:
        batch.facts.append(fact)
        batch.rows.append(row)
    if not facts:
        batch.filtered.append(row.line)
    if parser.odd:
        batch.odd += [(f"Line {row.line:,}, {rules.column_of[each.field]}", each) for each in parser.odd]
        parser.odd = []


def _refused_by_store(batch: _Batch, outcome: Outcome) -> Iterator[Refused]:
    for place, reason in outcome.reasons.items():
        row = batch.rows[place]
        yield Refused(row.line, None, reason, as_text(row.cells))


def _results(batch: _Batch, outcome: Outcome, refused: list[Refused]) -> Iterator[RowResult]:
    landed = (
        RowResult(row.line, result)
        for row, result in zip(batch.rows, outcome.results, strict=True)
        if result != REFUSED
    )
    return chain(
        landed,
        (RowResult(row.line, REFUSED, row.column, row.reason) for row in refused),
        (RowResult(line, FILTERED) for line in batch.filtered),
    )
