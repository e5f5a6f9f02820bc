"""Rows become the facts of one batch; what makes no fact is kept aside with its reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from ops_console.contracts.fact import Fact, fingerprint
from ops_console.contracts.possible import Impossible
from ops_console.contracts.rows import Refused, Row
from ops_console.ingest.cells import Unmappable
from ops_console.ingest.mapping import Mapping
from ops_console.ingest.parse import Parser
from ops_console.ingest.reader import as_text
from ops_console.ingest.rules import Rules
from ops_console.ingest.unfit import Unfit

BATCH = 10_000
"""Facts of one transaction: a crash leaves each batch old or new."""

Rows = Sequence[Row | Refused]


@dataclass(frozen=True)
class Recipe:
    """How the rows of one delivery become facts. Times without an offset are read in its zone, and all are compared
    with the clock `at` one moment.
    """

    kind: str
    source: str
    document: Mapping
    columns: Sequence[str]
    zone: ZoneInfo | None
    at: datetime


@dataclass
class Batch:
    """Facts ready for the store, with their fingerprints and the places of their rows, and what was refused beside
    them. `unknown` are keys that nobody uses.
    """

    facts: list[Fact] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    filtered: list[int] = field(default_factory=list)
    odd: list[tuple[str, Impossible]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def cut(rows: Iterable[Row | Refused], document: Mapping) -> Iterator[Rows]:
    """As many rows at a time as make a batch."""
    many = max(1, BATCH // len(document.unpivot.columns)) if document.unpivot else BATCH
    left = iter(rows)
    while part := [*islice(left, many)]:
        yield part


class BatchMaker:
    def __init__(self, recipe: Recipe) -> None:
        self._rules = Rules(recipe.kind, recipe.document, recipe.columns, recipe.zone)
        zone = recipe.document.zone_or(recipe.zone)
        self._parser = Parser(recipe.kind, recipe.source, zone, recipe.at)

    def __call__(self, rows: Rows) -> Batch:
        batch = Batch()
        for place, row in enumerate(rows):
            if row.__class__ is Refused:
                batch.refused.append(row)
            else:
                self._take(row, place, batch)  # type: ignore[arg-type]  # just asked
        batch.marks = [*map(fingerprint, batch.facts)]
        batch.unknown = self.unknown()
        return batch

    def unknown(self) -> list[str]:
        """Columns or keys that nobody uses; each is told once."""
        found, self._rules.unknown = self._rules.unknown, []
        return found

    def _take(self, row: Row, place: int, batch: Batch) -> None:
        rules, parser = self._rules, self._parser
        if rules.is_json:
            rules.notice(row.cells)
        try:
            # A row is taken whole or not at all, so that mending and re-importing it changes nothing else.
            facts = [parser(values) for values in rules(row.cells)]
        except (Unmappable, Unfit) as error:
            parser.odd = []
            batch.refused.append(self._refused(row, error))
            return
        for fact in facts:
            batch.facts.append(fact)
            batch.places.append(place)
        if not facts:
            batch.filtered.append(row.line)
        if parser.odd:
            batch.odd += [(f"Line {row.line:,}, {rules.column_of[each.field]}", each) for each in parser.odd]
            parser.odd = []

    def _refused(self, row: Row, error: Unmappable | Unfit) -> Refused:
        if isinstance(error, Unmappable):
            return Refused(row.line, error.column, error.reason, as_text(row.cells))
        column = self._rules.column_of.get(error.field, error.field) if error.field else None
        return Refused(row.line, column, self._rules.explained(error, row.cells), as_text(row.cells))
