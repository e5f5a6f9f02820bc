"""A PagerDuty on loopback: lists by time and offset, logs of incidents, on-call entries, and webhooks of version 3."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.contracts.sources import Setup
from ops_console.core.settings import networks

TOKEN, SECRET = "pd-t0ken", "hook-s3cret"
BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
LOOPBACK = networks("127.0.0.0/8, ::1/128")
RANKER, SEARCH = "Ranker", "Search"
MILLISECONDS = timedelta(milliseconds=700)
"""Deliveries tell an instant more finely than the log does."""
HALF_YEAR, QUARTER = timedelta(days=184), timedelta(days=90)
Json = dict[str, Any]


def stamp(at: datetime) -> str:
    """As PagerDuty writes instants in its lists: whole seconds and a Z."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def named(kind: str, name: str) -> Json:
    number = hashlib.sha256(f"{kind}{name}".encode()).hexdigest()[:7].upper()
    return {
        "id": f"P{number}",
        "type": f"{kind}_reference",
        "summary": name,
        "html_url": f"https://acme.pagerduty.com/{kind}s/P{number}",
    }


def signed(body: bytes, *secrets: str) -> str:
    return ",".join(f"v1={hmac.new(each.encode(), body, hashlib.sha256).hexdigest()}" for each in secrets)


@dataclass
class Pager:
    """`page` items stand on a page, whatever is asked for; pages whose number is in `hollow` are empty and yet followed
    by others; `most` is the largest offset. `troubles` answer before the content, in turn; `asked` keeps paths.
    """

    server: HTTPServer
    page: int = 100
    hollow: set[int] = field(default_factory=set)
    most: int = 10_000
    incidents: dict[str, Json] = field(default_factory=dict)
    log: list[Json] = field(default_factory=list)
    oncalls: list[Json] = field(default_factory=list)
    troubles: list[Response | None] = field(default_factory=list)
    closed: dict[str, Response] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    def settings(self, **changes: Any) -> Json:
        return {"api_url": self.url, "severities": ["Critical SEV1"]} | changes

    def setup(self, **changes: Any) -> Setup:
        return Setup("pagerduty", self.settings(**changes), {"token": TOKEN}, LOOPBACK)

    # What happens there: what PagerDuty tells by webhook is answered.

    def trigger(self, at: datetime, service: str = RANKER, **said: Any) -> Json:
        number = len(self.incidents) + 1
        made = {
            "id": f"Q{number}",
            "type": "incident",
            "summary": f"[#{number}] Answers are late",
            "html_url": f"https://acme.pagerduty.com/incidents/Q{number}",
            "incident_number": number,
            "title": "Answers are late",
            "incident_key": f"key-{number}",
            "created_at": stamp(at),
            "updated_at": stamp(at),
            "last_status_change_at": stamp(at),
            "resolved_at": None,
            "status": "triggered",
            "urgency": "high",
            "service": named("service", service),
            "acknowledgements": [],
            "priority": None,
            "resolve_reason": None,
        } | said
        self.incidents[made["id"]] = made
        self._logged(made, "trigger", at, named("service", service))
        return self._sent("triggered", made, at, None)

    def notify(self, number: str, person: str, at: datetime, by: str = "push") -> None:
        """PagerDuty tells nobody by webhook whom it notified."""
        channel = {"type": "auto", "notification": {"type": by, "status": "success"}}
        self._logged(self.incidents[number], "notify", at, None, channel=channel, user=named("user", person))

    def acknowledge(self, number: str, at: datetime, person: str = "Ana") -> Json:
        given = {"at": stamp(at), "acknowledger": named("user", person)}
        acknowledgements = [*self.incidents[number]["acknowledgements"], given]
        return self._changed(
            number, "acknowledge", at, person, status="acknowledged", acknowledgements=acknowledgements
        )

    def unacknowledge(self, number: str, at: datetime) -> Json:
        return self._changed(number, "unacknowledge", at, "", status="triggered", acknowledgements=[])

    def resolve(self, number: str, at: datetime, person: str = "Ana", **said: Any) -> Json:
        """As PagerDuty does: who acknowledged it is forgotten, but for the log."""
        gone = {"status": "resolved", "resolved_at": stamp(at), "acknowledgements": []}
        return self._changed(number, "resolve", at, person, **gone, **said)

    def reopen(self, number: str, at: datetime) -> Json:
        """Its log has no kind of its own for that."""
        again = {"status": "triggered", "resolved_at": None, "reopened_at": stamp(at)}
        return self._changed(number, "annotate", at, "Ana", event="reopened", **again)

    def prioritise(self, number: str, name: str, at: datetime) -> Json:
        priority = named("priority", name)
        return self._changed(number, "field_value_change", at, "Ana", event="priority_updated", priority=priority)

    def on_call(self, person: str, began: datetime | None, ended: datetime | None, **said: Any) -> None:
        entry = {
            "user": named("user", person),
            "schedule": named("schedule", "Models"),
            "escalation_policy": named("escalation_policy", "Models"),
            "escalation_level": 1,
            "start": began and stamp(began),
            "end": ended and stamp(ended),
        }
        self.oncalls.append(entry | said)

    def _changed(self, number: str, kind: str, at: datetime, person: str, event: str = "", **said: Any) -> Json:
        made = self.incidents[number]
        made |= {"updated_at": stamp(at), **said}
        if "status" in said:
            made["last_status_change_at"] = stamp(at)
        agent = named("user", person) if person else made["service"]
        self._logged(made, kind, at, agent)
        return self._sent(event or f"{kind}d", made, at, agent)

    def _logged(self, made: Json, kind: str, at: datetime, agent: Json | None, **said: Any) -> None:
        entry = {
            "id": f"R{len(self.log):06}",
            "type": f"{kind}_log_entry",
            "created_at": stamp(at),
            "agent": agent,
            "channel": {"type": "auto"},
            "service": made["service"],
            "incident": {"id": made["id"], "type": "incident_reference", "summary": made["summary"]},
        }
        self.log.append(entry | said)

    def _sent(self, event: str, made: Json, at: datetime, agent: Json | None) -> Json:
        kept = ("id", "type", "html_url", "status", "incident_key", "created_at", "title", "service", "priority")
        data = {name: made[name] for name in (*kept, "urgency", "resolve_reason")}
        data |= {"number": made["incident_number"], "assignees": [], "teams": []}
        if "reopened_at" in made:
            data["reopened_at"] = made["reopened_at"]
        return self.webhook(f"incident.{event}", data, at, agent)

    def webhook(self, event: str, data: Json, at: datetime, agent: Json | None = None) -> Json:
        said = {
            "event_type": event,
            "resource_type": event.partition(".")[0],
            "occurred_at": f"{(at + MILLISECONDS).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z",
            "agent": agent,
            "client": None,
            "data": data,
        }
        said["id"] = hashlib.sha256(json.dumps(said).encode()).hexdigest()[:26].upper()
        body = json.dumps({"event": said}).encode()
        return {"event": event, "headers": {"x-pagerduty-signature": signed(body, SECRET)}, "body": body}

    # What it answers.

    def answer(self, request: Request) -> Response:
        self.asked.append(request.full_path.rstrip("?"))
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            return trouble
        if request.headers.get("Authorization") != f"Token token={TOKEN}":
            return refused(401, "Invalid credentials provided")
        if request.headers.get("Accept") != "application/vnd.pagerduty+json;version=2":
            return refused(406, "Not acceptable")
        if request.path in self.closed:
            return self.closed[request.path]
        return self._listed(request) or self._one(request.path)

    def _one(self, path: str) -> Response:
        found = self.incidents.get(path.removeprefix("/incidents/"))
        return as_json({"incident": found}) if found else refused(404, "Not Found")

    def _listed(self, request: Request) -> Response | None:
        said = request.args
        assert said.get("time_zone") == "UTC"
        if request.path == "/incidents":
            return self._incidents(request)
        if request.path == "/log_entries":
            return self._page(request, "log_entries", self._within(request, reversed(self.log), HALF_YEAR))
        if found := re.fullmatch(r"/incidents/(\w+)/log_entries", request.path):
            assert said.get("is_overview") == "false"
            mine = [each for each in reversed(self.log) if each["incident"]["id"] == found[1]]
            return self._page(request, "log_entries", self._within(request, mine, HALF_YEAR))
        if request.path == "/oncalls":
            return self._page(request, "oncalls", self._on_call(request))
        return None

    def _incidents(self, request: Request) -> Response:
        order = request.args.get("sort_by", "created_at:asc")
        found = sorted(self.incidents.values(), key=lambda each: each["created_at"], reverse=order.endswith("desc"))
        if statuses := request.args.getlist("statuses[]"):
            found = [each for each in found if each["status"] in statuses]
        if request.args.get("date_range") != "all":
            found = self._within(request, found, HALF_YEAR)
        return self._page(request, "incidents", found)

    def _within(self, request: Request, items: Iterable[Json], width: timedelta) -> list[Json]:
        since, until = self._window(request, width)
        return [each for each in items if since <= datetime.fromisoformat(each["created_at"]) < until]

    def _window(self, request: Request, width: timedelta) -> tuple[datetime, datetime]:
        """Without an offset the times would be those of the account."""
        since, until = (datetime.fromisoformat(request.args.get(name, stamp(BEGAN))) for name in ("since", "until"))
        assert since.tzinfo and until.tzinfo
        assert until - since <= width
        return since, until

    def _on_call(self, request: Request) -> list[Json]:
        """Entries that overlap the window, whole."""
        since, until = self._window(request, QUARTER)
        first, last = stamp(since), stamp(until)
        return [e for e in self.oncalls if (e["start"] or "") < last and (e["end"] or "9") > first]

    def _page(self, request: Request, key: str, items: list[Json]) -> Response:
        offset, limit = int(request.args.get("offset", 0)), int(request.args.get("limit", 25))
        if offset + limit > self.most or limit > 100:
            return refused(400, "Arguments Caused Error", "Offset+limit exceeds maximum allowed value of 10000.")
        pages = self._pages(items)
        number = offset // 100
        content = pages[number] if number < len(pages) else []
        said = {key: content, "limit": limit, "offset": offset, "more": number + 1 < len(pages), "total": None}
        return as_json(said)

    def _pages(self, items: list[Json]) -> list[list[Json]]:
        pages: list[list[Json]] = []
        for begin in range(0, max(1, len(items)), self.page):
            while len(pages) + 1 in self.hollow:
                pages.append([])
            pages.append(items[begin : begin + self.page])
        return pages


def as_json(said: Any, status: int = 200, **headers: str) -> Response:
    dashed = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(json.dumps(said), status, content_type="application/json", headers=dashed)


def refused(status: int, message: str = "", *errors: str, **headers: str) -> Response:
    return as_json({"error": {"message": message, "code": 2000, "errors": list(errors)}}, status, **headers)
