"""JSM Operations and Opsgenie on loopback: lists with an end to their offsets, timelines, and webhooks."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.contracts.sources import Setup
from ops_console.core.settings import networks

CLOUD, USER, TOKEN, SECRET = "cloud-7", "console@acme.example", "ops-t0ken", "hook-s3cret"
BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
LOOPBACK = networks("127.0.0.0/8, ::1/128")
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
ANA, BEN = "ana@acme.example", "ben@acme.example"
Json = dict[str, Any]


def stamp(at: datetime) -> str:
    """With as many digits after the point as are needed, but for one."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3].rstrip("0").rstrip(".") + "Z"


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


@dataclass
class Desk:
    """`page` items stand on a page, whatever is asked for; pages whose number is in `hollow` are empty and yet followed
    by others; `most` is the largest offset. `troubles` answer before the content, in turn; `asked` keeps paths.
    """

    server: HTTPServer
    is_opsgenie: bool = False
    page: int = 100
    hollow: set[int] = field(default_factory=set)
    most: int = 20_000
    alerts: dict[str, Json] = field(default_factory=dict)
    incidents: dict[str, Json] = field(default_factory=dict)
    timelines: dict[str, list[Json]] = field(default_factory=dict)
    schedules: list[str] = field(default_factory=lambda: ["Models"])
    periods: list[Json] = field(default_factory=list)
    troubles: list[Response | None] = field(default_factory=list)
    closed: dict[str, Response] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    def settings(self, **changes: Any) -> Json:
        cloud = {"cloud_id": "", "user": ""} if self.is_opsgenie else {"cloud_id": CLOUD, "user": USER}
        people = [f"{ANA} Ana", f"{BEN} Ben"]
        return {"api_url": self.url, **cloud, "service_tag": "service", "people": people} | changes

    def setup(self, **changes: Any) -> Setup:
        return Setup("jsm_operations", self.settings(**changes), {"token": TOKEN}, LOOPBACK)

    # What happens there: what is told by webhook is answered.

    def fire(self, at: datetime, **said: Any) -> Json:
        number = f"alert-{len(self.alerts) + 1}"
        self.alerts[number] = {
            "id": number,
            "tinyId": number[-1],
            "alias": f"key of {number}",
            "message": "Answers are late",
            "status": "open",
            "acknowledged": False,
            "tags": ["service:ranker", "gpu"],
            "entity": "",
            "priority": "P1",
            "createdAt": stamp(at),
            "updatedAt": stamp(at),
        } | said
        return self._sent("Create", number, at, "")

    def acknowledge(self, number: str, at: datetime, who: str = ANA) -> Json:
        alert = self.alerts[number]
        alert |= {"acknowledged": True}
        alert.setdefault("ackTime", stamp(at))
        alert.setdefault("acknowledgedBy", who)
        return self._changed("Acknowledge", number, at, who)

    def close(self, number: str, at: datetime, who: str = "") -> Json:
        """A closed alert is acknowledged no more, and still knows when it was."""
        self.alerts[number] |= {"status": "closed", "acknowledged": False, "closeTime": stamp(at)}
        return self._changed("Close", number, at, who)

    def note(self, number: str, at: datetime) -> Json:
        return self._changed("AddNote", number, at, ANA)

    def _changed(self, action: str, number: str, at: datetime, who: str) -> Json:
        self.alerts[number]["updatedAt"] = stamp(at)
        return self._sent(action, number, at, who)

    def _sent(self, action: str, number: str, at: datetime, who: str) -> Json:
        alert = self.alerts[number]
        told = {name: alert[name] for name in ("tinyId", "alias", "message", "tags", "entity", "priority")}
        told |= {
            "alertId": number,
            "createdAt": milliseconds(datetime.fromisoformat(alert["createdAt"])),
            "updatedAt": milliseconds(at) * 1_000_000 + 1603,
            "username": who or "System",
        }
        return self.webhook(action, told)

    def webhook(self, action: str, alert: Json) -> Json:
        body = json.dumps({"action": action, "alert": alert, "source": {"name": "", "type": "web"}}).encode()
        return {"event": action, "headers": {"authorization": f"Bearer {SECRET}"}, "body": body}

    def on_call(self, person: str, began: datetime, ended: datetime, kind: str = "historical", **said: Any) -> None:
        self.periods.append({"who": person, "began": began, "ended": ended, "type": kind, "schedule": "Models"} | said)

    def open_incident(self, at: datetime, **said: Any) -> str:
        number = f"incident-{len(self.incidents) + 1}"
        self.incidents[number] = {
            "id": number,
            "message": "Answers are late",
            "status": "open",
            "priority": "P2",
            "impactedServices": ["service-1"],
            "createdAt": stamp(at),
            "updatedAt": stamp(at),
            "impactStartDate": stamp(at),
            "links": {"web": f"https://acme.app.opsgenie.com/incident/detail/{number}"},
        } | said
        self.timelines[number] = []
        self.happens(number, "IncidentOpened", at)
        return number

    def happens(self, number: str, kind: str, at: datetime, by: str = "user") -> None:
        self.timelines[number].append({"type": kind, "eventTime": stamp(at), "hidden": False, "actor": {"type": by}})

    def resolve(self, number: str, at: datetime) -> None:
        """All its alerts are acknowledged with it."""
        self.incidents[number] |= {"status": "resolved", "updatedAt": stamp(at), "impactEndDate": stamp(at)}
        self.happens(number, "IncidentResolved", at)
        self.happens(number, "ResponderAlertAcked", at + timedelta(milliseconds=200), "api")

    # What it answers.

    def answer(self, request: Request) -> Response:
        self.asked.append(request.full_path.rstrip("?"))
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            return trouble
        basic = f"Basic {base64.b64encode(f'{USER}:{TOKEN}'.encode()).decode()}"
        if request.headers.get("Authorization") != (f"GenieKey {TOKEN}" if self.is_opsgenie else basic):
            return refused(401, "Could not authenticate")
        path = request.path
        if path == f"/ex/jira/{CLOUD}/rest/api/3/user/bulk":
            names = {"acct-cleo": "Cleo"}
            known = [
                {"accountId": each, "displayName": names[each]}
                for each in request.args.getlist("accountId")
                if each in names
            ]
            return self.closed.get("people") or as_json({"values": known})
        if not self.is_opsgenie:
            if not path.startswith(f"/jsm/ops/api/{CLOUD}/"):
                return refused(404, "Not found")
            path = path.removeprefix(f"/jsm/ops/api/{CLOUD}")
        return self.closed.get(path) or self._told(path, request)

    def _told(self, path: str, request: Request) -> Response:
        version = "/v2" if self.is_opsgenie else "/v1"
        if path == f"{version}/alerts":
            return self._page(request, self._found(request, self.alerts), self._alert)
        if path == "/v1/incidents" and self.is_opsgenie:
            return self._page(request, self._found(request, self.incidents), dict)
        if path == f"{version}/schedules":
            return self._page(request, [{"id": f"id of {name}", "name": name} for name in self.schedules], dict)
        if found := re.fullmatch(rf"{version}/schedules/id of (\w+)/timeline", path):
            return self._one({"finalTimeline": {"rotations": self._rotations(found[1], request)}})
        return self._single(path, version)

    def _single(self, path: str, version: str) -> Response:
        kind, _, number = path.rpartition("/")
        if kind == f"{version}/alerts" and number in self.alerts:
            return self._one(self._alert(self.alerts[number]))
        if kind == "/v1/incidents" and number in self.incidents:
            return self._one(self.incidents[number])
        if kind == "/v1/services":
            return self._one({"id": number, "name": "ranker"})
        if found := re.fullmatch("/v2/incident-timelines/(.+)/entries", path):
            return self._one({"entries": self.timelines[found[1]]}) if found[1] in self.timelines else refused(404)
        return refused(404, "Not found")

    def _alert(self, alert: Json) -> Json:
        """Opsgenie tells after how many milliseconds, JSM tells when."""
        if not self.is_opsgenie:
            return alert
        shown = {
            name: value for name, value in alert.items() if not name.startswith(("ack", "close")) or name[-1] == "d"
        }
        began = milliseconds(datetime.fromisoformat(alert["createdAt"]))
        report = {
            name: milliseconds(datetime.fromisoformat(alert[name])) - began
            for name in ("ackTime", "closeTime")
            if name in alert
        }
        return shown | {"report": report | {k: alert[k] for k in ("acknowledgedBy",) if k in alert}}

    def _found(self, request: Request, items: dict[str, Json]) -> list[Json]:
        said, query = request.args, request.args.get("query", "")
        found = list(items.values())
        if window := re.fullmatch(r"createdAt >= (\d+) AND createdAt < (\d+)", query):
            first, last = int(window[1]), int(window[2])
            found = [e for e in found if first <= milliseconds(datetime.fromisoformat(e["createdAt"])) < last]
        elif query:
            assert query == "status: open"
            found = [each for each in found if each["status"] == "open"]
        return sorted(
            found, key=lambda each: datetime.fromisoformat(each[said["sort"]]), reverse=said["order"] == "desc"
        )

    def _rotations(self, schedule: str, request: Request) -> list[Json]:
        """Periods that overlap what is asked for, cut at its beginning."""
        begin = datetime.fromisoformat(request.args["date"])
        end = begin + int(request.args["interval"]) * WEEK
        assert request.args["intervalUnit"] == "weeks"
        word = "recipient" if self.is_opsgenie else "responder"
        rotations: dict[str, list[Json]] = {}
        for each in self.periods:
            if each["schedule"] != schedule or each["began"] >= end or each["ended"] <= begin:
                continue
            who = {"id": each["who"], "type": each.get("of", "user")} if each["who"] else None
            if who and self.is_opsgenie:
                who["name"] = each["who"]
            period = {
                "startDate": stamp(max(each["began"], begin)),
                "endDate": stamp(each["ended"]),
                "type": each["type"],
            }
            rotations.setdefault(each.get("rotation", "1"), []).append(period | ({word: who} if who else {}))
        return [{"name": name, "periods": periods} for name, periods in rotations.items()]

    def _one(self, item: Json) -> Response:
        return as_json({"data": item, "took": 0.1} if self.is_opsgenie else item)

    def _page(self, request: Request, items: list[Json], shown: Callable[[Json], Json]) -> Response:
        offset, size = int(request.args["offset"]), int(request.args["limit" if self.is_opsgenie else "size"])
        if offset + size > self.most or size > 100:
            return refused(422, "offset + limit must not exceed 20000")
        pages = self._pages(items)
        number = offset // 100
        content = [shown(each) for each in pages[number]] if number < len(pages) else []
        following = {"next": f"{self.url}/somewhere?offset={offset + 100}"} if number + 1 < len(pages) else {}
        if self.is_opsgenie:
            return as_json({"data": content, "paging": {"first": "x", **following}})
        return as_json({"values": content, "links": following, "count": len(items)})

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


def refused(status: int, message: str = "", **headers: str) -> Response:
    return as_json({"message": message}, status, **headers)
