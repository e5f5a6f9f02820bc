"""A window that holds too few cases grows. To look a year back at everything for the sake of a few would cost more than
the figures themselves: what has enough cases in its first window is looked at no further.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.measures.aggregates import Aggregate
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Reduced, Setting, Span, scopes_of
from ops_console.measures.scopes import Scope
from ops_console.records.catalog import CatalogInterval
from ops_console.scorecard.candidates import whole_of
from ops_console.scorecard.cells import Records
from ops_console.scorecard.looks import Look, look, look_back

WORTH = 2
"""As many times the first windows must go into all of them to look twice."""
Windows = Sequence[Sequence[Span]]
"""Of each figure asked for, the window it begins with and those it may grow to."""


@dataclass(frozen=True, slots=True)
class Looked:
    """`near` holds the first windows of everything, `far` all windows of what `near` does not settle."""

    near: Look
    far: Look
    settled: frozenset[Scope] = frozenset()

    def by_scope(self) -> Iterator[tuple[Scope, Look]]:
        yield from ((scope, self.near) for scope in self.settled)
        yield from ((scope, self.far) for scope in self.far.scopes() - self.settled)


def looked(records: Records, definition: Definition, windows: Windows, setting: Setting) -> Looked:
    """What is needed to tell the figure of every scope in which anything happened, in each of these windows."""
    every, first = [span for each in windows for span in each], [each[0] for each in windows]
    if not _is_worth_it(definition.aggregate, first, every):
        whole = look(records, definition.aggregate, every, setting)
        return Looked(whole, whole)
    near = look(records, definition.aggregate, every, setting, Span(whole_of(first).start, whole_of(every).end))
    growing = [each[0] for each in windows if len(each) > 1]
    settled = frozenset(scope for scope in near.main.scopes() if _has_enough(near.main, scope, growing, definition))
    others = _others(records.session, settled, setting) if settled else None
    far = look_back(records, definition.aggregate, every, setting, near, others)
    return Looked(near, far, settled)


def _is_worth_it(aggregate: Aggregate, first: Iterable[Span], every: Sequence[Span]) -> bool:
    """Not where rows name their team themselves: then entries do not tell to which scopes they belong."""
    end, begin = max(span.end for span in every), min(span.start for span in every)
    is_longer = (end - min(span.start for span in first)) * WORTH <= end - begin
    return is_longer and not any("team" in arm.selected_columns for arm in aggregate.rows)


def _has_enough(found: Reduced, scope: Scope, spans: Iterable[Span], definition: Definition) -> bool:
    return all((found.cases(scope, span) or 0) >= definition.minimum for span in spans)


def _others(session: Session, settled: frozenset[Scope], setting: Setting) -> list[int]:
    """Entries that ever stood in a scope that is not settled: all of those that such a scope is made of."""
    stood = select(*map(col, (CatalogInterval.entry_id, CatalogInterval.team, CatalogInterval.tier))).distinct()
    standings = [*session.execute(stood), *((entry, None, None) for entry in setting.slugs)]
    return sorted(
        {
            entry
            for entry, team, tier in standings
            if not settled.issuperset(scopes_of(entry, team, tier, setting.slugs))
        }
    )
