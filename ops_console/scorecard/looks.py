"""A measure and those that stand beside it, read together."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from ops_console.measures.aggregates import Aggregate
from ops_console.measures.figures import ENTRY, Cell, Reduced, Setting, Span
from ops_console.measures.scopes import Scope
from ops_console.scorecard.candidates import cells_of, reduced, whole_of

MAIN = ""
"""The name of the measure itself among those beside it."""
Cells = Mapping[str, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Look:
    """A measure and those beside it, over the same rows, and the cells of `whole` that they are made of."""

    main: Reduced
    besides: Mapping[str, Reduced]
    cells: Cells
    whole: Span

    def scopes(self) -> set[Scope]:
        return {scope for found in (self.main, *self.besides.values()) for scope in found.scopes()}


def look(
    session: Session, aggregate: Aggregate, spans: Sequence[Span], setting: Setting, part: Span | None = None
) -> Look:
    """At all of these spans, or at a part of them that begins where one of them does."""
    cells = _cells(session, aggregate, spans, part)
    return _shaped(session, aggregate, cells, part or whole_of(spans), setting)


def look_back(
    session: Session,
    aggregate: Aggregate,
    spans: Sequence[Span],
    setting: Setting,
    near: Look,
    entries: Collection[int] | None,
) -> Look:
    """At all of these spans, of some entries alone where they are named: at what is `near` no second time."""
    whole = whole_of(spans)
    before = Span(whole.start, near.whole.start)
    found = _cells(session, aggregate, spans, before, entries)
    cells = {name: [*each, *_of(near.cells[name], entries)] for name, each in found.items()}
    return _shaped(session, aggregate, cells, whole, setting)


def _cells(
    session: Session,
    aggregate: Aggregate,
    spans: Sequence[Span],
    part: Span | None,
    entries: Collection[int] | None = None,
) -> Cells:
    """Of all measures; those of one source are read together."""
    sources: defaultdict[Any, dict[str, Aggregate]] = defaultdict(dict)
    for name, measure in _measures(aggregate).items():
        sources[measure.source][name] = measure
    found: dict[str, Sequence[Cell]] = {}
    for each in sources.values():
        found |= zip(each, cells_of(session, [*each.values()], spans, part, entries), strict=True)
    return found


def _of(cells: Sequence[Cell], entries: Collection[int] | None) -> Sequence[Cell]:
    if entries is None:
        return cells
    wanted = {None, *entries}
    return [cell for cell in cells if cell[ENTRY] in wanted]


def _measures(aggregate: Aggregate) -> Mapping[str, Aggregate]:
    return {MAIN: aggregate, **aggregate.besides}


def _shaped(session: Session, aggregate: Aggregate, cells: Cells, whole: Span, setting: Setting) -> Look:
    shapes = {name: reduced(session, each, cells[name], setting) for name, each in _measures(aggregate).items()}
    return Look(shapes.pop(MAIN), shapes, cells, whole)
