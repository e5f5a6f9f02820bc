"""A Prometheus on loopback: rules, queries over ranges with the limit of points, retention, warnings, users."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from integrations.prometheus.expression import questions
from ops_console.contracts.sources import Setup
from ops_console.core.settings import networks

TOKEN = "prom-s3cret"
BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
HOUR, MOST_POINTS = 3600, 11_000
LOOPBACK = networks("127.0.0.0/8, ::1/128")
Json = dict[str, Any]


def ratio(name: str, ranged: str = "5m") -> str:
    """The error ratio of a service, as Prometheus spells an expression of sloth."""
    bad = f'sum(rate(requests_total{{code=~"5..",service="{name}"}}[{ranged}]))'
    return f'({bad}) / (sum(rate(requests_total{{service="{name}"}}[{ranged}])))'


def recorded(name: str, query: str, **labels: str) -> Json:
    return {"name": name, "query": query, "labels": labels, "health": "ok", "type": "recording"}


def of_sloth(name: str, objective: str = "0.999", **labels: str) -> list[Json]:
    said = {"sloth_id": f"{name}-requests", "sloth_service": name, "sloth_slo": "requests"} | labels
    averaged = f'sum_over_time(slo:sli_error:ratio_rate5m{{sloth_id="{name}-requests"}}[30d]) / 8640'
    return [
        recorded("slo:sli_error:ratio_rate1h", ratio(name, "1h"), sloth_window="1h", **said),
        recorded("slo:sli_error:ratio_rate5m", ratio(name), sloth_window="5m", **said),
        recorded("slo:sli_error:ratio_rate30d", averaged, sloth_window="30d", **said),
        recorded("slo:objective:ratio", f"vector({objective})", **said),
        recorded("slo:time_period:days", "vector(30)", **said),
    ]


@dataclass
class Watchtower:
    """`told` answers queries: a value for the second asked for, or none. It remembers so many `days`, and says so in
    its own words (`retention`). `troubles` answer before the content, in turn; `asked` keeps paths with what was asked.
    """

    server: HTTPServer
    rules: list[list[Json]] = field(default_factory=list)
    told: dict[str, Callable[[int], float | str | None]] = field(default_factory=dict)
    copies: list[str] = field(default_factory=list)
    retention: str | None = "90d"
    days: int = 90
    widest: int = MOST_POINTS
    warnings: list[str] = field(default_factory=list)
    troubles: list[Response | None] = field(default_factory=list)
    asked: list[tuple[str, Json]] = field(default_factory=list)
    headers: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    def settings(self, **changes: Any) -> Json:
        return {"api_url": self.url, "slos": []} | changes

    def setup(self, secrets: Json | None = None, **changes: Any) -> Setup:
        found = {"token": TOKEN} if secrets is None else secrets
        return Setup("prometheus", self.settings(**changes), found, LOOPBACK)

    def serve(
        self, name: str, hours: Callable[[datetime], tuple[float | str | None, ...] | None], **labels: str
    ) -> None:
        """A service with an objective of sloth; `hours` says bad, all and seen of the hour that begins at a time."""
        self.rules.append(of_sloth(name, **labels))
        self.record(ratio(name), hours)

    def record(self, expression: str, hours: Callable[[datetime], tuple[float | str | None, ...] | None]) -> None:
        for place, query in enumerate(questions(expression, "5m")):
            self.told[query] = lambda at, place=place: (  # type: ignore[misc]
                (hours(datetime.fromtimestamp(at - HOUR, UTC)) or (None,) * 3)[place]
            )

    def spans(self) -> list[tuple[datetime, datetime]]:
        """From when to when hours were asked for."""
        asked = [said for path, said in self.asked if path == "query_range"]
        return [tuple(datetime.fromtimestamp(int(said[end]), UTC) for end in ("start", "end")) for said in asked]  # type: ignore[misc]

    def answer(self, request: Request) -> Response:
        path, said = request.path.removeprefix("/api/v1/"), request.args.to_dict()
        self.asked.append((path, said))
        self.headers = dict(request.headers)
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            return trouble
        basic = f"Basic {base64.b64encode(f'ana:{TOKEN}'.encode()).decode()}"
        if request.headers.get("Authorization") not in (f"Bearer {TOKEN}", basic):
            return Response("Unauthorized", 401)
        if path == "rules":
            return self._said(
                {"groups": [{"name": str(place), "rules": each} for place, each in enumerate(self.rules)]}
            )
        if path == "status/runtimeinfo" and self.retention is not None:
            return self._said({"storageRetention": self.retention})
        if path == "query":
            return self._said({"resultType": "vector", "result": self._now(said["query"])})
        if path == "query_range":
            return self._range(said["query"], int(said["start"]), int(said["end"]), int(said["step"]))
        return Response("404 page not found", 404)

    def _said(self, data: Any) -> Response:
        said = {"status": "success", "data": data} | ({"warnings": self.warnings} if self.warnings else {})
        return Response(json.dumps(said), content_type="application/json")

    def _now(self, query: str) -> list[Json]:
        if not query.startswith("count by"):
            return []
        return [{"metric": {"prometheus_replica": each}, "value": [0, "3"]} for each in self.copies]

    def _range(self, query: str, start: int, end: int, step: int) -> Response:
        points = (end - start) // step + 1
        if points > self.widest:
            error = "exceeded maximum resolution of 11,000 points per timeseries"
            return Response(json.dumps({"status": "error", "errorType": "bad_data", "error": error}), 400)
        if query not in self.told:
            return self._said({"resultType": "matrix", "result": []})
        oldest = datetime.now(UTC) - timedelta(days=self.days)
        found = [
            [at, str(value)]
            for at in range(start, end + 1, step)
            if at > oldest.timestamp() and at <= datetime.now(UTC).timestamp()
            if (value := self.told[query](at)) is not None
        ]
        return self._said({"resultType": "matrix", "result": [{"metric": {}, "values": found}] if found else []})
