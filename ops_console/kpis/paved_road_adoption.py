"""Models on paved road: whether production runs on what the platform offers."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, exists, func, literal, null, select
from sqlmodel import col

from ops_console.contracts.vocabulary import PRODUCTION, Monitor
from ops_console.measures.aggregates import AnySelect, Rows
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.snapshots import Snapshot
from ops_console.records.catalog import CatalogEntry, CatalogStatement
from ops_console.records.criteria import MONITOR, NAMED, Criterion, Proof, asked, had, in_force, passes
from ops_console.records.deployments import Release
from ops_console.records.production import models_in_production

MONITORS = {monitor.value: MONITOR + monitor.value for monitor in Monitor}
NAMES = {name: name for name in NAMED}
BLANK = literal(" ")


def paved_road_adoption() -> Snapshot:
    """Models in production at the end of the period that then met every required criterion of the paved road ÷ models
    in production then. The criteria are those in force at that moment, and each counts from the day on which its proof
    was there: a model that meets all but one is not on the paved road, and one that was retired since is still in the
    figure of its time. Services are not models. Before anything was stated of any model nothing is known. Beside it:
    how many models meet each criterion; names that serve production and that nobody registered, which are not in the
    number; models watched for service, drift, data quality and performance; models with owner, on-call, escalation
    and runbook.
    """
    stated: AnySelect = select(col(CatalogStatement.stated_at).label("anchor"))
    return Snapshot(
        rows=(stated,),
        record="model",
        at=_models,
        besides={
            "criteria": Snapshot(rows=(stated,), at=_by_criterion, split=("criterion",)),
            "found_not_registered": Snapshot(rows=(_strangers(),), at=_found, counts=True),
            "monitoring": Snapshot(rows=(stated,), at=lambda at: _having(at, MONITORS), beside=tuple(MONITORS)),
            "ownership": Snapshot(rows=(stated,), at=lambda at: _having(at, NAMES), beside=tuple(NAMES)),
        },
    )


def _production(moments: FromClause) -> FromClause:
    return models_in_production(moments).subquery("production")


def _models(moments: FromClause) -> Rows:
    models = _production(moments)
    has_passed = passes(models.c.entry_id, models.c.anchor)
    excluded = case((~asked(models.c.anchor), literal("nothing was required")), else_=null())
    lacks = literal("lacks: ") + func.coalesce(_lacking(models).scalar_subquery(), "")
    return (
        select(
            models,
            excluded.label("excluded"),
            case((has_passed, 1), else_=0).label("hit"),
            case((has_passed, "meets every criterion"), else_=lacks).label("note"),
        ),
    )


def _lacking(models: FromClause) -> Select[Any]:
    """The titles of the required criteria that a model does not meet, in one line."""
    titles = select(col(Criterion.title)).where(_required(models), ~_meets(models)).order_by(col(Criterion.title))
    each = titles.correlate(models).subquery("lacking")
    return select(func.aggregate_strings(each.c.title, "; "))


def _required(models: FromClause) -> ColumnElement[bool]:
    return and_(in_force(models.c.anchor), col(Criterion.required))


def _meets(models: FromClause) -> ColumnElement[bool]:
    """Whether a model has as many of the proofs that a criterion names as it names."""
    named = BLANK + col(Criterion.proof) + BLANK
    is_named = func.replace(named, BLANK + col(Proof.what) + BLANK, "") != named
    found = select(func.count(col(Proof.id))).where(
        col(Proof.entry_id) == models.c.entry_id,
        col(Proof.valid_from) <= models.c.anchor,
        col(Proof.valid_to) > models.c.anchor,
        is_named,
    )
    names = func.length(Criterion.proof) - func.length(func.replace(Criterion.proof, " ", "")) + 1
    return found.correlate(models, Criterion).scalar_subquery() == names


def _by_criterion(moments: FromClause) -> Rows:
    """Models in production by what is required of them."""
    models = _production(moments)
    hit = case((_meets(models), 1), else_=0)
    columns: tuple[Any, ...] = (null().label("excluded"), hit.label("hit"), col(Criterion.title).label("criterion"))
    return (select(models, *columns).select_from(models).join(Criterion, _required(models)),)


def _having(moments: FromClause, proofs: dict[str, str]) -> Rows:
    """Models in production; a hit is one that has every one of the proofs."""
    models = _production(moments)
    each = {name: had(models.c.entry_id, what, models.c.anchor) for name, what in proofs.items()}
    columns = (_one(is_there).label(name) for name, is_there in each.items())
    return (select(models, null().label("excluded"), _one(and_(*each.values())).label("hit"), *columns),)


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _strangers() -> AnySelect:
    """Releases in production of what nobody registered."""
    named = and_(col(CatalogEntry.id) == col(Release.entry_id), col(CatalogEntry.provisional))
    return (
        select(col(Release.live_at).label("anchor"))
        .join(CatalogEntry, named)
        .where(col(Release.environment) == PRODUCTION, col(Release.live_at).is_not(None))
    )


def _found(moments: FromClause) -> Rows:
    """Names that serve production and are not registered to this day."""
    at = moments.c.at
    is_live = exists().where(
        col(Release.entry_id) == col(CatalogEntry.id),
        col(Release.environment) == PRODUCTION,
        col(Release.live_at) <= at,
    )
    columns: tuple[Any, ...] = (
        at.label("anchor"),
        moments.c.since,
        moments.c.until,
        col(CatalogEntry.id).label("entry_id"),
        col(CatalogEntry.id).label("record_id"),
        col(CatalogEntry.name).label("label"),
        null().label("excluded"),
        literal(1).label("hit"),
    )
    return (select(*columns).select_from(moments).join(CatalogEntry, and_(col(CatalogEntry.provisional), is_live)),)


DEFINITION = Definition(
    key="paved_road_adoption",
    number=3,
    title="Models on paved road",
    question="How much of production runs on what the platform offers?",
    formula="Production models that meet every required criterion ÷ production models, at the end of the period",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    compute=paved_road_adoption,
    targets={None: Bounds(low=0.80)},
    minimum=5,
    facts=("models",),
    also=("deployments",),
    statistic="on the road of all",
    best=1,
    snapshot=True,
    nothing="No production models",
)
