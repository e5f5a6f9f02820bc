"""What happened while a figure moved: what people wrote in its scope, targets that changed, a definition that did."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from ops_console.core.periods import Period
from ops_console.measures.annotations import Annotation, AnnotationKind
from ops_console.measures.definition import Definition
from ops_console.measures.readings import HistoryPoint
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.annotations import Annotation as Row
from ops_console.records.baselines import Baseline
from ops_console.records.targets import Target
from ops_console.scorecard import annotations, baselines
from ops_console.scorecard.in_force import Standing, judging, set_by_a_person

History = Sequence[HistoryPoint]
Stands = Callable[[datetime], Standing]
"""How a scope stood at an instant: a model in its team and tier."""
WITHIN = {ScopeKind.MODEL: (ScopeKind.TEAM, ScopeKind.TIER)}
"""What else besides the workspace a scope may lie in."""


@dataclass(frozen=True)
class Happened:
    """Rows of a stretch of time, found by what they are about. Targets and baselines come the newest first."""

    written: Sequence[Row] = ()
    targets: Sequence[Target] = ()
    baselines: Sequence[Baseline] = ()

    def baseline(self, key: str, scope: Scope, period: Period) -> Baseline | None:
        """The one that the usual range of a period is found in."""
        return baselines.applying(self._of(key, scope), period)

    def _of(self, key: str, scope: Scope) -> Sequence[Baseline]:
        return self._baselines.get((key, scope), ())

    def about(self, definition: Definition, scope: Scope, stands: Stands, history: History) -> tuple[Annotation, ...]:
        """In the time that a history shows, in the order in which it began."""
        found = [
            *self._written(definition, scope, stands, history),
            *self._targets(definition, scope, stands, history),
            *(told for row in self._of(definition.key, scope) if _shows(told := baselines.told(row), history)),
            *definition_changes(definition, scope, history),
        ]
        return tuple(sorted(found, key=lambda each: (each.at, each.kind, each.number or 0)))

    @cached_property
    def _by_kind(self) -> Mapping[ScopeKind, Sequence[tuple[str | None, Annotation]]]:
        """With the KPI each is about; None is every KPI."""
        found: defaultdict[ScopeKind, list[tuple[str | None, Annotation]]] = defaultdict(list)
        for row in self.written:
            found[ScopeKind(row.scope_kind)].append((row.kpi, annotations.told(row)))
        return found

    def _written(self, definition: Definition, scope: Scope, stands: Stands, history: History) -> Iterator[Annotation]:
        for kind in dict.fromkeys((ScopeKind.WORKSPACE, scope.kind, *WITHIN.get(scope.kind, ()))):
            for kpi, each in self._by_kind.get(kind, ()):
                if kpi in (None, definition.key) and _shows(each, history) and _lies_in(scope, each, stands):
                    yield each

    @cached_property
    def _baselines(self) -> Mapping[tuple[str, Scope], Sequence[Baseline]]:
        found: defaultdict[tuple[str, Scope], list[Baseline]] = defaultdict(list)
        for row in self.baselines:
            found[row.kpi, Scope(ScopeKind(row.scope_kind), row.scope_key)].append(row)
        return found

    @cached_property
    def _by_kpi(self) -> Mapping[str, Sequence[Target]]:
        found: defaultdict[str, list[Target]] = defaultdict(list)
        for target in self.targets:
            found[target.kpi].append(target)
        return found

    def _targets(self, definition: Definition, scope: Scope, stands: Stands, history: History) -> Iterator[Annotation]:
        """Targets a person set that came to bind this scope: not those that a narrower one outranks."""
        mine = self._by_kpi.get(definition.key, ())
        for target in mine:
            period = next((point.period for point in history if point.period.contains(target.from_at)), None)
            if period and set_by_a_person(definition, stands(target.from_at), target.from_at, mine) is target:
                found = judging(target, definition, period)
                yield Annotation(
                    at=target.from_at,
                    kind=AnnotationKind.TARGET,
                    text=target.reason,
                    scope=Scope(ScopeKind(target.scope_kind), target.scope_key),
                    by=target.set_by,
                    made_at=target.set_at,
                    target=found.bounds if found else None,
                )


def _shows(each: Annotation, history: History) -> bool:
    return each.touches(history[0].period.start, history[-1].period.end)


def _lies_in(scope: Scope, each: Annotation, stands: Stands) -> bool:
    """A chart shows what was written about its own scope and about those it lay in at the time."""
    return each.scope in (scope, WORKSPACE) or each.scope in stands(each.at).widening


def definition_changes(definition: Definition, scope: Scope, history: History) -> Iterator[Annotation]:
    """Where the points of a history begin to follow another version of the definition."""
    known = [point for point in history if point.definition_version is not None]
    for before, point in pairwise(known):
        if point.definition_version != before.definition_version:
            version = point.definition_version or 0
            text = _change(definition, version)
            yield Annotation(point.period.start, AnnotationKind.DEFINITION, text, scope=scope, version=version)


def _change(definition: Definition, version: int) -> str:
    """What made this version: the first change made the second version."""
    return definition.changes[version - 2] if 2 <= version < len(definition.changes) + 2 else ""
