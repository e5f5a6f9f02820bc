"""Complete model cards: whether the models in production are documented, and the documents kept up."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, and_, case, cast, func, literal, null, or_, select
from sqlmodel import col

from ops_console.contracts.vocabulary import (
    CARD_REVIEWED_DAYS,
    MODEL_CARD_FIELDS,
    PRODUCTION,
    DeploymentKind,
    DocumentKind,
)
from ops_console.core.columns import shifted
from ops_console.kpis.model_deployments import new_in_production
from ops_console.measures.aggregates import AnySelect, Rows
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.snapshots import Snapshot
from ops_console.records.deployments import Release
from ops_console.records.documents import Document, Review
from ops_console.records.production import models_in_production

STRICTEST = 1
FOLLOWS_WITHIN = timedelta(days=30)
"""So long after a new version went live its card may still be that of the version before."""
NOT_SERVING = (DeploymentKind.CANARY.value, DeploymentKind.SHADOW.value)
COMPLETE, OLD, INCOMPLETE, OUT_OF_DATE = "complete", "card of an old version", "incomplete", "out of date"
NO_CARD, NEVER_REVIEWED = "no card", "never reviewed"


def model_card_completeness() -> Snapshot:
    """Models in production at the end of the period whose latest reviewed card had every field that their tier then
    required and was fresh ÷ models in production then. A tier 1 card must have been reviewed within 180 days, others
    within 365. A template's own text, such as "[More Information Needed]", fills in nothing. A card that names a
    version is that of an old one once another version has been live for 30 days and the card has not followed. A model
    without a card, or with one that nobody reviewed, counts as not complete: a missing card is a fact. A model of
    unknown tier is held to tier 1. Before the first review of any document nothing is known. What each model lacks
    stands beside it among the records.
    """
    reviewed: AnySelect = select(col(Review.reviewed_at).label("anchor"))
    return Snapshot(rows=(reviewed,), record="model", at=_cards, split=("verdict",))


def _cards(moments: FromClause) -> Rows:
    held = _latest(models_in_production(moments).subquery("production"))
    judged = select(held, _verdict(held).label("verdict")).subquery("judged")
    hit = case((judged.c.verdict == COMPLETE, 1), else_=0)
    return (select(judged, null().label("excluded"), hit.label("hit"), _note(judged).label("note")),)


def _latest(models: FromClause) -> FromClause:
    """Models with the card that was reviewed last, as it was then, and the version that was live."""
    card = (
        select(col(Review.id))
        .join(Document, col(Document.id) == col(Review.document_id))
        .where(_is_card_of(models), col(Review.reviewed_at) <= models.c.anchor)
        .order_by(col(Review.reviewed_at).desc(), col(Review.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    live = (
        select(col(Release.version))
        .where(_went_live(models), col(Release.kind).not_in(NOT_SERVING))
        .order_by(col(Release.live_at).desc(), col(Release.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    said = (Review.reviewed_at, Review.version, Review.fields_present, Review.complete_for_tier)
    tier = func.coalesce(models.c.tier, STRICTEST).label("held_to")
    has_card = select(col(Document.id)).where(_is_card_of(models)).exists()
    return (
        select(models, tier, live.label("live"), has_card.label("has_card"), *(col(each) for each in said))
        .select_from(models)
        .outerjoin(Review, col(Review.id) == card)
        .subquery("held")
    )


def _is_card_of(models: FromClause) -> ColumnElement[bool]:
    return and_(
        col(Document.entry_id) == models.c.entry_id,
        col(Document.kind) == DocumentKind.MODEL_CARD.value,
        or_(col(Document.deleted_at).is_(None), col(Document.deleted_at) > models.c.anchor),
    )


def _went_live(models: FromClause) -> ColumnElement[bool]:
    return and_(
        col(Release.entry_id) == models.c.entry_id,
        col(Release.environment) == PRODUCTION,
        col(Release.live_at) <= models.c.anchor,
    )


def _verdict(held: FromClause) -> ColumnElement[str]:
    fresh_for = ((held.c.held_to == tier, _after(held, days)) for tier, days in CARD_REVIEWED_DAYS.items())
    is_incomplete = or_(held.c.complete_for_tier.is_(None), held.c.complete_for_tier > held.c.held_to)
    return case(
        (held.c.reviewed_at.is_(None), case((held.c.has_card, NEVER_REVIEWED), else_=NO_CARD)),
        (_is_of_old_version(held), OLD),
        (is_incomplete, INCOMPLETE),
        (case(*fresh_for) <= held.c.anchor, OUT_OF_DATE),
        else_=literal(COMPLETE),
    )


def _after(held: FromClause, days: int) -> ColumnElement[Any]:
    return shifted(held.c.reviewed_at, timedelta(days=days))


def _is_of_old_version(held: FromClause) -> ColumnElement[bool]:
    """Another version is live, and one newer than the card's has been for long enough."""
    own = select(func.min(Release.live_at)).where(_went_live(held), col(Release.version) == held.c.version)
    began = func.coalesce(own.correlate(held).scalar_subquery(), held.c.reviewed_at)
    newer = select(col(Release.id)).where(
        col(Release.entry_id) == held.c.entry_id,
        new_in_production(),
        col(Release.version) != held.c.version,
        col(Release.live_at) > began,
        col(Release.live_at) <= shifted(held.c.anchor, -FOLLOWS_WITHIN),
    )
    return and_(held.c.version.is_not(None), held.c.version != func.coalesce(held.c.live, ""), newer.exists())


def _note(judged: FromClause) -> ColumnElement[str]:
    """The verdict, and of an incomplete card the fields that it lacks."""
    filled = cast(judged.c.fields_present, Text)
    lacks: ColumnElement[str] = literal("")
    for field in sorted(MODEL_CARD_FIELDS[STRICTEST]):
        loosest = max(tier for tier, needed in MODEL_CARD_FIELDS.items() if field in needed)
        is_lacking = and_(judged.c.held_to <= loosest, ~filled.contains(f'"{field}"', autoescape=True))
        lacks = lacks + case((is_lacking, f", {field.replace('_', ' ')}"), else_="")
    said = literal(f"{INCOMPLETE}: ") + func.substr(lacks, 3)
    return case((judged.c.verdict == INCOMPLETE, said), else_=judged.c.verdict)


DEFINITION = Definition(
    key="model_card_completeness",
    number=21,
    title="Complete model cards",
    question="Are our models documented?",
    formula="Production models with a complete and fresh model card ÷ production models, at the end of the period",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    compute=model_card_completeness,
    targets={
        1: Bounds(low=1.0, strict=False),
        2: Bounds(low=0.9, strict=False),
        3: Bounds(low=0.8, strict=False),
    },
    minimum=5,
    facts=("documents", "models"),
    also=("deployments",),
    statistic="complete of all",
    best=1,
    snapshot=True,
    nothing="No production models to judge",
)
