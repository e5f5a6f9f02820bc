"""The engine: candidates of a KPI, placed in scopes and periods, reduced to figures.

One select of candidates, joined to how each entry stood at the anchor, restricted to the time asked for. What adds up
is added up in SQL over the elementary stretches between all boundaries asked for; the rest comes row by row. The
number of statements does not depend on how many scopes and periods are asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, FromClause, and_, func, select, text, type_coerce, union_all
from sqlmodel import Session, col

from ops_console.core.columns import Instant, milliseconds
from ops_console.core.periods import Period, trailing
from ops_console.ingest.tables import Shape, as_table
from ops_console.measures.aggregates import Aggregate
from ops_console.measures.definition import Definition, Unit
from ops_console.measures.figures import Cell, Figure, Reduced, Setting, Span
from ops_console.measures.people import People
from ops_console.measures.scopes import Scope
from ops_console.records import workspace
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.people import everyone

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
    if window == PERIOD:
        return [Request(period, PERIOD, (Span(period.start, period.end),)) for period in periods]
    return [Request(period, TRAILING, _trailing(definition, period)) for period in periods]


def longest_window(definition: Definition) -> int:
    """The days that a fact can reach into the future of the scorecard."""
    return 0 if definition.window_days is None else _days(definition)[-1]


def _trailing(definition: Definition, period: Period) -> tuple[Span, ...]:
    return tuple(Span(*trailing(period, days), days) for days in _days(definition))


def _days(definition: Definition) -> tuple[int, ...]:
    first = definition.window_days or 0
    return (first, *(days for days in WIDER if days > first)) if definition.widens else (first,)


def setting_of(session: Session) -> Setting:
    """What every measure needs to know of the workspace, read once for all of them; people where they are asked for."""
    held = col(CatalogInterval.entry_id) == col(CatalogEntry.id)
    listed = select(col(CatalogEntry.id), col(CatalogEntry.slug), col(CatalogInterval.team)).outerjoin(
        CatalogInterval, held
    )
    entries = session.execute(listed.distinct()).all()
    slugs = {number: slug for number, slug, _ in entries}
    spelt = {team.casefold(): team for team in sorted({team for _, _, team in entries if team}, reverse=True)}
    current = workspace.current(session)
    return Setting(slugs, spelt, current.currency, current.zone, People(_everyone(session)))


def _everyone(session: Session) -> Iterator[Any]:
    yield from session.execute(everyone())


def compute(session: Session, definition: Definition, requests: Sequence[Request], setting: Setting) -> Computed:
    """The figure of every scope in which anything happened, for every request."""
    if not requests:
        return {}
    aggregate = definition.aggregate
    spans = [span for request in requests for span in request.spans]
    main = reduced(session, aggregate, spans, setting)
    besides = {name: reduced(session, part, spans, setting) for name, part in aggregate.besides.items()}
    computed: Computed = {request: {} for request in requests}
    for scope in {scope for found in (main, *besides.values()) for scope in found.scopes()}:
        for request, figures in computed.items():
            span, figure = _chosen(main, scope, request, definition.minimum) or (request.spans[0], None)
            more = _details(besides, scope, span)
            if figure is None and more:
                figure = nothing(definition, scope)
            if figure is not None:
                figures[scope] = span, replace(figure, detail={**figure.detail, **more}) if more else figure
    return computed


def nothing(definition: Definition, scope: Scope) -> Figure:
    """The figure where nothing happened: for a count, a zero."""
    if scope.kind not in definition.scopes:
        return Figure()
    if definition.unit is Unit.COUNT and not definition.needs_cases:
        return Figure(0.0, Decimal(0), Decimal(0))
    return Figure(n=None if definition.unit is Unit.MONEY else Decimal(0))


def _chosen(found: Reduced, scope: Scope, request: Request, minimum: int) -> tuple[Span, Figure] | None:
    if scope not in found.scopes():
        return None
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
        found = part.figure(scope, span) if scope in part.scopes() else None
        if found is not None:
            more[name] = _beside(found)
    return more


def _beside(found: Figure) -> dict[str, Any]:
    """A further measure as the detail of a figure holds it."""
    value = {} if found.value is None or found.spread else {"value": found.value}
    k = {} if found.k is None else {"k": int(found.k)}
    return {"n": int(found.n or 0), **k, **value, "excluded": found.excluded, **(found.spread or {}), **found.detail}


def reduced(session: Session, aggregate: Aggregate, spans: Sequence[Span], setting: Setting) -> Reduced:
    """The candidates within the spans, in the shape from which figures are read."""
    if aggregate.names is not None:
        setting = replace(setting, names={row[0]: row[1] for row in session.execute(aggregate.names)})
    against = aggregate.against()
    other = session.execute(against).all() if against is not None else ()
    return aggregate.reduce(_cells(session, aggregate, spans), setting, other)


def _cells(session: Session, aggregate: Aggregate, spans: Sequence[Span]) -> Sequence[Cell]:
    found = candidates(session, aggregate, spans)
    entry, team, tier, placed = standing(found)
    keys = [found.c[name] for name in aggregate.keys]
    if aggregate.by_row:
        at: Any = type_coerce(found.c.anchor, BigInteger)
        statement = select(entry, team, tier, at, found.c.excluded, *keys).select_from(placed)
    else:
        bounds = sorted({milliseconds(edge) for span in spans for edge in (span.start, span.end)})
        # By time first, in which rows are found: what is nearly in order is soon sorted.
        places = ", ".join(map(str, (4, 1, 2, 3, *range(5, 6 + len(keys)))))
        statement = (
            select(entry, team, tier, stretch(bounds), found.c.excluded, *keys, *aggregate.sums(found))
            .select_from(placed)
            .group_by(text(places))
        )
    # Past the ORM, which would look at each of a hundred thousand rows once more.
    return session.connection().execute(statement).all()


def candidates(session: Session, aggregate: Aggregate, spans: Sequence[Span]) -> FromClause:
    """All candidates of the spans, and perhaps of the time between them."""
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    arms = aggregate.arms(start, end, lambda: _moments(session, spans))
    return (union_all(*arms) if len(arms) > 1 else arms[0]).subquery("found")


def _moments(session: Session, spans: Sequence[Span]) -> FromClause:
    """The last moment of each span, with its ends."""
    rows = sorted({span.milliseconds for span in spans})
    shape: Shape = {"at": Instant(), "since": BigInteger(), "until": BigInteger()}
    return as_table(session, "moment", shape, ((until - 1, since, until) for since, until in rows))


def standing(found: FromClause) -> tuple[Any, Any, Any, FromClause]:
    """Entry, team and tier of each candidate as they were at its anchor. A row that names its own team keeps it."""
    interval = CatalogInterval
    as_it_was = and_(
        col(interval.entry_id) == found.c.entry_id,
        col(interval.valid_from) <= found.c.anchor,
        found.c.anchor < col(interval.valid_to),
    )
    team: Any = col(interval.team)
    if "team" in found.c:
        team = func.coalesce(found.c.team, team)
    return found.c.entry_id, team, col(interval.tier), found.outerjoin(interval, as_it_was)


def stretch(bounds: Sequence[int]) -> Any:
    """The beginning of the elementary stretch an anchor falls in: a binary search in SQL, the same on both databases.

    Joining a calendar instead makes the planner choose between scanning it per row and rows per stretch. The text names
    its bounds, so that it is compiled once for every number of them.
    """
    named = {f"bound{place}": bound for place, bound in enumerate(bounds)}
    return type_coerce(text(_search(list(named))).bindparams(**named), BigInteger)


def _search(names: Sequence[str]) -> str:
    if len(names) == 1:
        return f":{names[0]}"
    middle = len(names) // 2
    lower, upper = _search(names[:middle]), _search(names[middle:])
    return f"CASE WHEN found.anchor < :{names[middle]} THEN {lower} ELSE {upper} END"
