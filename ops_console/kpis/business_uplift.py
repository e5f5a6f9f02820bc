"""Business KPI uplift: which models say, and can show, what they changed in the business."""

from sqlalchemy import ColumnElement, FromClause, and_, case, exists, func, literal, null, or_, select
from sqlmodel import col

from ops_console.measures.aggregates import AnySelect, Rows
from ops_console.measures.claims import Claims
from ops_console.measures.definition import Better, Definition, Unit
from ops_console.measures.snapshots import Snapshot
from ops_console.records.experiments import Outcome
from ops_console.records.production import models_in_production

MONEY = ("money", "currency", "amount")
"""Units that say nothing without a currency."""


def business_uplift() -> Snapshot:
    """Models in production with an approved outcome that ended in the period ÷ models in production at its end. For all
    models and for a team the models of tiers 1 and 2 count. What the outcomes say is told model by model and never
    averaged or added up: the metric, its value before and with the model, the change with its interval (the bounds
    given for the observed value) and how it was measured. A change of a percentage is told in points, any other
    relative to the baseline. An estimate is called one; an outcome of fewer than 14 days may be a novelty effect. Where
    several models claim the same metric at the same time, and together more than all of it, each says so. Outcomes
    without an approval, and money without a currency, document nothing: they are counted with the reason.
    """
    return Snapshot(
        rows=_outcomes(),
        at=_documented,
        over_span=True,
        record="model",
        tiers=(1, 2),
        besides={"outcomes": Claims(rows=_outcomes(), record="outcome")},
    )


def _documented(moments: FromClause) -> Rows:
    models = models_in_production(moments).subquery("production")
    documented = (
        exists()
        .where(
            col(Outcome.entry_id) == models.c.entry_id,
            col(Outcome.ends_at) >= models.c.since,
            col(Outcome.ends_at) < models.c.until,
            col(Outcome.deleted_at).is_(None),
            col(Outcome.approved_by).is_not(None),
            or_(col(Outcome.unit).is_(None), ~_lacks_currency()),
        )
        .correlate(models)
    )
    rows: AnySelect = select(models, null().label("excluded"), case((documented, 1), else_=0).label("hit"))
    return (rows,)


def _lacks_currency() -> ColumnElement[bool]:
    return and_(func.lower(col(Outcome.unit)).in_(MONEY), col(Outcome.currency).is_(None))


def _outcomes() -> Rows:
    excluded = case(
        (col(Outcome.approved_by).is_(None), literal("not approved")),
        (_lacks_currency(), literal("money without a currency")),
        else_=null(),
    )
    rows: AnySelect = select(
        col(Outcome.ends_at).label("anchor"),
        col(Outcome.entry_id).label("entry_id"),
        col(Outcome.id).label("record_id"),
        col(Outcome.metric).label("label"),
        excluded.label("excluded"),
        *(col(column) for column in (Outcome.metric, Outcome.unit, Outcome.currency)),
        *(col(column) for column in (Outcome.baseline, Outcome.observed, Outcome.ci_low, Outcome.ci_high)),
        col(Outcome.method),
        col(Outcome.period_start).label("began"),
        col(Outcome.period_end).label("ended"),
        *(col(column) for column in (Outcome.attribution_share, Outcome.evidence, Outcome.approved_by)),
    ).where(col(Outcome.deleted_at).is_(None))
    return (rows,)


DEFINITION = Definition(
    key="business_uplift",
    number=4,
    title="Business KPI uplift",
    question="Which models can show what they changed in the business?",
    formula="Models in production with an approved outcome in the period ÷ models in production, tiers 1 and 2",
    unit=Unit.SHARE,
    better=Better.HIGHER,
    compute=business_uplift,
    facts=("outcomes", "models"),
    statistic="documented of all",
    fraction="models documented",
    best=1,
    snapshot=True,
    nothing="No models of tier 1 or 2 in production",
)
