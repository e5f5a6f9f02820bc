"""Cost Explorer: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html

Each request costs money, a page of an answer as much as a question, so there is a purse for a sync. A month is asked
for in two questions that share no charge and leave none out: what was used, and credits and taxes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from integrations.aws_cost.api import Aws
from integrations.aws_cost.charges import BESIDES, BILLED, INCURRED, facts
from integrations.aws_cost.months import back, following, month_of, named
from integrations.aws_cost.refusals import refusals
from ops_console.contracts.integration import Rejected
from ops_console.core.clock import iso, now

MOST_REQUESTS = 6
PRICE = Decimal("0.01")
"""US dollars for a request: https://aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing/"""
HISTORY = 12
"""Months before this one that Cost Explorer has unless an account asked for more."""
AGAIN = timedelta(hours=20)
"""AWS counts about once a day."""
REVISED, GIVEN_UP = timedelta(days=15), timedelta(days=45)
"""A month may change for two weeks after its end; one that is called an estimate for longer is let be."""
METRICS = [BILLED, INCURRED]
RECORD_TYPE = {"Dimensions": {"Key": "RECORD_TYPE", "Values": list(BESIDES)}}
LESS = "Leave out the tag that names the model, or make a FOCUS export, which costs nothing to read."

Said = Mapping[str, Any]


class Spent(Exception):
    """The purse of this sync is empty."""


class Purse:
    """How often Cost Explorer may still be asked."""

    def __init__(self, requests: int = MOST_REQUESTS) -> None:
        self.left = self._full = requests

    @property
    def is_full(self) -> bool:
        return self.left == self._full

    def pay(self) -> None:
        if not self.left:
            raise Spent
        self.left -= 1


@dataclass(frozen=True, slots=True)
class Month:
    """What one month cost so far."""

    month: date
    rows: Sequence[Said]
    is_estimated: bool

    @property
    def is_final(self) -> bool:
        waited = now().date() - following(self.month)
        return waited > (GIVEN_UP if self.is_estimated else REVISED)

    @property
    def notes(self) -> tuple[str, ...]:
        return (f"AWS calls its amounts of {named(self.month)} an estimate.",) if self.is_estimated else ()


def is_due(asked: Said | None) -> bool:
    """Whether a month is to be asked for, again or at all."""
    if asked is None:
        return True
    return not asked["final"] and datetime.fromisoformat(asked["at"]) + AGAIN <= now()


def receipt(read: Month) -> dict[str, Any]:
    return {"at": iso(now()), "final": read.is_final}


def earliest() -> date:
    return back(month_of(now().date()), HISTORY)


def read(aws: Aws, purse: Purse, month: date, tag: str) -> Month:
    """A whole month. `Spent` where the purse does not reach; `Rejected` where a full one would not."""
    was_full = purse.is_full
    try:
        return _read(aws, purse, month, tag)
    except Spent:
        if was_full:
            more = f"{named(month)} takes more than {MOST_REQUESTS} requests of Cost Explorer."
            raise Rejected(more, remedy=LESS) from None
        raise


def _read(aws: Aws, purse: Purse, month: date, tag: str) -> Month:
    end = min(following(month), now().date())
    if end <= month:
        return Month(month, (), is_estimated=True)
    rows: list[Said] = []
    is_estimated = False
    for question in (_used(tag), _besides()):
        for said in _pages(aws, purse, month, end, question):
            rows += facts(said, tag)
            is_estimated = is_estimated or any(each.get("Estimated") for each in said["ResultsByTime"])
    return Month(month, rows, is_estimated)


def _used(tag: str) -> dict[str, Any]:
    second = {"Type": "TAG", "Key": tag} if tag else {"Type": "DIMENSION", "Key": "USAGE_TYPE"}
    return {"GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}, second], "Filter": {"Not": RECORD_TYPE}}


def _besides() -> dict[str, Any]:
    groups = [{"Type": "DIMENSION", "Key": key} for key in ("SERVICE", "RECORD_TYPE")]
    return {"GroupBy": groups, "Filter": RECORD_TYPE}


def _pages(aws: Aws, purse: Purse, begin: date, end: date, question: Said) -> Iterator[Said]:
    span = {"Start": begin.isoformat(), "End": end.isoformat()}
    asked = {"TimePeriod": span, "Granularity": "DAILY", "Metrics": METRICS, **question}
    while True:
        purse.pay()
        with refusals("costs in Cost Explorer"):
            said: Said = aws.service("ce").get_cost_and_usage(**asked)
        yield said
        if not said.get("NextPageToken"):
            return
        asked["NextPageToken"] = said["NextPageToken"]


def totals(aws: Aws, begin: date, end: date) -> Said:
    """Cost by month, by one request."""
    span = {"Start": begin.isoformat(), "End": end.isoformat()}
    with refusals("costs in Cost Explorer"):
        said: Said = aws.service("ce").get_cost_and_usage(TimePeriod=span, Granularity="MONTHLY", Metrics=METRICS)
    return said
