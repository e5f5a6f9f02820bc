"""Budgets: https://cloud.google.com/billing/docs/reference/budget/rest/v1/billingAccounts.budgets

Google says what a budget is now, not what it was; so each sync states it for the period under way.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from integrations.gcp_cost.account import Account
from integrations.gcp_cost.api import Google
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Told

NANO = Decimal("1e-9")
PERIODS = {"": "month", "CALENDAR_PERIOD_UNSPECIFIED": "month", "MONTH": "month", "QUARTER": "quarter"}
Budget = Mapping[str, Any]


def chosen(google: Google, account: Account) -> dict[str, Budget]:
    """The budgets somebody named; `Rejected` says which of them cannot be read."""
    found = {str(each.get("displayName")): each for each in _all(google, account.number)}
    return {name: _usable(name, found) for name in account.budgets}


def _all(google: Google, number: str) -> Iterator[Budget]:
    params: dict[str, Any] = {"pageSize": 100}
    while True:
        said = google.read("billingbudgets", f"/v1/billingAccounts/{number}/budgets", "the budgets", params)
        yield from said.get("budgets") or ()
        if not said.get("nextPageToken"):
            return
        params["pageToken"] = said["nextPageToken"]


def _usable(name: str, found: Mapping[str, Budget]) -> Budget:
    if name not in found:
        known = ", ".join(sorted(found)[:10]) or "none"
        raise Rejected(f"Google has no budget {name[:100]!r}.", remedy=f"Budgets of the account: {known}.")
    budget = found[name]
    if not (budget.get("amount") or {}).get("specifiedAmount"):
        remedy = "Give it an amount, or leave it out."
        raise Rejected(f"The budget {name[:100]!r} has no amount of its own.", remedy=remedy)
    if "customPeriod" in _filter(budget) or _filter(budget).get("calendarPeriod", "") not in PERIODS:
        remedy = "Leave it out, or make one by month or by quarter."
        raise Rejected(f"The budget {name[:100]!r} is neither monthly nor quarterly.", remedy=remedy)
    return budget


def fact(budget: Budget, scope: str, day: date) -> Told:
    """A budget for the period of a day."""
    period = _period(day, _unit(budget))
    values = {
        "external_id": f"budget/{budget['displayName']}/{period}",
        "scope": scope,
        "period": period,
        "amount": _amount(budget),
        "currency": budget["amount"]["specifiedAmount"]["currencyCode"],
    }
    return Told("budgets", values)


def line(budget: Budget, scope: str) -> str:
    currency = budget["amount"]["specifiedAmount"]["currencyCode"]
    return f"The budget {budget['displayName']} is {_amount(budget)} {currency} a {_unit(budget)} for {scope}."


def _amount(budget: Budget) -> str:
    money = budget["amount"]["specifiedAmount"]
    return format((Decimal(money.get("units", 0)) + int(money.get("nanos", 0)) * NANO).normalize(), "f")


def _filter(budget: Budget) -> Mapping[str, Any]:
    return budget.get("budgetFilter") or {}


def _unit(budget: Budget) -> str:
    return PERIODS[_filter(budget).get("calendarPeriod", "")]


def _period(day: date, unit: str) -> str:
    return f"{day:%Y-%m}" if unit == "month" else f"{day.year}-Q{(day.month + 2) // 3}"
