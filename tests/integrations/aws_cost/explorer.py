"""Cost Explorer on loopback: JSON 1.1, with the filters, groups and pages that moto's lets pass unread."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.contracts.sources import Setup
from tests.integrations.aws_cost.cloud import KEYS, LOOPBACK

TARGET = "AWSInsightsIndexService.GetCostAndUsage"
Json = dict[str, Any]


@dataclass
class Spent:
    """What was spent on a day, as Cost Explorer tells it apart."""

    day: date
    unblended: Decimal
    service: str = "Amazon SageMaker"
    usage_type: str = "USE1-Host:ml.m5.large"
    record_type: str = "Usage"
    tag: str = ""
    amortized: Decimal | None = None


@dataclass
class Explorer:
    """`page` groups stand on a page. `troubles` answer before the content, in turn. `asked` keeps each request."""

    server: HTTPServer
    spent: list[Spent] = field(default_factory=list)
    page: int = 1000
    hollow: set[int] = field(default_factory=set)
    final_before: date = date(2026, 10, 1)
    troubles: list[Response | None] = field(default_factory=list)
    asked: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request("/", method="POST").respond_with_handler(self.answer)

    def settings(self, **changes: Any) -> Json:
        return {"explorer": "yes", "endpoint_url": self.server.url_for("").rstrip("/")} | changes

    def setup(self, **changes: Any) -> Setup:
        return Setup("aws_cost", self.settings(**changes), KEYS, LOOPBACK)

    def spend(self, day: str, amount: str, **said: Any) -> None:
        self.spent.append(Spent(date.fromisoformat(day), Decimal(amount), **said))

    def months_asked(self) -> list[str]:
        return [each["TimePeriod"]["Start"][:7] for each in self.asked]

    def answer(self, request: Request) -> Response:
        assert request.headers["X-Amz-Target"] == TARGET
        assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIA0S3CRET/")
        if self.troubles and (trouble := self.troubles.pop(0)):
            return trouble
        asked = json.loads(request.data)
        self.asked.append(asked)
        begin, end = (date.fromisoformat(asked["TimePeriod"][name]) for name in ("Start", "End"))
        assert begin < end, "an empty period is refused by AWS"
        if asked["Granularity"] == "MONTHLY":
            return as_json({"ResultsByTime": [self._total(begin, end)]})
        return as_json(self._paged(asked, begin, end))

    def _total(self, begin: date, end: date) -> Json:
        total = sum((each.unblended for each in self.spent if begin <= each.day < end), Decimal(0))
        cost = {"Amount": str(total), "Unit": "USD"}
        span = {"Start": begin.isoformat(), "End": end.isoformat()}
        return {"TimePeriod": span, "Total": {"UnblendedCost": cost, "AmortizedCost": cost}, "Estimated": True}

    def _paged(self, asked: Json, begin: date, end: date) -> Json:
        groups = self._groups(asked, begin, end)
        number = int(asked.get("NextPageToken", "0"))
        first = (number - sum(hole < number for hole in self.hollow)) * self.page
        mine = [] if number in self.hollow else groups[first : first + self.page]
        is_last = number not in self.hollow and first + self.page >= len(groups)
        found = {"ResultsByTime": self._by_day(mine), "GroupDefinitions": asked["GroupBy"]}
        return found if is_last else found | {"NextPageToken": str(number + 1)}

    def _groups(self, asked: Json, begin: date, end: date) -> list[tuple[date, Json]]:
        sums: dict[tuple[date, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for each in self.spent:
            if begin <= each.day < end and _holds(asked["Filter"], each):
                first, second = (_key(group, each) for group in asked["GroupBy"])
                held = sums[each.day, first, second]
                held[0] += each.unblended
                held[1] += each.unblended if each.amortized is None else each.amortized
        return [(day, _group(keys, amounts)) for (day, *keys), amounts in sorted(sums.items())]

    def _by_day(self, groups: list[tuple[date, Json]]) -> list[Json]:
        days: dict[date, list[Json]] = defaultdict(list)
        for day, group in groups:
            days[day].append(group)
        return [
            {
                "TimePeriod": {"Start": day.isoformat(), "End": (day + timedelta(days=1)).isoformat()},
                "Total": {},
                "Groups": found,
                "Estimated": day >= self.final_before,
            }
            for day, found in days.items()
        ]


def _holds(condition: Json, each: Spent) -> bool:
    if "Not" in condition:
        return not _holds(condition["Not"], each)
    assert condition["Dimensions"]["Key"] == "RECORD_TYPE"
    return each.record_type in condition["Dimensions"]["Values"]


def _key(group: Json, each: Spent) -> str:
    if group["Type"] == "TAG":
        return f"{group['Key']}${each.tag}"
    names = {"SERVICE": each.service, "USAGE_TYPE": each.usage_type, "RECORD_TYPE": each.record_type}
    return names[group["Key"]]


def _group(keys: list[str], amounts: list[Decimal]) -> Json:
    costs = [{"Amount": str(amount), "Unit": "USD"} for amount in amounts]
    return {"Keys": keys, "Metrics": dict(zip(("UnblendedCost", "AmortizedCost"), costs, strict=True))}


def as_json(said: Json, status: int = 200) -> Response:
    return Response(json.dumps(said), status, content_type="application/x-amz-json-1.1")


def refused(code: str, status: int = 400, **headers: str) -> Response:
    said = json.dumps({"__type": code, "message": "Because."})
    return Response(said, status, headers=headers, content_type="application/x-amz-json-1.1")
