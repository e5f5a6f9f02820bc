"""A Jira on loopback: Cloud with tokens, Data Center with offsets, JQL in minutes of a zone, and signed webhooks."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.contracts.sources import Setup
from ops_console.core.settings import networks

USER, TOKEN, SECRET = "console@acme.example", "ATATT-t0ken", "hook-s3cret"
BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
LOOPBACK = networks("127.0.0.0/8, ::1/128")
REQUEST, INCIDENT, STORY = "Service Request", "Incident", "Story"
CATEGORIES = {
    "new": {"id": 2, "key": "new", "name": "To Do"},
    "indeterminate": {"id": 4, "key": "indeterminate", "name": "In Progress"},
    "done": {"id": 3, "key": "done", "name": "Done"},
}
STATUSES = {
    "To Do": ("1", "new"),
    "In Progress": ("3", "indeterminate"),
    "Waiting for customer": ("4", "indeterminate"),
    "Delivered": ("5", "indeterminate"),
    "Done": ("6", "done"),
    "Closed": ("7", "done"),
}
INLINE, INLINE_WORKLOGS = 40, 20
"""So much of a history, and of the work logged, a search tells."""
Json = dict[str, Any]


def stamp(at: datetime) -> str:
    """As Jira writes instants: milliseconds, and an offset without a colon."""
    return f"{at.astimezone(ZoneInfo('Asia/Shanghai')):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "+0800"


def status(name: str) -> Json:
    number, category = STATUSES[name]
    return {"id": number, "name": name, "statusCategory": CATEGORIES[category]}


@dataclass
class Site:
    """`page` issues stand on a page, whatever is asked for; pages whose number is in `hollow` are empty, and others
    follow. `troubles` answer before the content, in turn; `asked` keeps paths. `old` are tokens nobody knows any more.
    """

    server: HTTPServer
    page: int = 100
    hollow: set[int] = field(default_factory=set)
    is_cloud: bool = True
    zone: str = "America/New_York"
    issues: dict[str, Json] = field(default_factory=dict)
    troubles: list[Response | None] = field(default_factory=list)
    closed: dict[str, Response] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    old: set[str] = field(default_factory=set)
    happened: int = 0

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    def settings(self, **changes: Any) -> Json:
        return {
            "api_url": self.url,
            "user": USER if self.is_cloud else "",
            "projects": ["OPS"],
            "requests": [REQUEST],
            "incidents": [INCIDENT],
            "usable": ["Delivered", "Done"],
            "restored": ["Delivered", "Done"],
            "waiting": ["Waiting for customer"],
            "toil": ["toil access requests"],
        } | changes

    def setup(self, **changes: Any) -> Setup:
        return Setup("jira", self.settings(**changes), {"token": TOKEN}, LOOPBACK)

    # What happens there: each answers the webhook that Jira sends of it.

    def submit(self, at: datetime, kind: str = REQUEST, **said: Any) -> Json:
        number = 10_000 + len(self.issues)
        project = said.pop("project", "OPS")
        key = f"{project}-{len(self.issues) + 1}"
        fields = {
            "summary": "A place to train",
            "status": status("To Do"),
            "resolution": None,
            "resolutiondate": None,
            "created": stamp(at),
            "updated": stamp(at),
            "issuetype": {"name": kind},
            "project": {"key": project, "name": f"{project} Board"},
            "priority": {"name": "High"},
            "labels": [],
            "components": [{"name": "ranker"}],
            "issuelinks": [],
            "worklog": {"startAt": 0, "maxResults": INLINE_WORKLOGS, "total": 0, "worklogs": []},
        }
        if self.is_cloud:
            fields["statuscategorychangedate"] = stamp(at)
        own = f"{self.url}/rest/api/2/issue/{number}"
        self.issues[key] = {"id": str(number), "key": key, "self": own, "fields": fields | said, "histories": []}
        return self.webhook("jira:issue_created", key, at)

    def move(self, key: str, to: str, at: datetime, resolution: str | None = None, **said: Any) -> Json:
        """To another status; who closes it gives a resolution, who opens it again takes that away."""
        fields = self.issues[key]["fields"]
        left, now = fields["status"], status(to)
        items = [_item("status", left["id"], now["id"], left["name"], to)]
        given = {"name": resolution} if resolution else None
        if (fields["resolution"] or {}).get("name") != resolution and not said.get("keep_resolution"):
            items.append(_item("resolution", "1" if fields["resolution"] else None, "1" if given else None))
            fields |= {"resolution": given, "resolutiondate": stamp(at) if given else None}
        if left["statusCategory"] != now["statusCategory"] and self.is_cloud:
            fields["statuscategorychangedate"] = stamp(at)
        if said.get("workflow"):
            items.append({"field": "Workflow", "from": "1", "to": "2", "toString": said["workflow"]})
        fields["status"] = now
        return self._changed(key, at, items)

    def edit(self, key: str, at: datetime, **said: Any) -> Json:
        self.issues[key]["fields"] |= said
        return self._changed(key, at, [_item(name, None, None, "", str(value)) for name, value in said.items()])

    def log_work(self, key: str, at: datetime, minutes: int, person: str = "Ana", **author: Any) -> Json:
        logged = self.issues[key]["fields"]["worklog"]
        number = 500 + sum(each["fields"]["worklog"]["total"] for each in self.issues.values())
        logged["worklogs"].append(
            {
                "id": str(number),
                "author": {"displayName": person, "accountId": person.lower(), **author},
                "created": stamp(at),
                "updated": stamp(at),
                "started": stamp(at),
                "timeSpentSeconds": minutes * 60,
            }
        )
        logged["total"] = len(logged["worklogs"])
        return self._changed(key, at, [_item("timespent", None, str(minutes * 60))])

    def withdraw_work(self, key: str, number: str, at: datetime) -> Json:
        logged = self.issues[key]["fields"]["worklog"]
        logged["worklogs"] = [each for each in logged["worklogs"] if each["id"] != number]
        logged["total"] = len(logged["worklogs"])
        return self._changed(key, at, [{"field": "WorklogId", "from": number, "fromString": number, "to": None}])

    def delete(self, key: str, at: datetime) -> Json:
        sent = self.webhook("jira:issue_deleted", key, at)
        del self.issues[key]
        return sent

    def _changed(self, key: str, at: datetime, items: list[Json]) -> Json:
        issue = self.issues[key]
        issue["fields"]["updated"] = stamp(at)
        self.happened += 1
        issue["histories"].append({"id": str(80_000 + self.happened), "created": stamp(at), "items": items})
        return self.webhook("jira:issue_updated", key, at, {"id": "1", "items": items})

    def webhook(self, event: str, key: str, at: datetime, changelog: Json | None = None) -> Json:
        issue = {name: self.issues[key][name] for name in ("id", "key", "self", "fields")}
        said = {"timestamp": round(at.timestamp() * 1000), "webhookEvent": event, "issue": issue}
        body = json.dumps(said | ({"changelog": changelog} if changelog else {})).encode()
        return {"event": event, "headers": signed(body), "body": body}

    # What it answers.

    def answer(self, request: Request) -> Response:
        self.asked.append(request.full_path.rstrip("?"))
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            return trouble
        basic = f"Basic {base64.b64encode(f'{USER}:{TOKEN}'.encode()).decode()}"
        if request.headers.get("Authorization") != (basic if self.is_cloud else f"Bearer {TOKEN}"):
            return refused(401, "Client must be authenticated to access this resource.")
        path = re.sub(r"^/rest/api/[23]/", "", request.path)
        return self.closed.get(path) or self._told(path, request)

    def _told(self, path: str, request: Request) -> Response:
        simple = {
            "serverInfo": {"baseUrl": self.url, "deploymentType": "Cloud" if self.is_cloud else "Server"},
            "myself": {"displayName": "Console", "timeZone": self.zone},
            "field": [{"id": "summary", "clauseNames": ["summary"]}],
            "status": [status(name) for name in STATUSES],
            "issuetype": [{"name": name} for name in (REQUEST, INCIDENT, STORY, REQUEST)],
        }
        if path in simple:
            return as_json(simple[path])
        if path in ("search", "search/jql"):
            return self._searched(path, request)
        found = re.fullmatch(r"issue/([\w-]+)(/changelog|/worklog)?", path)
        issue = self.issues.get(found[1]) if found else None
        if found is None or issue is None:
            return refused(404, "Issue does not exist or you do not have permission to see it.")
        return self._part(issue, found[2] or "", request)

    def _part(self, issue: Json, part: str, request: Request) -> Response:
        if not part:
            return as_json(self._shown(issue, request, len(issue["histories"])))
        if part == "/changelog" and not self.is_cloud:
            return refused(404, "null for uri")
        key = "values" if part == "/changelog" else "worklogs"
        items = issue["histories"] if part == "/changelog" else issue["fields"]["worklog"]["worklogs"]
        begin, size = int(request.args["startAt"]), min(int(request.args["maxResults"]), self.page)
        return as_json({key: items[begin : begin + size], "startAt": begin, "maxResults": size, "total": len(items)})

    def _searched(self, path: str, request: Request) -> Response:
        if (path == "search") == self.is_cloud:
            return refused(410 if self.is_cloud else 404, "The requested API has been removed.")
        jql, size = request.args["jql"], int(request.args["maxResults"])
        if unknown := [name for name in ("Nonsense",) if name in jql]:
            return refused(400, f"The value '{unknown[0]}' does not exist for the field 'issuetype'.")
        pages = self._pages([each for each in self.issues.values() if self._matches(jql, each["fields"])])
        if not self.is_cloud:
            begin = int(request.args["startAt"])
            shown = [self._shown(each, request) for each in pages[begin // size]] if begin // size < len(pages) else []
            return as_json({"issues": shown, "startAt": begin, "maxResults": size, "total": len(pages) * size})
        token = request.args.get("nextPageToken", "")
        named, _, number = token.partition(":")
        if token and (token in self.old or named != _name(jql)):
            self.old.discard(token)
            return refused(400, "The provided next page token is invalid or expired.")
        place = int(number or 0)
        said: Json = {"issues": [self._shown(each, request) for each in pages[place]]}
        is_last = place + 1 >= len(pages)
        return as_json(said | ({"isLast": True} if is_last else {"nextPageToken": f"{_name(jql)}:{place + 1}"}))

    def _shown(self, issue: Json, request: Request, most: int = INLINE) -> Json:
        """The newest of a history; of the fields those that were asked for."""
        wanted = set(",".join(request.args.getlist("fields")).split(","))
        fields = {name: value for name, value in issue["fields"].items() if name in wanted}
        if "worklog" in fields:
            fields["worklog"] = {**fields["worklog"], "worklogs": fields["worklog"]["worklogs"][:INLINE_WORKLOGS]}
        shown = {name: issue[name] for name in ("id", "key", "self")} | {"fields": fields}
        if request.args.get("expand") == "changelog":
            newest = issue["histories"][::-1][:most]
            shown["changelog"] = {"startAt": 0, "total": len(issue["histories"]), "histories": newest}
        return shown

    def _matches(self, jql: str, fields: Json) -> bool:
        since = re.search(r'updated >= "([\d-]+ [\d:]+)"', jql)
        chosen = {
            name: set(re.findall(r'"([^"]*)"', found)) for name, found in re.findall(r"(\w+) in \(([^)]*)\)", jql)
        }
        is_late = since and datetime.fromisoformat(fields["updated"]) < self._minute(since[1])
        is_elsewhere = "project" in chosen and fields["project"]["key"] not in chosen["project"]
        is_done = "statusCategory != Done" in jql and fields["status"]["statusCategory"]["key"] == "done"
        is_counted = not chosen.keys() & {"issuetype", "labels"} or (
            fields["issuetype"]["name"] in chosen.get("issuetype", ())
            or chosen.get("labels", set()) & {*fields["labels"]}
        )
        return not (is_late or is_elsewhere or is_done) and bool(is_counted)

    def _minute(self, text: str) -> datetime:
        """A time of the clocks of the account: of two the later, where they went back."""
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.zone), fold=1)

    def _pages(self, found: list[Json]) -> list[list[Json]]:
        ordered = sorted(found, key=lambda each: (each["fields"]["created"], each["key"]))
        pages: list[list[Json]] = []
        for begin in range(0, max(1, len(ordered)), self.page):
            while len(pages) + 1 in self.hollow:
                pages.append([])
            pages.append(ordered[begin : begin + self.page])
        return pages


def _item(name: str, left: str | None, now: str | None, left_name: str = "", now_name: str = "") -> Json:
    return {"field": name, "fieldId": name, "from": left, "to": now, "fromString": left_name, "toString": now_name}


def _name(jql: str) -> str:
    return hashlib.sha256(jql.encode()).hexdigest()[:8]


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    name = hashlib.sha256(body).hexdigest()[:16]
    return {"x-hub-signature": f"sha256={made}", "x-atlassian-webhook-identifier": name}


def as_json(said: Any, status: int = 200, **headers: str) -> Response:
    dashed = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(json.dumps(said), status, content_type="application/json", headers=dashed)


def refused(status: int, *messages: str, **headers: str) -> Response:
    return as_json({"errorMessages": list(messages), "errors": {}}, status, **headers)


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
