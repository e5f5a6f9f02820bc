"""Budgets: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_DescribeBudgets.html

AWS says what a budget is now, not what it was; so each sync states it for the period under way, and for those planned.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from integrations.aws_cost.account import Account
from integrations.aws_cost.api import Aws
from integrations.aws_cost.months import named
from integrations.aws_cost.refusals import refusals
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso, now

PERIODS = ("MONTHLY", "QUARTERLY")
Budget = Mapping[str, Any]


def chosen(aws: Aws, account: Account) -> dict[str, Budget]:
    """The budgets somebody named; `Rejected` says which of them cannot be read."""
    with refusals("the number of the account"):
        number = aws.service("sts").get_caller_identity()["Account"]
    found: dict[str, Budget] = {}
    with refusals("budgets"):
        for page in aws.service("budgets").get_paginator("describe_budgets").paginate(AccountId=number):
            found |= {each["BudgetName"]: each for each in page.get("Budgets", ())}
    return {name: _usable(name, found) for name in account.budgets}


def _usable(name: str, found: Mapping[str, Budget]) -> Budget:
    if name not in found:
        known = ", ".join(sorted(found)[:10]) or "none"
        raise Rejected(f"AWS has no budget {name[:100]!r}.", remedy=f"Budgets of the account: {known}.")
    budget = found[name]
    if budget["BudgetType"] != "COST":
        raise Rejected(f"The budget {name[:100]!r} is not one of cost.", remedy="Leave it out.")
    if budget["TimeUnit"] not in PERIODS:
        remedy = "Leave it out, or make one by month or by quarter."
        raise Rejected(f"The budget {name[:100]!r} is neither monthly nor quarterly.", remedy=remedy)
    if not (budget.get("BudgetLimit") or budget.get("PlannedBudgetLimits")):
        raise Rejected(f"The budget {name[:100]!r} has no amount.", remedy="Leave it out, or give it one.")
    return budget


def facts(budget: Budget, scope: str) -> Iterator[Told]:
    """A budget for each period it is known for."""
    for begins, limit in _limits(budget):
        period = _period(begins, budget["TimeUnit"])
        values = {
            "external_id": f"budget/{budget['BudgetName']}/{period}",
            "updated_at": _changed(budget),
            "scope": scope,
            "period": period,
            "amount": limit["Amount"],
            "currency": limit["Unit"],
        }
        yield Told("budgets", {name: value for name, value in values.items() if value is not None})


def line(budget: Budget, scope: str) -> str:
    _, limit = next(_limits(budget))
    unit = "month" if budget["TimeUnit"] == "MONTHLY" else "quarter"
    return f"The budget {budget['BudgetName']} is {limit['Amount']} {limit['Unit']} a {unit} for {scope}."


def _limits(budget: Budget) -> Iterator[tuple[date, Budget]]:
    """A plan names periods by their first instant, in seconds; without one a budget holds for the period under way."""
    planned = budget.get("PlannedBudgetLimits") or {}
    for seconds, limit in sorted(planned.items()):
        yield datetime.fromtimestamp(int(seconds), UTC).date(), limit
    if not planned:
        yield now().date(), budget["BudgetLimit"]


def _period(day: date, unit: str) -> str:
    return named(day) if unit == "MONTHLY" else f"{day.year}-Q{(day.month + 2) // 3}"


def _changed(budget: Budget) -> str | None:
    adjusted = (budget.get("AutoAdjustData") or {}).get("LastAutoAdjustTime")
    found = [each for each in (budget.get("LastUpdatedTime"), adjusted) if each]
    return iso(max(found)) if found else None
