"""A Slack workspace on loopback that speaks the Web API: 429 with Retry-After, ok:false, uploads in three steps."""

import json
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.core.settings import Settings

CHANNEL = "C0123456789"
TOKEN = "xoxb-test"


@dataclass
class Workspace:
    """`answers` by method: a list of error words, "429" or None (take it), used up one per call."""

    server: HTTPServer
    answers: dict[str, list[str | None]] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    pages: int = 1
    people: dict[str, str] = field(default_factory=dict)

    def open(self) -> "Workspace":
        for method in ("chat.postMessage", "conversations.history"):
            self.server.expect_request(f"/api/{method}").respond_with_handler(self._handler(method))
        for method in ("files.getUploadURLExternal", "files.completeUploadExternal"):
            self.server.expect_request(f"/api/{method}").respond_with_handler(self._handler(method))
        for method in ("users.lookupByEmail", "conversations.open"):
            self.server.expect_request(f"/api/{method}").respond_with_handler(self._handler(method))
        self.server.expect_request("/upload/F1").respond_with_handler(self._upload)
        return self

    def settings(self, **changes: Any) -> Settings:
        fixed = {"slack_token": TOKEN, "slack_channel": CHANNEL, "slack_api_url": self.server.url_for("/api/")}
        return Settings(**(fixed | changes))  # type: ignore[arg-type]

    @property
    def main(self) -> dict[str, Any]:
        return self.messages[0]

    @property
    def replies(self) -> list[dict[str, Any]]:
        return [message for message in self.messages if message.get("thread_ts")]

    def _handler(self, method: str) -> Any:
        def handle(request: Request) -> Response:
            if request.headers.get("Authorization") != f"Bearer {TOKEN}":
                return _json({"ok": False, "error": "invalid_auth"})
            waiting = self.answers.get(method, [])
            answer = waiting.pop(0) if waiting else None
            if answer == "429":
                return Response(status=429, headers={"Retry-After": "7"})
            if answer:
                return _json({"ok": False, "error": answer, "needed": "files:write"})
            said = request.get_json() if request.is_json else request.form.to_dict()
            return _json(getattr(self, "_" + method.replace(".", "_"))(said))

        return handle

    def _chat_postMessage(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        ts = f"1700000000.{len(self.messages):06}"
        self.messages.append(said | {"ts": ts})
        return {"ok": True, "channel": said["channel"], "ts": ts, "message": said}

    def _conversations_history(self, said: dict[str, Any]) -> dict[str, Any]:
        page = int(said.get("cursor") or 1)
        shown = self.messages if page == self.pages else []
        cursor = "" if page == self.pages else str(page + 1)
        return {"ok": True, "messages": shown, "response_metadata": {"next_cursor": cursor}}

    def _users_lookupByEmail(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        number = self.people.get(said["email"])
        return {"ok": True, "user": {"id": number}} if number else {"ok": False, "error": "users_not_found"}

    def _conversations_open(self, said: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "channel": {"id": f"D{said['users']}"}}

    def _files_getUploadURLExternal(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"ok": True, "file_id": "F1", "upload_url": self.server.url_for("/upload/F1")}

    def _upload(self, request: Request) -> Response:
        self.uploads["F1"] = request.get_data()
        return Response("OK")

    def _files_completeUploadExternal(self, said: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        self.files.append(said)
        return {"ok": True, "files": [{"id": "F1"}]}


def _json(data: dict[str, Any]) -> Response:
    return Response(json.dumps(data), content_type="application/json")
