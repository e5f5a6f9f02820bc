"""The side of Slack that asks: signed requests, triggers that open one modal each, answers to the caller alone."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.core.clock import now
from ops_console.core.settings import Settings
from tests.integrations.slack.workspace import CHANNEL, TOKEN

SECRET, TEAM = "8f742231b10e8888abcd99yyyzzz85a5", "T1"
FORM_TYPE, JSON_TYPE = "application/x-www-form-urlencoded", "application/json"
BASE = "https://console.example"


def member(email: str, **changes: Any) -> dict[str, Any]:
    usual = {"team_id": TEAM, "is_email_confirmed": True, "deleted": False, "is_bot": False}
    return usual | {"profile": {"email": email}} | changes


@dataclass
class Slack:
    """`answers` by method: error words, a status or None (take it), used up one per call."""

    server: HTTPServer
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, list[str | int | None]] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    unfurls: list[dict[str, Any]] = field(default_factory=list)
    triggers: set[str] = field(default_factory=set)

    def open(self) -> "Slack":
        for method in ("users.info", "auth.test", "views.open", "chat.getPermalink", "chat.unfurl"):
            self.server.expect_request(f"/api/{method}").respond_with_handler(self._handler(method))
        self.server.expect_request("/respond").respond_with_handler(self._respond)
        return self

    def settings(self, **changes: Any) -> Settings:
        fixed = {"slack_token": TOKEN, "slack_signing_secret": SECRET, "slack_api_url": self.server.url_for("/api/")}
        return Settings(**(fixed | {"private_addresses": "127.0.0.0/8", "base_url": BASE} | changes))

    def command(self, words: str, user: str = "U1", trigger: str = "t1") -> tuple[bytes, dict[str, str]]:
        self.triggers.add(trigger)
        fields = {"command": "/ops", "text": words, "user_id": user, "team_id": TEAM, "trigger_id": trigger}
        return signed(urlencode(fields | {"response_url": self.server.url_for("/respond")}).encode(), FORM_TYPE)

    def shortcut(self, user: str = "U1", trigger: str = "t1", **changes: Any) -> tuple[bytes, dict[str, str]]:
        self.triggers.add(trigger)
        message = {"ts": "1793782800.000100", "text": "See <https://g.example|the graph> &amp; weep", "user": "U2"}
        return self._payload(
            type="message_action",
            callback_id="add_to_timeline",
            trigger_id=trigger,
            response_url=self.server.url_for("/respond"),
            user={"id": user, "team_id": TEAM},
            channel={"id": CHANNEL, "name": "ops"},
            message=message | changes,
        )

    def submission(self, user: str = "U1", **values: str) -> tuple[bytes, dict[str, str]]:
        """The newest modal, sent with these values; the others stay as they were offered."""
        view = self.views[-1]
        state = {block["block_id"]: {"value": _state(block["element"], values)} for block in view["blocks"]}
        for name, text in values.items():
            state[name]["value"] = _filled(state[name]["value"], text)
        kept = {name: view[name] for name in ("id", "callback_id", "private_metadata")}
        return self._payload(type="view_submission", user={"id": user}, view=kept | {"state": {"values": state}})

    def shared(self, *links: str, user: str = "U1", event: str = "E1", **outer: Any) -> tuple[bytes, dict[str, str]]:
        about = {"type": "link_shared", "user": user, "channel": CHANNEL, "message_ts": "1793782800.000200"}
        told = about | {"links": [{"url": link, "domain": "console.example"} for link in links]}
        body = {"type": "event_callback", "event_id": event, "team_id": TEAM, "event": told} | outer
        return signed(json.dumps(body).encode(), JSON_TYPE)

    def _payload(self, **said: Any) -> tuple[bytes, dict[str, str]]:
        return signed(urlencode({"payload": json.dumps(said)}).encode(), FORM_TYPE)

    def _handler(self, method: str) -> Any:
        def handle(request: Request) -> Response:
            waiting = self.answers.get(method, [])
            answer = waiting.pop(0) if waiting else None
            if isinstance(answer, int):
                return Response(status=answer, headers={"Retry-After": "7"})
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                answer = "invalid_auth"
            if answer:
                return _json({"ok": False, "error": answer, "needed": "users:read.email"})
            said = request.get_json() if request.is_json else request.values.to_dict()
            return _json(getattr(self, "_" + method.replace(".", "_"))(said))

        return handle

    def _users_info(self, said: Mapping[str, Any]) -> dict[str, Any]:
        user = self.users.get(said.get("user", ""))
        return {"ok": True, "user": user} if user else {"ok": False, "error": "user_not_found"}

    def _auth_test(self, _said: Mapping[str, Any]) -> dict[str, Any]:
        return {"ok": True, "team_id": TEAM}

    def _views_open(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """A trigger is good for one modal; a modal keeps to the platform's limits."""
        if said["trigger_id"] not in self.triggers:
            return {"ok": False, "error": "expired_trigger_id"}
        self.triggers.discard(said["trigger_id"])
        view = said["view"]
        assert len(view["title"]["text"]) <= 24 and len(view["private_metadata"]) <= 3000
        for block in view["blocks"]:
            options = block["element"].get("options", [])
            assert len(options) <= 100 and all(0 < len(each["text"]["text"]) <= 75 for each in options)
        self.views.append(view | {"id": f"V{len(self.views)}"})
        return {"ok": True, "view": self.views[-1]}

    def _chat_getPermalink(self, said: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        mark = said["message_ts"].replace(".", "")
        return {"ok": True, "permalink": f"https://team.slack.example/archives/{said['channel']}/p{mark}"}

    def _chat_unfurl(self, said: Mapping[str, Any]) -> dict[str, Any]:
        self.unfurls.append(dict(said))
        return {"ok": True}

    def _respond(self, request: Request) -> Response:
        waiting = self.answers.get("respond", [])
        if waiting and (status := waiting.pop(0)):
            return Response(status=int(status))
        said = request.get_json()
        assert said["response_type"] == "ephemeral"
        self.said.append(said["text"])
        return Response("ok")


def signed(
    body: bytes, content_type: str, secret: str = SECRET, late: int = 0, **headers: str
) -> tuple[bytes, dict[str, str]]:
    at = str(int(now().timestamp()) - late)
    digest = hmac.new(secret.encode(), b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    named = {"Content-Type": content_type, "X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}
    return body, named | headers


def _state(element: Mapping[str, Any], _values: Mapping[str, str]) -> dict[str, Any]:
    match element["type"]:
        case "static_select":
            return {"type": "static_select", "selected_option": element.get("initial_option")}
        case "datepicker":
            return {"type": "datepicker", "selected_date": element.get("initial_date")}
    return {"type": "plain_text_input", "value": element.get("initial_value")}


def _filled(held: dict[str, Any], text: str) -> dict[str, Any]:
    key = {"static_select": "selected_option", "datepicker": "selected_date"}.get(held["type"], "value")
    return held | {key: {"value": text} if key == "selected_option" else text}


def _json(data: dict[str, Any]) -> Response:
    return Response(json.dumps(data), content_type="application/json")
