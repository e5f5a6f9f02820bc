"""A Jira on loopback that people and the console both work in: issues are opened, moved and changed by either."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug import Request, Response

from ops_console.core.clock import now
from tests.integrations.jira.site import STATUSES, Json, Site, as_json, refused, status

WONT_DO = "Won't Do"
RESOLUTIONS = [{"id": "1", "name": "Done"}, {"id": "2", "name": WONT_DO}]
ANA, BEN, MARK = "ana@example.com", "ben@example.com", "mark@acme.example"
WAYS = {
    "To Do": ("In Progress", "Done"),
    "In Progress": ("To Do", "Done"),
    "Done": ("To Do", "In Progress", "Closed"),
    "Closed": ("To Do", "In Progress"),
}
"""Where an issue may be moved to; a workflow without a short way is told in `ways`."""


@dataclass
class Board(Site):
    """`lost` writes are done and their answers lost; `away` answers nothing at all. `hides` addresses as Cloud does.
    `lags` says that the search does not know what was opened; `written` keeps what was asked to change.
    """

    people: dict[str, str] = field(default_factory=lambda: {ANA: "acc-ana", BEN: "acc-ben", MARK: "acc-mark"})
    ways: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(WAYS))
    lost: int = 0
    away: bool = False
    hides: bool = False
    lags: bool = False
    screenless: set[str] = field(default_factory=set)
    written: list[tuple[str, Json]] = field(default_factory=list)

    def settings(self, **changes: Any) -> Json:
        return super().settings(actions_in="OPS", actions_as="Task") | changes

    # What people do there.

    def open_by_hand(self, **said: Any) -> str:
        self.submit(now(), "Task", duedate=None, assignee=None, **said)
        return list(self.issues)[-1]

    def assign(self, key: str, address: str | None) -> Json:
        return self.edit(key, now(), assignee=self._user(address) if address else None)

    def put_off(self, key: str, day: str | None) -> Json:
        return self.edit(key, now(), duedate=day)

    def shown(self, key: str) -> tuple[str, str | None, str | None]:
        """Status, owner by address, day."""
        fields = self.issues[key]["fields"]
        names = {number: address for address, number in self.people.items()}
        owner = fields["assignee"] and names[fields["assignee"].get("accountId") or fields["assignee"]["name"]]
        return fields["status"]["name"], owner, fields["duedate"]

    # What it answers.

    def answer(self, request: Request) -> Response:
        if self.away:
            return Response(status=503)
        if request.method != "GET":
            self.written.append((f"{request.method} {request.path}", json.loads(request.data or b"{}")))
        answered = super().answer(request)
        if request.method != "GET" and answered.status_code < 300 and self.lost:
            self.lost -= 1
            return Response(status=502)
        return answered

    def _told(self, path: str, request: Request) -> Response:
        if path == "user/assignable/search":
            return self._assignable(request)
        if path == "issue" and request.method == "POST":
            return self._opened(json.loads(request.data)["fields"])
        parts = path.split("/")
        key = self._key(parts[1]) if parts[0] == "issue" and len(parts) > 1 else None
        if key is None:
            return super()._told(path, request)
        if parts[2:] == ["transitions"]:
            return self._transitions(key, request)
        if request.method == "PUT":
            return self._put(key, json.loads(request.data))
        return super()._told("/".join(["issue", key, *parts[2:]]), request)

    def _key(self, name: str) -> str | None:
        return next((key for key, each in self.issues.items() if name in (key, each["id"])), None)

    def _opened(self, said: Json) -> Response:
        if said["project"]["key"] != "OPS":
            return refused(400, "valid project is required")
        plain = {name: value for name, value in said.items() if name not in ("project", "issuetype")}
        if self.is_cloud != isinstance(plain["description"], dict):
            return refused(400, "Operation value must be an Atlassian Document")
        self.submit(now(), said["issuetype"]["name"], duedate=None, assignee=None, **plain)
        key = list(self.issues)[-1]
        return as_json({"id": self.issues[key]["id"], "key": key, "self": self.issues[key]["self"]}, 201)

    def _put(self, key: str, said: Json) -> Response:
        fields = self.issues[key]["fields"]
        if hidden := self.screenless & said.get("fields", {}).keys():
            return refused(400, f"Field '{hidden.pop()}' cannot be set. It is not on the appropriate screen")
        for each in said.get("update", {}).get("labels", ()):
            fields["labels"] = [*dict.fromkeys([*fields["labels"], each["add"]])]
        changed = dict(said.get("fields", {}))
        if changed.get("assignee"):
            known = {number: address for address, number in self.people.items()}
            changed["assignee"] = self._user(known[changed["assignee"]["accountId" if self.is_cloud else "name"]])
        self.edit(key, now(), **changed)
        return Response(status=204)

    def _transitions(self, key: str, request: Request) -> Response:
        current = self.issues[key]["fields"]["status"]["name"]
        offered = {f"{STATUSES[name][0]}1": name for name in self.ways[current]}
        if request.method == "GET":
            return as_json({"transitions": [self._transition(*each, request) for each in offered.items()]})
        said = json.loads(request.data)
        to = offered.get(said["transition"]["id"])
        if to is None:
            return refused(400, "It seems that you have tried to perform an invalid operation.")
        chosen = said.get("fields", {}).get("resolution")
        resolution = next((each["name"] for each in RESOLUTIONS if chosen and each["id"] == chosen["id"]), None)
        self.move(key, to, now(), resolution)
        return Response(status=204)

    def _transition(self, number: str, name: str, request: Request) -> Json:
        said: Json = {"id": number, "name": name, "to": status(name)}
        if STATUSES[name][1] == "done" and request.args.get("expand") == "transitions.fields":
            said["fields"] = {"resolution": {"required": True, "allowedValues": RESOLUTIONS}}
        return said

    def _assignable(self, request: Request) -> Response:
        if request.args.get("issueKey") not in self.issues:
            return refused(404, "Issue does not exist")
        asked = request.args["query" if self.is_cloud else "username"]
        return as_json([self._user(address) for address in self.people if asked.lower() in address])

    def _user(self, address: str) -> Json:
        name = {"accountId" if self.is_cloud else "name": self.people[address]}
        shown = {} if self.hides else {"emailAddress": address}
        return name | shown | {"displayName": address.partition("@")[0].title()}

    def _matches(self, jql: str, fields: Json) -> bool:
        if "labels = " in jql:
            label = jql.partition('labels = "')[2].partition('"')[0]
            if label not in fields["labels"] or self.lags:
                return False
        return super()._matches(jql, fields)


@contextmanager
def away(board: Board) -> Iterator[None]:
    board.away = True
    yield
    board.away = False


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")
