"""Sums of the billing export as costs."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

CATEGORIES = {"regular": "Usage", "tax": "Tax", "credit": "Credit"}
"""What FOCUS calls Google's types of cost; adjustments and rounding errors are adjustments."""


def fact(row: Mapping[str, Any], month: str, listed: str | None) -> dict[str, Any]:
    """A row of a month as the fields of a cost."""
    day = date.fromisoformat(row["day"])
    year, number = map(int, month.split("-"))
    following = date(year + number // 12, number % 12 + 1, 1)
    values = {
        "provider": "Google Cloud",
        "billing_period_start": f"{month}-01T00:00:00Z",
        "billing_period_end": f"{following}T00:00:00Z",
        "charge_period_start": f"{day}T00:00:00Z",
        "charge_period_end": f"{day + timedelta(days=1)}T00:00:00Z",
        "charge_category": CATEGORIES.get(row["cost_type"], "Adjustment"),
        "billing_currency": row["currency"],
        "billed_cost": row["cost"],
        "list_cost": listed,
        "service_name": row["service"],
        "sub_account": row["project"],
        "model": row["model"],
        "tags": {name: row[name] for name in ("model", "team", "purpose") if row[name]},
    }
    if not row["purpose"] and row["known_purpose"]:
        values["purpose"] = row["known_purpose"]
    return {name: value for name, value in values.items() if value not in (None, "")}
