"""A GitLab on loopback: lists by time of change, pages by header, offsets with an end, and webhooks."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.contracts.sources import Setup
from ops_console.core.clock import now
from ops_console.core.settings import networks

PROJECT = "acme/search/ranker"
TOKEN = "glpat-t0ken"
SECRET = f"whsec_{base64.b64encode(b'hook-s3cret').decode()}"
BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
LOOPBACK = networks("127.0.0.0/8, ::1/128")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FINER = timedelta(milliseconds=250)
"""The API tells an instant more finely than a webhook does."""
ANA, BEN = ({"id": number, "username": name} for number, name in ((1, "ana"), (2, "ben")))
OPEN = ("created", "blocked", "running")
Json = dict[str, Any]


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


def worded(at: datetime) -> str:
    """As many of its webhooks write it."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


@dataclass
class Lab:
    """`page` items stand on a page, whatever is asked for; pages whose number is in `hollow` are empty and yet followed
    by others; `most` is the largest offset. `troubles` answer before the content, in turn; `asked` keeps paths.
    """

    server: HTTPServer
    page: int = 100
    hollow: set[int] = field(default_factory=set)
    most: int = 50_000
    tiers: dict[str, str] = field(default_factory=lambda: {"prod-eu": "production", "staging": "staging"})
    deployments: dict[int, Json] = field(default_factory=dict)
    merges: dict[int, Json] = field(default_factory=dict)
    pipelines: dict[int, Json] = field(default_factory=dict)
    issues: dict[int, Json] = field(default_factory=dict)
    commits: dict[int, list[Json]] = field(default_factory=dict)
    notes: dict[int, list[Json]] = field(default_factory=dict)
    troubles: list[Response | None] = field(default_factory=list)
    closed: dict[str, Response] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    def settings(self, **changes: Any) -> Json:
        return {
            "api_url": self.url,
            "projects": [PROJECT],
            "pipelines": ["train Nightly training = ranker"],
            "service_label": "service",
        } | changes

    def setup(self, **changes: Any) -> Setup:
        return Setup("gitlab", self.settings(**changes), {"token": TOKEN}, LOOPBACK)

    # What happens there: each answers the webhook that GitLab sends of it.

    def deploy(self, at: datetime, environment: str = "prod-eu", **said: Any) -> Json:
        number = 1000 + len(self.deployments)
        self.deployments[number] = {
            "id": number,
            "iid": number - 999,
            "ref": "main",
            "sha": f"{number:040x}",
            "created_at": stamp(at),
            "updated_at": stamp(at + FINER),
            "status": "created",
            "user": ANA,
            "environment": {"id": 9, "name": environment},
            "deployable": {"id": 5, "tag": False, "created_at": stamp(at), "started_at": None, "finished_at": None},
        } | said
        return self._deployed(number, at)

    def turn(self, number: int, status: str, at: datetime) -> Json:
        made = self.deployments[number]
        made |= {"status": status, "updated_at": stamp(at + FINER)}
        if made["deployable"]:
            made["deployable"]["started_at" if status == "running" else "finished_at"] = stamp(at)
        return self._deployed(number, at)

    def _deployed(self, number: int, at: datetime) -> Json:
        made = self.deployments[number]
        name = made["environment"]["name"]
        return self.webhook(
            "deployment",
            status=made["status"],
            status_changed_at=f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} +0000",
            deployment_id=number,
            deployable_url=f"https://gitlab.com/{PROJECT}/-/jobs/5",
            environment=name,
            environment_tier=self.tiers.get(name, "other"),
            short_sha=made["sha"][:8],
            commit_url=f"https://gitlab.com/{PROJECT}/-/commit/{made['sha']}",
            ref=made["ref"],
            user=made["user"],
        )

    def merge(self, number: int, at: datetime, **said: Any) -> Json:
        """A merge request with two commits, a comment of its author, one of another, and an approval."""
        made = {
            "id": 70_000 + number,
            "iid": number,
            "title": f"Change {number}",
            "web_url": f"https://gitlab.com/{PROJECT}/-/merge_requests/{number}",
            "state": "merged",
            "created_at": stamp(at - 5 * HOUR),
            "merged_at": stamp(at),
            "updated_at": stamp(at + FINER),
            "merge_commit_sha": f"{number:040x}",
            "author": BEN,
        } | said
        self.merges[number] = made
        self.commits[number] = [{"authored_date": stamp(at - hours * HOUR)} for hours in (6, 9)]
        self.notes[number] = [
            {"system": False, "body": "Look", "author": BEN, "created_at": stamp(at - 4 * HOUR)},
            {"system": False, "body": "Why?", "author": ANA, "created_at": stamp(at - 3 * HOUR)},
            {"system": True, "body": "added 1 commit", "author": ANA, "created_at": stamp(at - 5 * HOUR)},
            {"system": True, "body": "approved this merge request", "author": ANA, "created_at": stamp(at - HOUR)},
        ]
        told = {name: made[name] for name in ("id", "iid", "title", "merge_commit_sha")}
        told |= {"created_at": worded(at - 5 * HOUR), "updated_at": worded(at), "url": made["web_url"]}
        return self.webhook("merge_request", object_attributes=told | {"action": "merge", "state": "merged"}, user=ANA)

    def run(self, at: datetime, name: str | None = "Nightly training", **said: Any) -> Json:
        number = 300 + len(self.pipelines)
        self.pipelines[number] = {
            "id": number,
            "name": name,
            "status": "running",
            "source": "schedule",
            "web_url": f"https://gitlab.com/{PROJECT}/-/pipelines/{number}",
            "created_at": stamp(at),
            "updated_at": stamp(at + FINER),
            "started_at": stamp(at + MINUTE),
            "finished_at": None,
        } | said
        return self._ran(number)

    def end(self, number: int, status: str, at: datetime) -> Json:
        self.pipelines[number] |= {"status": status, "finished_at": stamp(at), "updated_at": stamp(at + FINER)}
        return self._ran(number)

    def again(self, number: int, at: datetime) -> Json:
        """Jobs that failed are run again."""
        self.pipelines[number] |= {"status": "running", "finished_at": None, "updated_at": stamp(at + FINER)}
        return self._ran(number)

    def _ran(self, number: int) -> Json:
        made = self.pipelines[number]
        told = {name: made[name] for name in ("id", "name", "status", "source")}
        times = {
            name: worded(datetime.fromisoformat(made[name])) if made[name] else None
            for name in ("created_at", "finished_at")
        }
        return self.webhook(
            "pipeline", object_attributes=told | times | {"queued_duration": 60, "url": made["web_url"]}
        )

    def raise_incident(self, at: datetime, **said: Any) -> Json:
        number = len(self.issues) + 1
        self.issues[number] = {
            "id": 40_000 + number,
            "iid": number,
            "project_id": 7,
            "title": "Answers are late",
            "web_url": f"https://gitlab.com/{PROJECT}/-/issues/incident/{number}",
            "issue_type": "incident",
            "state": "opened",
            "severity": "UNKNOWN",
            "labels": ["service::ranker", "urgent"],
            "created_at": stamp(at),
            "updated_at": stamp(at + FINER),
            "closed_at": None,
            "_links": {"closed_as_duplicate_of": None},
        } | said
        return self._told(number, "open", at)

    def change(self, number: int, at: datetime, action: str = "update", **said: Any) -> Json:
        self.issues[number] |= {"updated_at": stamp(at + FINER), **said}
        return self._told(number, action, at)

    def close(self, number: int, at: datetime, **said: Any) -> Json:
        return self.change(number, at, "close", state="closed", closed_at=stamp(at), **said)

    def reopen(self, number: int, at: datetime) -> Json:
        return self.change(number, at, "reopen", state="opened", closed_at=None)

    def _told(self, number: int, action: str, at: datetime) -> Json:
        made = self.issues[number]
        told = {name: made[name] for name in ("id", "iid", "title", "state", "closed_at")}
        told |= {"type": "Incident", "severity": made["severity"].lower(), "action": action, "url": made["web_url"]}
        told |= {"created_at": worded(datetime.fromisoformat(made["created_at"])), "updated_at": worded(at)}
        return self.webhook("issue", object_attributes=told, labels=[{"title": each} for each in made["labels"]])

    def webhook(self, kind: str, **said: Any) -> Json:
        """Signed when it is sent."""
        content = {"object_kind": kind, **said, "project": {"id": 7, "path_with_namespace": PROJECT}}
        body = json.dumps(content).encode()
        return {"event": kind, "headers": signed(body, now()), "body": body}

    # What it answers.

    def answer(self, request: Request) -> Response:
        self.asked.append(request.full_path.rstrip("?"))
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            return trouble
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return refused(401, "401 Unauthorized")
        prefix = f"/api/v4/projects/{PROJECT}/"
        if not request.path.startswith(prefix) or PROJECT.replace("/", "%2F") not in request.environ["REQUEST_URI"]:
            return refused(404, "404 Project Not Found")
        path = request.path.removeprefix(prefix)
        return self.closed.get(path) or self._listed(path, request) or self._one(path)

    def _one(self, path: str) -> Response:
        name, _, number = path.partition("/")
        found = {"deployments": self.deployments, "pipelines": self.pipelines, "issues": self.issues}.get(name, {})
        item = found.get(int(number) if number.isdecimal() else 0)
        return as_json(item) if item else refused(404, "404 Not found")

    def _listed(self, path: str, request: Request) -> Response | None:
        if path == "environments":
            return self._page(request, [{"name": name, "tier": tier} for name, tier in self.tiers.items()])
        if found := re.fullmatch(r"merge_requests/(\d+)/(commits|notes)", path):
            return self._page(request, getattr(self, found[2])[int(found[1])])
        items = {"deployments": self.deployments, "merge_requests": self.merges, "issues": self.issues}
        if path in items:
            return self._page(request, self._changed(request, list(items[path].values())))
        if path == "pipelines":
            short = [
                {k: v for k, v in each.items() if k[-7:] != "shed_at" and k != "started_at"}
                for each in self.pipelines.values()
            ]
            return self._page(request, self._changed(request, short))
        return None

    def _changed(self, request: Request, items: list[Json]) -> list[Json]:
        """What changed after a time, which GitLab takes with the time itself."""
        said = request.args
        since = said.get("updated_after")
        assert not since or (said.get("order_by"), said.get("sort")) == ("updated_at", "asc")
        found = [each for each in items if not since or each["updated_at"] >= stamp(datetime.fromisoformat(since))]
        wanted = {name: said[name] for name in ("status", "state", "issue_type") if name in said}
        found = [each for each in found if all(each.get(name) == value for name, value in wanted.items())]
        return sorted(found, key=lambda each: (each["updated_at"], each["id"]))

    def _page(self, request: Request, items: list[Json]) -> Response:
        number, size = int(request.args["page"]), int(request.args["per_page"])
        if (number - 1) * size >= self.most:
            return refused(405, "Offset pagination has a maximum allowed offset of 50000")
        pages = self._pages(items)
        content = pages[number - 1] if number <= len(pages) else []
        return as_json(content, X_Next_Page=str(number + 1) if number < len(pages) else "")

    def _pages(self, items: list[Json]) -> list[list[Json]]:
        pages: list[list[Json]] = []
        for begin in range(0, max(1, len(items)), self.page):
            while len(pages) + 1 in self.hollow:
                pages.append([])
            pages.append(items[begin : begin + self.page])
        return pages


def signed(body: bytes, at: datetime, secret: str = SECRET) -> dict[str, str]:
    name, when = hashlib.sha256(body).hexdigest()[:16], str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = base64.b64encode(hmac.new(key, f"{name}.{when}.".encode() + body, hashlib.sha256).digest()).decode()
    return {
        "idempotency-key": name,
        "webhook-id": name,
        "webhook-timestamp": when,
        "webhook-signature": f"v1,{made}",
        "x-gitlab-event-uuid": "one-and-the-same",
    }


def as_json(said: Any, status: int = 200, **headers: str) -> Response:
    dashed = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(json.dumps(said), status, content_type="application/json", headers=dashed)


def refused(status: int, message: str = "", **headers: str) -> Response:
    return as_json({"message": message}, status, **headers)
