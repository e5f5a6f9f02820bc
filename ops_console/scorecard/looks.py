"""A measure and those that stand beside it, read together."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ops_console.measures.aggregates import Aggregate
from ops_console.measures.figures import Reduced, Setting, Span
from ops_console.measures.scopes import Scope
from ops_console.scorecard.candidates import reduced, whole_of
from ops_console.scorecard.cells import Cells, Records, of_entries

MAIN = ""
"""The name of the measure itself among those beside it."""


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
    records: Records, aggregate: Aggregate, spans: Sequence[Span], setting: Setting, part: Span | None = None
) -> Look:
    """At all of these spans, or at a part of them that begins where one of them does."""
    cells = records.cells(_measures(aggregate), spans, part)
    return _shaped(records, aggregate, cells, part or whole_of(spans), setting)


def look_back(
    records: Records,
    aggregate: Aggregate,
    spans: Sequence[Span],
    setting: Setting,
    near: Look,
    entries: Collection[int] | None,
) -> Look:
    """At all of these spans, of some entries alone where they are named: at what is `near` no second time."""
    whole = whole_of(spans)
    before = Span(whole.start, near.whole.start)
    found = records.cells(_measures(aggregate), spans, before, entries)
    cells = {name: [*each, *of_entries(near.cells[name], entries)] for name, each in found.items()}
    return _shaped(records, aggregate, cells, whole, setting)


def _measures(aggregate: Aggregate) -> Mapping[str, Aggregate]:
    return {MAIN: aggregate, **aggregate.besides}


def _shaped(records: Records, aggregate: Aggregate, cells: Cells, whole: Span, setting: Setting) -> Look:
    shapes = {name: reduced(records.session, each, cells[name], setting) for name, each in _measures(aggregate).items()}
    return Look(shapes.pop(MAIN), shapes, cells, whole)
