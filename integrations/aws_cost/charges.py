"""Answers of Cost Explorer as costs."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from integrations.aws_cost import usage
from integrations.aws_cost.months import following, month_of, stamp

BILLED, INCURRED = "UnblendedCost", "AmortizedCost"
"""What is billed, and what was incurred with commitments spread over their time. Blended cost averages reservations
over accounts and is nobody's.
"""
Said = Mapping[str, Any]
BESIDES = {"Credit": "Credit", "Tax": "Tax"}
"""Record types that are no usage, and what FOCUS calls them."""


def facts(said: Said, tag: str) -> Iterator[Said]:
    """One answer as the fields of costs. What came to nothing is nothing."""
    grouped = [each.get("Key", "") for each in said.get("GroupDefinitions", ())]
    for result in said["ResultsByTime"]:
        for group in result.get("Groups", ()):
            billed, effective = (group["Metrics"][name] for name in (BILLED, INCURRED))
            if Decimal(billed["Amount"]) or Decimal(effective["Amount"]):
                service, second = group["Keys"]
                kind = grouped[1] if len(grouped) > 1 else ""
                yield _charge(result["TimePeriod"], service, billed, effective) | _second(kind, second, tag)


def _charge(span: Said, service: str, billed: Said, effective: Said) -> dict[str, Any]:
    day = date.fromisoformat(span["Start"][:10])
    month = month_of(day)
    return {
        "provider": "AWS",
        "billing_period_start": stamp(month),
        "billing_period_end": stamp(following(month)),
        "charge_period_start": stamp(day),
        "charge_period_end": stamp(date.fromisoformat(span["End"][:10])),
        "charge_category": "Usage",
        "billing_currency": billed["Unit"],
        "billed_cost": billed["Amount"],
        "effective_cost": effective["Amount"],
        "service_name": service,
    }


def _second(kind: str, key: str, tag: str) -> dict[str, Any]:
    """What the other thing the costs are grouped by says: a model, a purpose, or that it is no usage."""
    if kind == "RECORD_TYPE":
        return {"charge_category": BESIDES.get(key, key)}
    if kind == "USAGE_TYPE":
        purpose = usage.purpose(key)
        return {"purpose": purpose} if purpose else {}
    name = key.partition("$")[2].strip()
    return {"model": name, "tags": {tag or kind: name}} if name else {}
