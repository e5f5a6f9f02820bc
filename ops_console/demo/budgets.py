"""What was planned to be spent: the whole, training and inference, and each team."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ops_console.core.periods import Period
from ops_console.demo import calibration as measured
from ops_console.demo import company
from ops_console.demo.company import CAST
from ops_console.demo.costs import PURPOSES, expected, expected_storage
from ops_console.demo.story import Batch, Story

Row = dict[str, Any]
HEADROOM = 1.08
"""Budgets are planned so much above what is expected (assumed)."""


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("budgets", company.FINANCE, _budgets(story))


def _budgets(story: Story) -> Iterator[Row]:
    """The whole, training and inference, and each team, month by month up to the running one."""
    for month in story.months():
        parts = {
            (member, purpose): sum(expected(story, member, purpose, day) for day in _days(month))
            for member in CAST
            for purpose in PURPOSES
        }
        storage = sum(expected_storage(story, cloud, day) for cloud in company.BILLS for day in _days(month))
        whole = sum(parts.values())
        yield _budget("workspace", month, whole * (1 + measured.UNTAGGED_SHARE) + storage)
        for purpose in PURPOSES:
            yield _budget(f"purpose:{purpose}", month, sum(v for (_, p), v in parts.items() if p is purpose))
        for team in dict.fromkeys(member.team for member in CAST):
            yield _budget(f"team:{team}", month, sum(v for (m, _), v in parts.items() if m.team == team))


def _days(month: Period) -> Iterator[date]:
    day = month.first_day
    while day <= month.last_day:
        yield day
        day += timedelta(days=1)


def _budget(scope: str, month: Period, expected: float) -> Row:
    amount = round(expected * HEADROOM / 100) * 100
    return {
        "external_id": f"{scope}/{month.label}",
        "updated_at": month.start,
        "scope": scope,
        "period": month.label,
        "amount": amount,
        "currency": company.CURRENCY,
    }
