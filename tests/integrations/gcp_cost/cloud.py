"""Google Cloud on loopback: tokens, BigQuery's REST API over a billing export, accounts, prices and budgets."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from integrations.gcp_cost.sql import COLUMNS
from ops_console.contracts.sources import Setup
from ops_console.core.settings import networks

LOOPBACK = networks("127.0.0.0/8, ::1/128")
PACIFIC = ZoneInfo("America/Los_Angeles")
TABLE = "gcp_billing_export_v1_012345_6789AB_CDEF01"
NAME = f"acme-billing.costs.{TABLE}"
NUMBER = "012345-6789AB-CDEF01"
BEGAN = datetime(2026, 8, 1, tzinfo=UTC)
TOKEN = "ya29.s3cret"
FIELDS = (
    "billing_account_id", "service", "sku", "usage_start_time", "usage_end_time", "project", "labels", "export_time",
    "cost", "currency", "usage", "credits", "invoice", "cost_type",
)  # fmt: skip
Json = dict[str, Any]
Row = Sequence[str | None]


@dataclass
class Line:
    """A row of the export."""

    used: datetime
    cost: Decimal
    exported: datetime
    month: str
    service: str = "Vertex AI"
    sku: str = "Vertex AI: Online/Batch Prediction N1 Core"
    sku_id: str = "AAAA-0001"
    project: str = "Acme Models"
    kind: str = "regular"
    currency: str = "EUR"
    labels: dict[str, str] = field(default_factory=dict)
    project_labels: dict[str, str] = field(default_factory=dict)
    credits: tuple[Decimal, ...] = ()
    listed: Decimal | None = None
    units: Decimal = Decimal(2)


@dataclass
class Cloud:
    """`page` rows stand on a page; pages whose number is in `hollow` are empty. The first `slow` answers of each query
    say that it is not done. `troubles` answer before the content, in turn. `asked` keeps method and path, `queries`
    each query that was made.
    """

    server: HTTPServer
    key: str
    lines: list[Line] = field(default_factory=list)
    fields: tuple[str, ...] = FIELDS
    page: int = 5000
    hollow: set[int] = field(default_factory=set)
    slow: int = 0
    budgets: list[Json] = field(default_factory=list)
    prices: dict[str, list[Json]] = field(default_factory=dict)
    troubles: list[Response | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    queries: list[Json] = field(default_factory=list)
    tokens: int = 0
    _jobs: dict[str, tuple[list[str], list[Row]]] = field(default_factory=dict)
    _waits: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        expect = self.server.expect_request
        expect("/token", method="POST").respond_with_handler(self._token)
        bigquery = "/bigquery/v2/projects/acme-billing"
        handlers = {
            f"{bigquery}/datasets/costs/tables/{TABLE}": self._table,
            f"{bigquery}/queries": self._query,
            f"/v1/billingAccounts/{NUMBER}": self._account,
            f"/v1/billingAccounts/{NUMBER}/projects": self._projects,
            f"/v1/billingAccounts/{NUMBER}/budgets": self._budgets,
            "/v1/services": self._services,
            "/v1/services/VERTEX/skus": self._skus,
        }
        for path, handler in handlers.items():
            expect(path).respond_with_handler(lambda request, handler=handler: self._guarded(request, handler))
        self._paths = f"{bigquery}/queries/"
        for number in range(200):
            expect(f"{self._paths}job-{number}").respond_with_handler(
                lambda request: self._guarded(request, self._results)
            )

    def settings(self, **changes: Any) -> Json:
        return {"table": NAME, "endpoint_url": self.server.url_for("").rstrip("/")} | changes

    def setup(self, **changes: Any) -> Setup:
        return Setup("gcp_cost", self.settings(**changes), {"service_account": self.key}, LOOPBACK)

    def spend(self, used: str, cost: str, exported: str = "2026-11-01T00:00:00+00:00", **said: Any) -> None:
        at = datetime.fromisoformat(used)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        month = said.pop("month", f"{at.astimezone(PACIFIC):%Y%m}")
        self.lines.append(Line(at, Decimal(cost), datetime.fromisoformat(exported), month, **said))

    # What is asked

    def _token(self, request: Request) -> Response:
        assert request.form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        assert request.form["assertion"].count(".") == 2
        self.tokens += 1
        return as_json({"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"})

    def _guarded(self, request: Request, handler: Any) -> Response:
        if self.troubles and (trouble := self.troubles.pop(0)):
            return trouble
        assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        self.asked.append(f"{request.method} {request.path}")
        answer: Response = handler(request)
        return answer

    def _table(self, request: Request) -> Response:
        return as_json({"schema": {"fields": [{"name": name, "type": "STRING"} for name in self.fields]}})

    def _query(self, request: Request) -> Response:
        said = json.loads(request.data)
        assert said["useLegacySql"] is False and int(said["maximumBytesBilled"]) > 0
        assert NAME in said["query"] and "_PARTITIONTIME" in said["query"]
        if said.get("dryRun"):
            return as_json({"totalBytesProcessed": "1500000000", "jobComplete": True})
        self.queries.append(said)
        given = {each["name"]: each["parameterValue"]["value"] for each in said["queryParameters"]}
        job = f"job-{len(self._jobs)}"
        self._jobs[job] = self._month(given) if "month" in given else self._grown(given)
        self._waits[job] = self.slow
        return self._answer(job, 0)

    def _results(self, request: Request) -> Response:
        assert request.args["location"] == "EU"
        return self._answer(request.path.rpartition("/")[2], int(request.args.get("pageToken", "0")))

    def _answer(self, job: str, number: int) -> Response:
        reference = {"jobReference": {"projectId": "acme-billing", "jobId": job, "location": "EU"}}
        if self._waits[job]:
            self._waits[job] -= 1
            return as_json({**reference, "jobComplete": False})
        names, found = self._jobs[job]
        first = (number - sum(hole < number for hole in self.hollow)) * self.page
        mine = [] if number in self.hollow else found[first : first + self.page]
        is_last = number not in self.hollow and first + self.page >= len(found)
        said = {
            **reference,
            "jobComplete": True,
            "schema": {"fields": [{"name": name, "type": "STRING"} for name in names]},
            "rows": [{"f": [{"v": value} for value in row]} for row in mine],
        }
        return as_json(said if is_last else said | {"pageToken": str(number + 1)})

    def _grown(self, given: Json) -> tuple[list[str], list[Row]]:
        exported: dict[str, list[datetime]] = defaultdict(list)
        for line in self.lines:
            if line.exported >= datetime.fromisoformat(given["since"]):
                exported[line.month].append(line.exported)
        rows = [
            (
                month,
                str(round(max(times).timestamp() * 1_000_000)),
                str(sum(at >= max(times) - timedelta(days=2) for at in times)),
            )
            for month, times in sorted(exported.items(), reverse=True)
        ]
        return ["month", "newest", "beside"], rows

    def _month(self, given: Json) -> tuple[list[str], list[Row]]:
        """The sums that the query asks for."""
        sums: dict[tuple[str | None, ...], list[Decimal | None]] = defaultdict(lambda: [Decimal(0), None, None])
        for line in self.lines:
            if line.month == given["month"] and line.exported >= datetime.fromisoformat(given["partition"]):
                self._add(sums, line, given)
        rows = [(*key, *(None if each is None else f"{each}" for each in total)) for key, total in sums.items()]
        return [*COLUMNS, "cost", "listed", "units"], sorted(rows, key=str)

    def _add(self, sums: Any, line: Line, given: Json) -> None:
        rest = self._key(line, given)
        total = sums[line.kind, *rest]
        total[0] += line.cost
        total[2] = (total[2] or 0) + line.units
        if line.listed is not None and "cost_at_list" in self.fields:
            total[1] = (total[1] or 0) + line.listed
        for credit in line.credits:
            sums["credit", *rest][0] += credit

    def _key(self, line: Line, given: Json) -> tuple[str | None, ...]:
        labels = [
            line.labels.get(given[f"{name}_label"], line.project_labels.get(given[f"{name}_label"]))
            for name in ("model", "team", "purpose")
        ]
        day = str(line.used.astimezone(PACIFIC).date())
        known = "inference" if line.service == "Vertex AI" and "predict" in line.sku.lower() else None
        asks_sku = "sku.id AS sku" in self.queries[-1]["query"]
        return (day, line.currency, line.service, line.sku_id if asks_sku else None, line.project, known, *labels)

    def _account(self, request: Request) -> Response:
        name = f"billingAccounts/{NUMBER}"
        return as_json({"name": name, "open": True, "displayName": "Acme", "currencyCode": "EUR"})

    def _projects(self, request: Request) -> Response:
        mine = [{"projectId": f"p{number}", "billingEnabled": number != 1} for number in range(3)]
        number = int(request.args.get("pageToken", "0"))
        said = {"projectBillingInfo": mine[number : number + 1] if number < 3 else []}
        return as_json(said if number == 3 else said | {"nextPageToken": str(number + 1)})

    def _budgets(self, request: Request) -> Response:
        """One on a page, and an empty page between any two."""
        number = int(request.args.get("pageToken", "0"))
        place, is_hollow = number // 2, number % 2 == 1
        said = {} if is_hollow else {"budgets": self.budgets[place : place + 1]}
        is_last = not is_hollow and place + 1 >= len(self.budgets)
        return as_json(said if is_last else said | {"nextPageToken": str(number + 1)})

    def _services(self, request: Request) -> Response:
        return as_json({"services": [{"name": "services/VERTEX", "serviceId": "VERTEX", "displayName": "Vertex AI"}]})

    def _skus(self, request: Request) -> Response:
        assert request.args["currencyCode"] == "EUR"
        found = [
            {"skuId": sku, "pricingInfo": [{"pricingExpression": {"usageUnit": "h", "tieredRates": tiers}}]}
            for sku, tiers in self.prices.items()
        ]
        return as_json({"skus": found})


def rate(units: str, nanos: int, begins: int = 0) -> Json:
    return {"startUsageAmount": begins, "unitPrice": {"currencyCode": "EUR", "units": units, "nanos": nanos}}


def budget(name: str, units: str = "5000", period: str = "MONTH", **said: Any) -> Json:
    return {
        "name": f"billingAccounts/{NUMBER}/budgets/{name}",
        "displayName": name,
        "budgetFilter": {"calendarPeriod": period},
        "amount": {"specifiedAmount": {"currencyCode": "EUR", "units": units}},
        **said,
    }


def as_json(said: Json, status: int = 200) -> Response:
    return Response(json.dumps(said), status, content_type="application/json")


def refused(status: int, reason: str = "invalid", **headers: str) -> Response:
    error = {"code": status, "message": "Because.", "errors": [{"reason": reason}]}
    return Response(json.dumps({"error": error}), status, headers=headers, content_type="application/json")


def days(count: int, begin: datetime = datetime(2026, 10, 1, 18, tzinfo=UTC)) -> Iterator[str]:
    return ((begin + timedelta(days=number)).isoformat() for number in range(count))
