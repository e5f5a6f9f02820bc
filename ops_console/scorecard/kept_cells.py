"""Cells of weeks that no fact has touched since they were read: kept, so that a refresh asks the records for what
changed and for little else. A week's cells are made of what its figures are made of: what touches those touches them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlmodel import SQLModel, col

from ops_console.core.columns import instant
from ops_console.measures.aggregates import AnySelect
from ops_console.measures.figures import Cell, Span
from ops_console.records.scorecard import KeptCells
from ops_console.scorecard.candidates import whole_of
from ops_console.scorecard.cell_text import cells_from, made_by, text_of
from ops_console.scorecard.cells import Cells, Measures, Records, of_entries
from ops_console.scorecard.stretches import Stretch, answering, gaps, shared_out

K = KeptCells
KEPT_CELLS = SQLModel.metadata.tables[str(K.__tablename__)]
KEPT_NEAR: AnySelect = (
    select(col(K.starts_at), col(K.ends_at), col(K.id), col(K.cells))
    .where(col(K.kpi) == bindparam("kpi"), col(K.source) == bindparam("source"), col(K.made_by) == bindparam("made_by"))
    .where(col(K.starts_at) < bindparam("until"), col(K.ends_at) > bindparam("since"))
)


class Row(NamedTuple):
    """What keeps a stretch."""

    number: int
    cells: str


@dataclass(frozen=True)
class KeptRecords(Records):
    """Records of one KPI, and what was kept of them.

    What lies between two of `edges` (milliseconds, in their order) may be kept; what meets one of `stale` was touched
    by facts. What was read and may be kept is in `fresh`; `gone` are the numbers of the rows in whose place it comes.
    """

    key: str
    edges: Sequence[int]
    stale: Sequence[Span]
    fresh: list[dict[str, Any]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    @cached_property
    def _lasting(self) -> frozenset[int]:
        return frozenset(self.edges)

    @cached_property
    def _touched(self) -> list[Stretch]:
        return [Stretch.of(span) for span in self.stale]

    def of_source(
        self, measures: Measures, spans: Sequence[Span], part: Span | None, entries: Collection[int] | None
    ) -> Cells:
        if not all(measure.by_anchor for measure in measures.values()):
            return super().of_source(measures, spans, part, entries)
        source, asked = ",".join(measures), Stretch.of(part or whole_of(spans))
        cuts = sorted({edge for span in spans for edge in span.milliseconds})
        there = self._there(source, asked)
        answered = answering(there, asked, cuts)
        kept = (cells_from(there[each].cells) for each in answered)
        told = [[of_entries(cells, entries) for cells in each] for each in kept]
        bounds = sorted(self._lasting.union(cuts))
        for gap in gaps(answered, asked):
            between = [Span(instant(start), instant(end)) for start, end in pairwise(gap.edges(bounds))]
            read = [*super().of_source(measures, between, None, entries).values()]
            if entries is None:
                self._keep(source, gap, read, there)
            told.append(read)
        return {name: [cell for each in told for cell in each[place]] for place, name in enumerate(measures)}

    def _there(self, source: str, asked: Stretch) -> Mapping[Stretch, Row]:
        """What is kept and meets a stretch."""
        near = {"since": instant(asked.start), "until": instant(asked.end)}
        mine = {"kpi": self.key, "source": source, "made_by": made_by(), **near}
        rows = self.session.connection().execute(KEPT_NEAR, mine)
        found = {Stretch.of(Span(start, end)): Row(*rest) for start, end, *rest in rows}
        return {each: row for each, row in found.items() if not each.meets_any(self._touched)}

    def _keep(self, source: str, gap: Stretch, read: Sequence[Sequence[Cell]], there: Mapping[Stretch, Row]) -> None:
        """What was read of a gap. A row that stands for the same, or reaches beyond it, stays: it was cut by an edge
        that goes by, and answers again.
        """
        lasting = [edge for edge in gap.edges(self.edges) if edge in self._lasting]
        shared = [shared_out(cells, lasting) for cells in read]
        stay = [each for each in there if not gap.holds(each) or each in shared[0]]
        kept = [each for each in shared[0] if not each.meets_any(stay)]
        self.gone.extend(row.number for each, row in there.items() if each.meets_any(kept))
        for each in kept:
            place = {"kpi": self.key, "source": source, "starts_at": instant(each.start), "ends_at": instant(each.end)}
            told = text_of([cells[each] for cells in shared])
            self.fresh.append({**place, "made_by": made_by(), "cells": told})
