"""Readings: one reading object per KPI, scope and period, made from points in a constant number of statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from ops_console.core.clock import now as the_time
from ops_console.core.errors import NotFound
from ops_console.core.periods import Grain, Period, sequence
from ops_console.ingest.freshness import freshness
from ops_console.kpis import CATALOGUE
from ops_console.measures.comparison import Compare
from ops_console.measures.definition import Definition
from ops_console.measures.figures import Setting, Span
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.records.catalog import CatalogEntry, CatalogInterval
from ops_console.records.targets import Target
from ops_console.scorecard.beside import completed
from ops_console.scorecard.compute import PERIOD, TRAILING, Request, compute, setting_of
from ops_console.scorecard.coverage import Fresh, coverage_of
from ops_console.scorecard.judge import Case, judged
from ops_console.scorecard.points import Point, first_start
from ops_console.scorecard.record import Record, RecordPage
from ops_console.scorecard.restated import with_restated
from ops_console.scorecard.rows import records
from ops_console.scorecard.shelf import Shelf, shelf, targets
from ops_console.scorecard.wanted import of_kind, of_scope, of_scopes

__all__ = [
    "Record",
    "RecordPage",
    "begins",
    "is_known",
    "judged_periods",
    "reading",
    "readings",
    "readings_by_scope",
    "readings_of",
    "records",
    "scopes",
    "targets",
]

DEFAULT = "default"


def reading(
    session: Session,
    key: str,
    scope: Scope,
    period: Period,
    *,
    window: str = DEFAULT,
    compare: Compare = Compare.PREVIOUS,
    now: datetime | None = None,
    fresh: Mapping[str, Fresh] | None = None,
) -> Reading:
    """One KPI. `window="period"` reads the period itself where the default is a trailing window."""
    return readings(session, scope, period, keys=[key], window=window, compare=compare, now=now, fresh=fresh)[0]


def readings(
    session: Session,
    scope: Scope,
    period: Period,
    *,
    keys: Iterable[str] | None = None,
    window: str = DEFAULT,
    compare: Compare = Compare.PREVIOUS,
    now: datetime | None = None,
    fresh: Mapping[str, Fresh] | None = None,
) -> list[Reading]:
    """Every KPI (or those of `keys`) for one scope and period, in catalogue order."""
    return readings_of(session, [(scope, period)], keys=keys, window=window, compare=compare, now=now, fresh=fresh)[0]


def readings_of(
    session: Session,
    wanted: Sequence[tuple[Scope, Period]],
    *,
    keys: Iterable[str] | None = None,
    window: str = DEFAULT,
    compare: Compare = Compare.PREVIOUS,
    now: datetime | None = None,
    fresh: Mapping[str, Fresh] | None = None,
    details: bool = True,
) -> list[list[Reading]]:
    """The same for several scopes and periods of one grain, read and computed once for all of them; without `details`
    where a figure is shown as one of many.
    """
    definitions, now = _definitions(keys), now or the_time()
    fresh = freshness(session, now) if fresh is None else fresh
    if any(period.grain is None for _, period in wanted):
        ranged = setting_of(session)
        return [
            [_of_range(session, definition, *each, now, fresh, ranged) for definition in definitions] for each in wanted
        ]
    periods = sorted({period for _, period in wanted})
    scopes = list(dict.fromkeys(scope for scope, _ in wanted))
    slugs = _slugs(scopes)
    kept = shelf(session, definitions, periods, of_scopes(scopes), now=now, fresh=fresh, slugs=slugs, compare=compare)
    cases = [
        kept.case(definition, scope, period, _window(definition, window))
        for scope, period in wanted
        for definition in definitions
    ]
    found = [judged(case) for case in completed(session, cases, details=details)]
    told = iter(with_restated(session, kept, found))
    return [list(islice(told, len(definitions))) for _ in wanted]


def readings_by_scope(
    session: Session,
    key: str,
    kind: ScopeKind,
    period: Period,
    *,
    window: str = DEFAULT,
    compare: Compare = Compare.PREVIOUS,
    now: datetime | None = None,
    fresh: Mapping[str, Fresh] | None = None,
) -> list[Reading]:
    """One KPI split by team, tier or model: the scopes with any history, the largest first."""
    (definition,), now = _definitions([key]), now or the_time()
    fresh = freshness(session, now) if fresh is None else fresh
    slugs = None if kind is ScopeKind.MODEL else ()
    kept = shelf(session, [definition], [period], of_kind(kind), now=now, fresh=fresh, slugs=slugs, compare=compare)
    found = [kept.case(definition, each, period, _window(definition, window)) for each in kept.scopes(key)]
    parts = [judged(case) for case in completed(session, found, details=False)]
    return sorted(with_restated(session, kept, parts), key=_largest_first)


def judged_periods(
    session: Session,
    key: str,
    scope: Scope,
    until: Period,
    count: int,
    *,
    now: datetime,
    proposed: Target | None = None,
) -> list[Reading]:
    """Consecutive periods, each judged as it would be shown; `proposed` is a target nobody has set yet."""
    (definition,) = _definitions([key])
    periods = sequence(until, count)
    slugs, fresh = _slugs([scope]), freshness(session, now)
    kept = shelf(session, [definition], periods, of_scope(scope), now=now, fresh=fresh, slugs=slugs)
    if proposed is not None:
        newest_first = sorted([proposed, *kept.kept], key=lambda target: target.from_at, reverse=True)
        kept = replace(kept, kept=newest_first)
    return [judged(kept.case(definition, scope, period, _window(definition, DEFAULT))) for period in periods]


def begins(session: Session, key: str, scope: Scope, grain: Grain, fresh: Mapping[str, Fresh]) -> datetime | None:
    """Where the history of a KPI begins: with its first figure, or earlier, with its facts."""
    covered = coverage_of(CATALOGUE[key], fresh).covers_from
    return min(filter(None, (covered, first_start(session, key, scope, grain))), default=None)


def is_known(session: Session, scope: Scope) -> bool:
    """Whether a scope names anything: a misspelt team has no deployments, but that is no zero."""
    if scope.kind in (ScopeKind.WORKSPACE, ScopeKind.TIER):
        return True
    if scope.kind is ScopeKind.MODEL:
        listed = exists().where(col(CatalogEntry.slug) == scope.key)
    else:
        listed = exists().where(col(CatalogInterval.team) == scope.key)
    return bool(session.scalar(select(or_(listed, exists().where(of_scope(scope))))))


def scopes(session: Session) -> list[Scope]:
    """Everything a figure may be about: the workspace, teams, tiers, models."""
    held = session.execute(select(col(CatalogInterval.team), col(CatalogInterval.tier)).distinct()).all()
    slugs = session.scalars(select(col(CatalogEntry.slug)).where(col(CatalogEntry.deleted_at).is_(None))).all()
    return [
        WORKSPACE,
        *(Scope(ScopeKind.TEAM, team) for team in sorted({team for team, _ in held if team})),
        *(Scope(ScopeKind.TIER, str(tier)) for tier in sorted({tier for _, tier in held if tier is not None})),
        *(Scope(ScopeKind.MODEL, slug) for slug in sorted(slugs)),
    ]


def _definitions(keys: Iterable[str] | None) -> Sequence[Definition]:
    wanted = list(CATALOGUE if keys is None else keys)
    unknown = [key for key in wanted if key not in CATALOGUE]
    if unknown:
        raise NotFound(f"{unknown[0]!r} is no KPI.", remedy=f"Choose one of {', '.join(CATALOGUE)}.")
    return sorted((CATALOGUE[key] for key in wanted), key=lambda definition: definition.number)


def _slugs(scopes: Iterable[Scope]) -> list[str]:
    """The models among them."""
    return [scope.key for scope in scopes if scope.kind is ScopeKind.MODEL]


def _window(definition: Definition, window: str) -> str:
    return TRAILING if window == DEFAULT and definition.window_days is not None else PERIOD


def _largest_first(found: Reading) -> tuple[float, Scope]:
    return -float(found.n or found.k or 0), found.scope


def _of_range(
    session: Session,
    definition: Definition,
    scope: Scope,
    period: Period,
    now: datetime,
    fresh: Mapping[str, Fresh],
    setting: Setting,
) -> Reading:
    """Any stretch of days, computed from the records: it has no history, no neighbour and no points."""
    until = min(period.end, now) if definition.snapshot else period.end
    request = Request(period, PERIOD, (Span(period.start, until),))
    found = compute(session, definition, [request], setting)[request].get(scope)
    kept = Shelf(now, {}, {}, targets(session), fresh, {})
    point = Point(found[1], None, definition.version) if found else None
    case = Case(
        definition,
        scope,
        period,
        point,
        request.spans[0],
        (),
        kept.in_force(definition, scope, period),
        kept.coverage(definition),
        now,
    )
    return judged(case)
