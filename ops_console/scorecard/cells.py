"""The cells of a measure and of those that stand beside it, as the records tell them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from ops_console.measures.aggregates import Aggregate
from ops_console.measures.figures import ENTRY, Cell, Span
from ops_console.scorecard.candidates import cells_of

Measures = Mapping[str, Aggregate]
Cells = Mapping[str, Sequence[Cell]]
"""Of each measure, by its name."""


@dataclass(frozen=True, slots=True)
class Records:
    """Where cells come from."""

    session: Session

    def cells(
        self,
        measures: Measures,
        spans: Sequence[Span],
        part: Span | None = None,
        entries: Collection[int] | None = None,
    ) -> Cells:
        """Within the spans, or a part of them that begins and ends where spans do; of some entries alone, where they
        are named. Measures of one source are read together.
        """
        sources: defaultdict[Any, dict[str, Aggregate]] = defaultdict(dict)
        for name, measure in measures.items():
            sources[measure.source][name] = measure
        found: dict[str, Sequence[Cell]] = {}
        for each in sources.values():
            found |= self.of_source(each, spans, part, entries)
        return found

    def of_source(
        self, measures: Measures, spans: Sequence[Span], part: Span | None, entries: Collection[int] | None
    ) -> Cells:
        return dict(zip(measures, cells_of(self.session, [*measures.values()], spans, part, entries), strict=True))


def of_entries(cells: Sequence[Cell], entries: Collection[int] | None) -> Sequence[Cell]:
    """Those of some entries, where they are named, and of none."""
    if entries is None:
        return cells
    wanted = {None, *entries}
    return [cell for cell in cells if cell[ENTRY] in wanted]
