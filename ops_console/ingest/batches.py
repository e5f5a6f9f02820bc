"""Rows become the facts of one batch; what makes no fact is kept aside with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ops_console.contracts.fact import Fact, is_bare_tombstone
from ops_console.contracts.possible import Impossible
from ops_console.contracts.rows import Refused, Row
from ops_console.ingest.cells import Unmappable
from ops_console.ingest.drafts import Drafter, Drafts
from ops_console.ingest.mapping import Mapping
from ops_console.ingest.opened import Part, Reached
from ops_console.ingest.parse import Parser
from ops_console.ingest.reader import as_text
from ops_console.ingest.rules import Rules
from ops_console.ingest.unfit import Unfit

BATCH = 10_000
"""Facts of one transaction: a crash leaves each batch old or new."""


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
    drafter: Drafter


@dataclass
class Batch:
    """Drafts ready for the store, each with the line of its row and, where the store may refuse it, what the row said;
    and what was refused or filtered beside them. `unknown` are keys that nobody uses.
    """

    read: int = 0
    reached: Reached = field(default_factory=Reached)
    drafts: Drafts = field(default_factory=Drafts)
    lines: list[int] = field(default_factory=list)
    cells: dict[int, Any] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    filtered: list[int] = field(default_factory=list)
    odd: list[tuple[str, Impossible]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def rows_of_batch(document: Mapping) -> int:
    """As many rows as make a batch."""
    return max(1, BATCH // len(document.unpivot.columns)) if document.unpivot else BATCH


class BatchMaker:
    def __init__(self, recipe: Recipe) -> None:
        self._rules = Rules(recipe.kind, recipe.document, recipe.columns, recipe.zone)
        zone = recipe.document.zone_or(recipe.zone)
        self._parser = Parser(recipe.kind, recipe.source, zone, recipe.at)
        self._drafter = recipe.drafter

    def __call__(self, part: Part) -> Batch:
        batch, facts = Batch(len(part.rows), part.reached), list[Fact]()
        for row in part.rows:
            if row.__class__ is Refused:
                batch.refused.append(row)
            else:
                self._take(row, batch, facts)  # type: ignore[arg-type]  # just asked
        batch.drafts = Drafts(facts, self._drafter)
        batch.unknown = self.unknown()
        return batch

    def unknown(self) -> list[str]:
        """Columns or keys that nobody uses; each is told once."""
        found, self._rules.unknown = self._rules.unknown, []
        return found

    def _take(self, row: Row, batch: Batch, found: list[Fact]) -> None:
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
            if fact.told_once or is_bare_tombstone(fact):
                batch.cells[len(found)] = row.cells
            found.append(fact)
            batch.lines.append(row.line)
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
