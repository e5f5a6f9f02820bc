"""Cost against budget: whether the month stays in the money planned for it."""

from sqlalchemy import null, select
from sqlmodel import col

from ops_console.measures.aggregates import AnySelect
from ops_console.measures.definition import Better, Bounds, Definition, Unit
from ops_console.measures.money import Budgeted
from ops_console.records.costs import Budget, Cost


def cost_vs_budget() -> Budgeted:
    """Billed cost of the charges that fall into the period ÷ the budget of the same scope and period. Charges count on
    the day they were incurred; credits and corrections keep their sign. Currencies are never added up: the budget's
    currency counts (without a budget, the workspace's), the others are listed. Without a budget the money is shown and
    the share is unknown. A quarter without a budget of its own takes the sum of its months. A month's cost is an
    estimate until the 15th of the next month.
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
    return Budgeted(rows=(charges,), record="cost", budgets=budgets)


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
    also=("budgets", "models"),
    statistic="sum",
    best=0,
    at_risk_from=0.95,
    nothing="No cost",
)
