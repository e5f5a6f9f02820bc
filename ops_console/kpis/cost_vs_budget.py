"""Cost against budget: whether the month stays in the money planned for it."""

from typing import Any

from sqlalchemy import String, cast, func, literal, null, select
from sqlmodel import col

from ops_console.contracts.vocabulary import Purpose, UsageUnit
from ops_console.core.columns import Exact
from ops_console.measures.aggregates import AnySelect
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.money import Budgeted
from ops_console.measures.per_unit import PerUnit
from ops_console.records.costs import Budget, Cost
from ops_console.records.usage import Usage


def cost_vs_budget() -> Budgeted:
    """Billed cost of the charges that fall into the period ÷ the budget of the same scope and period. Charges count on
    the day they were incurred; credits and corrections keep their sign. Currencies are never added up: the budget's
    currency counts (without a budget, the workspace's), the others are listed. Without a budget the money is shown and
    the share is unknown. A quarter without a budget of its own takes the sum of its months. A month's cost is an
    estimate until the 15th of the next month. Beside it: GPU hours used of those allocated, and the cost of inference
    per 1,000 inferences, by what was incurred rather than billed; both over the models of which both sides are known.
    """
    charges: AnySelect = select(
        col(Cost.charged_at).label("anchor"),
        col(Cost.entry_id).label("entry_id"),
        col(Cost.id).label("record_id"),
        col(Cost.service_name).label("label"),
        null().label("excluded"),
        col(Cost.team).label("team"),
        col(Cost.purpose).label("purpose"),
        col(Cost.provider).label("provider"),
        col(Cost.charge_category).label("category"),
        col(Cost.charge_day).label("day"),
        col(Cost.currency).label("currency"),
        col(Cost.billed).label("billed"),
    )
    budgets = (
        select(
            col(Budget.scope),
            col(Budget.entry_id),
            col(Budget.starts_at),
            col(Budget.ends_at),
            col(Budget.amount),
            col(Budget.currency),
        )
        .where(col(Budget.deleted_at).is_(None))
        .order_by(col(Budget.updated_at).nulls_first(), col(Budget.source), col(Budget.external_id))
    )
    return Budgeted(
        rows=(charges,),
        record="cost",
        budgets=budgets,
        besides={"gpu_use": _gpu_use(), "unit_cost": _unit_cost()},
    )


def _gpu_use() -> PerUnit:
    used = _use(UsageUnit.GPU_HOURS_USED, col(Usage.quantity), null())
    allocated = _use(UsageUnit.GPU_HOURS_ALLOCATED, null(), col(Usage.quantity))
    return PerUnit(rows=(used, allocated), no_amount="use unknown", no_units="allocation unknown")


def _unit_cost() -> PerUnit:
    """What serving a thousand inferences took."""
    spent: AnySelect = select(
        col(Cost.charged_at).label("anchor"),
        col(Cost.entry_id).label("entry_id"),
        col(Cost.id).label("record_id"),
        col(Cost.service_name).label("label"),
        null().label("excluded"),
        col(Cost.currency).label("currency"),
        func.coalesce(Cost.effective, Cost.billed).label("amount"),
        _exactly(null()).label("units"),
    ).where(col(Cost.purpose) == Purpose.INFERENCE.value)
    served = _use(UsageUnit.INFERENCES, null(), col(Usage.quantity))
    return PerUnit(rows=(spent, served), per=1000, no_amount="cost unknown", no_units="inferences unknown")


def _use(unit: UsageUnit, amount: Any, units: Any) -> AnySelect:
    return select(
        col(Usage.anchored_at).label("anchor"),
        col(Usage.entry_id).label("entry_id"),
        col(Usage.id).label("record_id"),
        literal(unit.value).label("label"),
        null().label("excluded"),
        cast(null(), String).label("currency"),
        _exactly(amount).label("amount"),
        _exactly(units).label("units"),
    ).where(col(Usage.unit) == unit.value, col(Usage.deleted_at).is_(None))


def _exactly(number: Any) -> Any:
    """A number of the database's own exact kind, so that a null has one too."""
    return cast(number, Exact())


DEFINITION = Definition(
    key="cost_vs_budget",
    number=23,
    title="Cost against budget",
    question="Do we stay in budget, and what moved?",
    formula="Billed cost by day of charge ÷ budget",
    unit=Unit.MONEY,
    better=Better.LOWER,
    compute=cost_vs_budget,
    targets={None: Bounds(high=1.0, strict=False)},
    facts=("costs",),
    also=("budgets", "models", "usage"),
    late=True,
    statistic="sum",
    best=0,
    at_risk_from=0.95,
    nothing="No cost",
)
