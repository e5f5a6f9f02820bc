"""The headline KPIs side by side for every team, tier or model: a table whose cells carry small multiples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request, url_for
from markupsafe import Markup
from sqlalchemy import String, cast, true
from sqlmodel import Session, col, select

from ops_console.core import units
from ops_console.core.periods import Period
from ops_console.ingest.freshness import Freshness
from ops_console.kpis import CATALOGUE
from ops_console.measures.comparison import Compare
from ops_console.measures.definition import Unit
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind, parse
from ops_console.records.catalog import CatalogEntry
from ops_console.reporting.charts.strip import strip
from ops_console.scorecard.read import readings_of
from ops_console.web.filters import Choices, Filters
from ops_console.web.view import url_with

KINDS = {ScopeKind.TIER: "Tiers", ScopeKind.TEAM: "Teams", ScopeKind.MODEL: "Models and services"}
"""With the group of scopes that each is chosen from."""

MOST_ROWS = 8
"""What a look takes in, with eight drawings a row; the others are a choice away."""


@dataclass(frozen=True, slots=True)
class Column:
    """One KPI. `scale` says from where to where its drawings go."""

    title: str
    address: str
    scale: str


@dataclass(frozen=True, slots=True)
class Cell:
    reading: Reading
    drawing: Markup


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    address: str
    cells: list[Cell]


Table = tuple[list[Column], list[Row], bool]


@dataclass(frozen=True, slots=True)
class Parts:
    """`choices`: word, address and whether it is chosen. `is_restated`: a drawing marks a figure told otherwise."""

    kind: str
    choices: list[tuple[str, str, bool]]
    columns: list[Column]
    rows: list[Row]
    is_restated: bool
    more: str


def parts(
    session: Session,
    asked: Filters,
    offered: Mapping[str, Choices],
    keys: Sequence[str],
    fresh: Mapping[str, Freshness],
) -> Parts | None:
    """One table for the kind in `?by=`; None where the page is about one model or about no week, month or quarter."""
    kinds = _kinds(asked)
    if not kinds or asked.period.grain is None:
        return None
    by = request.args.get("by", "")
    kind = ScopeKind(by) if by in kinds else kinds[0]
    scopes = _models(session, asked) if kind is ScopeKind.MODEL else [parse(value) for value, _ in offered[KINDS[kind]]]
    shown = scopes[:MOST_ROWS]
    wanted = [(scope, asked.period) for scope in shown]
    found = _read(session, wanted, keys, asked, fresh) if wanted else []
    choices = [(each.value.capitalize(), url_with(by=each.value), each is kind) for each in kinds]
    hidden = len(scopes) - len(shown)
    more = f"{units.count(hidden)} more; choose one as scope." if hidden > 0 else ""
    return Parts(kind.value, choices, *_table(asked, kind, keys, dict(zip(shown, found, strict=True))), more)


def _read(
    session: Session,
    wanted: Sequence[tuple[Scope, Period]],
    keys: Sequence[str],
    asked: Filters,
    fresh: Mapping[str, Freshness],
) -> list[list[Reading]]:
    """Figures as the cells show them: without what they are compared with, and without details."""
    return readings_of(session, wanted, keys=keys, compare=Compare.NONE, now=asked.now, fresh=fresh, details=False)


def _kinds(asked: Filters) -> list[ScopeKind]:
    """What a page can be split by: one team or tier still has models."""
    if asked.scope == WORKSPACE:
        return list(KINDS)
    return [] if asked.scope.kind is ScopeKind.MODEL else [ScopeKind.MODEL]


def _models(session: Session, asked: Filters) -> list[Scope]:
    """The models of the scope, the highest tier first."""
    tier, key = col(CatalogEntry.tier), asked.scope.key
    within = {ScopeKind.TEAM: col(CatalogEntry.team) == key, ScopeKind.TIER: cast(tier, String) == key}
    slugs = session.exec(
        select(CatalogEntry.slug)
        .where(col(CatalogEntry.deleted_at).is_(None), col(CatalogEntry.provisional).is_(False))
        .where(within.get(asked.scope.kind, true()))
        .order_by(tier.asc().nulls_last(), col(CatalogEntry.slug))
    )
    return [Scope(ScopeKind.MODEL, slug) for slug in slugs]


def _table(asked: Filters, kind: ScopeKind, keys: Sequence[str], found: Mapping[Scope, Sequence[Reading]]) -> Table:
    """KPIs as columns, in the order of `keys`; those that no part has a figure of are left out."""
    known = [each for each in zip(*found.values(), strict=True) if any(map(_has_figure, each))]
    by_kpi = sorted(known, key=lambda each: keys.index(each[0].key))
    drawn = [strip(each) for each in by_kpi]
    columns = [_column(asked, kind, each[0].key, one.scale) for each, one in zip(by_kpi, drawn, strict=True)]
    rows = [
        Row(
            scope.title,
            url_for("kpis.scorecard", **asked.params() | {"scope": str(scope)}),
            [_cell(each[place], one.drawings[place]) for each, one in zip(by_kpi, drawn, strict=True)],
        )
        for place, scope in enumerate(found)
    ]
    return columns, rows, any(one.is_restated for one in drawn)


def _has_figure(reading: Reading) -> bool:
    """A value, or money spent without a budget."""
    return reading.value is not None or (reading.definition.unit is Unit.MONEY and reading.k is not None)


def _cell(reading: Reading, drawing: str) -> Cell:
    return Cell(reading, Markup(drawing))  # noqa: S704  (our own drawing, made of numbers)


def _column(asked: Filters, kind: ScopeKind, key: str, scale: str) -> Column:
    address = url_for("kpis.kpi", key=key, **asked.params(by=kind.value), _anchor="split")
    return Column(CATALOGUE[key].title.partition(",")[0], address, scale)
