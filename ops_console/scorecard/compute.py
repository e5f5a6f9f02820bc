"""The engine: figures of a KPI for every scope and every period asked for, from one look at its candidates."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.core.periods import Period, trailing
from ops_console.ingest.recorded import ALWAYS
from ops_console.measures.definition import Definition, Unit
from ops_console.measures.figures import Figure, Reduced, Setting, Span
from ops_console.measures.people import People
from ops_console.measures.scopes import Scope
from ops_console.records import workspace
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.people import everyone
from ops_console.scorecard.candidates import whole_of
from ops_console.scorecard.cells import Records
from ops_console.scorecard.widening import looked

PERIOD, TRAILING = "period", "trailing"
WIDER = (180, 365)
"""Where a trailing window holds too few cases it grows to these many days."""


@dataclass(frozen=True, slots=True)
class Request:
    """One period, and the spans that may stand for it: the first that holds enough cases is taken, else the last
    that holds any.
    """

    period: Period
    window: str
    spans: tuple[Span, ...]


Computed = dict[Request, dict[Scope, tuple[Span, Figure]]]


def requests_for(definition: Definition, periods: Iterable[Period], window: str) -> list[Request]:
    days = (None,) if window == PERIOD else _days(definition)
    return [Request(period, window, tuple(stretch(period, each) for each in days)) for period in periods]


def longest_window(definition: Definition) -> int:
    """The days that a fact can reach into the future of the scorecard."""
    return 0 if definition.window_days is None else _days(definition)[-1]


def stretch(period: Period, days: int | None) -> Span:
    """A period, or so many local days that end with it."""
    return Span(period.start, period.end) if days is None else Span(*trailing(period, days), days)


def _days(definition: Definition) -> tuple[int, ...]:
    first = definition.window_days or 0
    return (first, *(days for days in WIDER if days > first)) if definition.widens else (first,)


def setting_of(session: Session, people: Iterable[Any] | None = None) -> Setting:
    """What every measure needs to know of the workspace, read once for all of them; people, unless they are given,
    where they are asked for.
    """
    held = col(CatalogInterval.entry_id) == col(CatalogEntry.id)
    listed = select(col(CatalogEntry.id), col(CatalogEntry.slug), col(CatalogInterval.team)).outerjoin(
        CatalogInterval, held
    )
    entries = session.execute(listed.distinct()).all()
    slugs = {number: slug for number, slug, _ in entries}
    spelt = {team.casefold(): team for team in sorted({team for _, _, team in entries if team}, reverse=True)}
    current = workspace.current(session)
    return Setting(
        slugs, spelt, current.currency, current.zone, People(_everyone(session) if people is None else people)
    )


def _everyone(session: Session) -> Iterator[Any]:
    yield from session.execute(everyone())


def compute(
    session: Session,
    definition: Definition,
    requests: Sequence[Request],
    setting: Setting,
    records: Records | None = None,
) -> Computed:
    """The figure of every scope in which anything happened, for every request."""
    if not requests:
        return {}
    seen = looked(records or Records(session), definition, [request.spans for request in requests], setting)
    computed: Computed = {request: {} for request in requests}
    edges = [whole_of(request.spans).milliseconds for request in computed]
    for scope, look in seen.by_scope():
        is_told = scope in look.main.scopes()
        besides = {name: part for name, part in look.besides.items() if scope in part.scopes()}
        first, last = _instants(scope, [*([look.main] if is_told else ()), *besides.values()])
        for (request, figures), (since, until) in zip(computed.items(), edges, strict=True):
            if until <= first or last < since:
                continue
            found = _chosen(look.main, scope, request, definition.minimum) if is_told else None
            span, figure = found or (request.spans[0], None)
            more = _details(besides, scope, span) if besides else None
            if figure is None and more:
                figure = nothing(definition, scope)
            if figure is not None:
                figures[scope] = span, figure.with_detail(more) if more else figure
    return computed


def _instants(scope: Scope, parts: Sequence[Reduced]) -> tuple[int, int]:
    """Between which instants there is anything to tell, as far as the parts know."""
    told = [part.instants(scope) for part in parts]
    known = [each for each in told if each is not None]
    if len(known) < len(told):
        return ALWAYS
    return min(first for first, _ in known), max(last for _, last in known)


def nothing(definition: Definition, scope: Scope) -> Figure:
    """The figure where nothing happened: for a count, a zero."""
    if scope.kind not in definition.scopes:
        return Figure()
    if definition.unit is Unit.COUNT and not definition.needs_cases:
        return Figure(0.0, Decimal(0), Decimal(0))
    return Figure(n=None if definition.unit is Unit.MONEY else Decimal(0))


def _chosen(found: Reduced, scope: Scope, request: Request, minimum: int) -> tuple[Span, Figure] | None:
    span = request.spans[0] if len(request.spans) == 1 else _long_enough(found, scope, request.spans, minimum)
    figure = found.figure(scope, span)
    return None if figure is None else (span, figure)


def _long_enough(found: Reduced, scope: Scope, spans: Sequence[Span], minimum: int) -> Span:
    """The first that holds enough cases, else the first that holds most."""
    best = spans[0]
    most: Decimal | int = -1
    for span in spans:
        cases = found.cases(scope, span)
        if cases is not None and cases > most:
            best, most = span, cases
        if most >= minimum:
            break
    return best


def _details(besides: Mapping[str, Reduced], scope: Scope, span: Span) -> dict[str, Any]:
    more = {}
    for name, part in besides.items():
        found = part.figure(scope, span)
        if found is not None:
            more[name] = _beside(found)
    return more


def _beside(found: Figure) -> dict[str, Any]:
    """A further measure as the detail of a figure holds it."""
    value = {} if found.value is None or found.spread else {"value": found.value}
    k = {} if found.k is None else {"k": int(found.k)}
    return {"n": int(found.n or 0), **k, **value, "excluded": found.excluded, **(found.spread or {}), **found.detail}
