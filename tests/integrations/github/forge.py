"""A GitHub on loopback: REST lists newest first with `Link` and `ETag`, GraphQL, and webhooks."""

import hashlib
import hmac
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

REPOSITORY = "acme/ranker"
TOKEN, SECRET = "ghp_s3cret", "hook-s3cret"
BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
LOOPBACK = networks("127.0.0.0/8, ::1/128")
Json = dict[str, Any]


def stamp(at: datetime) -> str:
    """As GitHub writes instants: whole seconds and a Z."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


@dataclass
class Forge:
    """`page` items stand on a page; pages whose number is in `hollow` are empty. `troubles` answer before the content,
    in turn, whatever is asked; `asked` keeps method and path.
    """

    server: HTTPServer
    page: int = 100
    hollow: set[int] = field(default_factory=set)
    deployments: list[Json] = field(default_factory=list)
    statuses: dict[int, list[Json]] = field(default_factory=dict)
    pulls: list[Json] = field(default_factory=list)
    releases: list[Json] = field(default_factory=list)
    runs: list[Json] = field(default_factory=list)
    attempts: dict[str, Json] = field(default_factory=dict)
    troubles: list[Response | None] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    silent_nodes: bool = False

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    def settings(self, **changes: Any) -> Json:
        return {
            "api_url": self.url,
            "repositories": [REPOSITORY],
            "production": ["prod-eu"],
            "releases": [REPOSITORY],
            "version_key": "version",
            "workflows": ["train.yml train ranker"],
        } | changes

    def setup(self, **changes: Any) -> Setup:
        return Setup("github", self.settings(**changes), {"token": TOKEN}, LOOPBACK)

    # What happens there: each answers the webhook that GitHub sends of it.

    def deploy(self, at: datetime, environment: str = "prod-eu", **said: Any) -> Json:
        number = 1000 + len(self.deployments)
        made = {
            "id": number,
            "node_id": f"DE_{number}",
            "sha": f"{number:040x}",
            "ref": "main",
            "task": "deploy",
            "payload": {},
            "environment": environment,
            "creator": {"login": "ana", "type": "User"},
            "created_at": stamp(at),
            "updated_at": stamp(at),
        } | said
        self.deployments.append(made)
        self.statuses[number] = []
        return self.webhook("deployment", action="created", deployment=dict(made))

    def status(self, number: int, state: str, at: datetime) -> Json:
        made = {"id": len(self.statuses[number]), "state": state, "created_at": stamp(at), "updated_at": stamp(at)}
        self.statuses[number].append(made)
        deployment = next(each for each in self.deployments if each["id"] == number)
        deployment["updated_at"] = stamp(at)
        return self.webhook("deployment_status", action="created", deployment=dict(deployment), deployment_status=made)

    def merge(self, number: int, at: datetime, **said: Any) -> Json:
        """A pull request with one commit and an approval before it, changed again by a comment after it."""
        made = {
            "number": number,
            "title": f"Change {number}",
            "url": f"https://github.com/{REPOSITORY}/pull/{number}",
            "createdAt": stamp(at - timedelta(hours=5)),
            "mergedAt": stamp(at),
            "updatedAt": stamp(at),
            "mergeCommit": {"oid": f"{number:040x}"},
            "author": {"login": "ben", "__typename": "User"},
            "commits": {"nodes": [{"commit": {"authoredDate": stamp(at - timedelta(hours=9))}}]},
            "reviews": {
                "nodes": [
                    {"state": "COMMENTED", "submittedAt": stamp(at - timedelta(hours=4)), "author": {"login": "ben"}},
                    {"state": "COMMENTED", "submittedAt": stamp(at - timedelta(hours=3)), "author": {"login": "ana"}},
                    {"state": "PENDING", "submittedAt": None, "author": {"login": "ana"}},
                    {"state": "APPROVED", "submittedAt": stamp(at - timedelta(hours=1)), "author": {"login": "ana"}},
                ]
            },
        } | said
        self.pulls.append(made)
        rest = {
            "number": number,
            "title": made["title"],
            "html_url": made["url"],
            "created_at": made["createdAt"],
            "merged_at": made["mergedAt"],
            "updated_at": made["updatedAt"],
            "merge_commit_sha": made["mergeCommit"]["oid"],
            "user": {"login": "ben", "type": "User"},
        }
        return self.webhook("pull_request", action="closed", pull_request=rest)

    def draft(self, tag: str, at: datetime, *, early: bool = False, sha: str | None = None) -> None:
        """Nobody is told of it."""
        self.releases.append(
            {
                "databaseId": 500 + len(self.releases),
                "tagName": tag,
                "url": f"https://github.com/{REPOSITORY}/releases/tag/{tag}",
                "isDraft": True,
                "isPrerelease": early,
                "publishedAt": None,
                "createdAt": stamp(at),
                "updatedAt": stamp(at),
                "author": {"login": "ana", "__typename": "User"},
                "tagCommit": sha and {"oid": sha},
            }
        )

    def publish(self, tag: str, at: datetime, **said: Any) -> Json:
        """A draft of this tag, or one made just now."""
        if not any(each["tagName"] == tag for each in self.releases):
            self.draft(tag, at, **said)
        return self.edit(tag, at, "published", isDraft=False, publishedAt=stamp(at))

    def edit(self, tag: str, at: datetime, action: str = "edited", **said: Any) -> Json:
        made = next(each for each in self.releases if each["tagName"] == tag)
        made |= {"updatedAt": stamp(at), **said}
        return self._released(made, action)

    def delete_release(self, tag: str) -> Json:
        gone = next(each for each in self.releases if each["tagName"] == tag)
        self.releases.remove(gone)
        return self._released(gone, "deleted")

    def _released(self, made: Json, action: str) -> Json:
        """Without its commit, and without saying when it was changed."""
        rest = {
            "id": made["databaseId"],
            "tag_name": made["tagName"],
            "target_commitish": "main",
            "html_url": made["url"],
            "draft": made["isDraft"],
            "prerelease": made["isPrerelease"],
            "created_at": made["createdAt"],
            "published_at": made["publishedAt"],
            "author": {"login": "ana", "type": "User"},
        }
        return self.webhook("release", action=action, release=rest)

    def start_run(self, number: int, at: datetime, attempt: int = 1, **said: Any) -> Json:
        made = {
            "id": number,
            "path": ".github/workflows/train.yml@main",
            "event": "schedule",
            "run_attempt": attempt,
            "status": "in_progress",
            "conclusion": None,
            "html_url": f"https://github.com/{REPOSITORY}/actions/runs/{number}",
            "created_at": stamp(at) if attempt == 1 else self._run(number)["created_at"],
            "run_started_at": stamp(at),
            "updated_at": stamp(at),
        } | said
        self.runs = [run for run in self.runs if run["id"] != number] + [made]
        self.attempts[f"{number}/{attempt}"] = made
        return self.webhook("workflow_run", action="requested", workflow_run=dict(made))

    def end_run(self, number: int, conclusion: str, at: datetime) -> Json:
        made = self._run(number)
        made |= {"status": "completed", "conclusion": conclusion, "updated_at": stamp(at)}
        return self.webhook("workflow_run", action="completed", workflow_run=dict(made))

    def _run(self, number: int) -> Json:
        return next(run for run in self.runs if run["id"] == number)

    def webhook(self, event: str, **said: Any) -> Json:
        body = json.dumps({**said, "repository": {"full_name": REPOSITORY}}).encode()
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        name = hashlib.sha256(body).hexdigest()[:16]
        headers = {"x-github-event": event, "x-github-delivery": name, "x-hub-signature-256": f"sha256={signature}"}
        return {"event": event, "headers": headers, "body": body}

    # What it answers.

    def answer(self, request: Request) -> Response:
        self.asked.append(f"{request.method} {request.full_path.rstrip('?')}")
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            return trouble
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._json({"message": "Bad credentials"}, 401)
        if request.path == "/graphql":
            return self._graphql(json.loads(request.get_data()))
        return self._rest(request)

    def _json(self, said: Any, status: int = 200, **headers: str) -> Response:
        return Response(json.dumps(said), status, content_type="application/json", headers={**self.headers, **headers})

    def _rest(self, request: Request) -> Response:
        path = request.path
        if path == f"/repos/{REPOSITORY}/deployments":
            return self._listed(request, self.deployments, lambda found: found)
        if path == f"/repos/{REPOSITORY}/actions/workflows/train.yml/runs":
            return self._listed(request, self.runs, lambda found: {"total_count": len(found), "workflow_runs": found})
        if found := re.fullmatch(f"/repos/{REPOSITORY}/deployments/(\\d+)(/statuses)?", path):
            return self._deployment(int(found[1]), is_statuses=bool(found[2]))
        if found := re.fullmatch(f"/repos/{REPOSITORY}/actions/runs/(\\d+)", path):
            return self._one([run for run in self.runs if run["id"] == int(found[1])])
        if found := re.fullmatch(f"/repos/{REPOSITORY}/actions/runs/(\\d+)/attempts/(\\d+)", path):
            return self._one([self.attempts[key]] if (key := f"{found[1]}/{found[2]}") in self.attempts else [])
        return self._json({"message": "Not Found"}, 404)

    def _deployment(self, number: int, *, is_statuses: bool) -> Response:
        found = [each for each in self.deployments if each["id"] == number]
        return self._json(self.statuses[number][::-1]) if is_statuses and found else self._one(found)

    def _one(self, found: list[Json]) -> Response:
        return self._json(found[0]) if found else self._json({"message": "Not Found"}, 404)

    def _listed(self, request: Request, items: list[Json], shaped: Callable[[list[Json]], Any]) -> Response:
        number = int(request.args.get("page", 1))
        pages = self._pages(sorted(items, key=lambda each: (each["created_at"], each["id"]), reverse=True))
        content = shaped(pages[number - 1] if number <= len(pages) else [])
        etag = f'W/"{hashlib.sha256(json.dumps(content).encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers={"ETag": etag, **self.headers})
        links = f'<{self.url}{request.path}?page={number + 1}>; rel="next"' if number < len(pages) else ""
        return self._json(content, ETag=etag, **({"Link": links} if links else {}))

    def _pages(self, ordered: list[Json]) -> list[list[Json]]:
        pages: list[list[Json]] = []
        for begin in range(0, max(1, len(ordered)), self.page):
            while len(pages) + 1 in self.hollow:
                pages.append([])
            pages.append(ordered[begin : begin + self.page])
        return pages

    def _graphql(self, asked: Json) -> Response:
        variables = asked["variables"]
        if "ids" in variables:
            return self._json({"data": {"nodes": [self._node(name) for name in variables["ids"]]}})
        if f"{variables['owner']}/{variables['name']}" != REPOSITORY:
            error = {"type": "NOT_FOUND", "message": "Could not resolve to a Repository."}
            return self._json({"data": {"repository": None}, "errors": [error]})
        name, items, order = ("releases", self.releases, "createdAt")
        if "pullRequests" in asked["query"]:
            name, items, order = ("pullRequests", self.pulls, "updatedAt")
        ordered = sorted(items, key=lambda each: each[order], reverse=True)
        begin = int(variables["after"] or 0)
        end = begin + self.page
        info = {"endCursor": str(end), "hasNextPage": end < len(ordered)}
        return self._json({"data": {"repository": {name: {"pageInfo": info, "nodes": ordered[begin:end]}}}})

    def _node(self, name: str) -> Json | None:
        number = int(name.removeprefix("DE_"))
        if self.silent_nodes or number not in self.statuses:
            return None
        nodes = [{"state": each["state"].upper(), "createdAt": each["created_at"]} for each in self.statuses[number]]
        return {"id": f"new-format-{number}", "statuses": {"nodes": nodes}}
