"""A forge on loopback that serves files with tags, to whoever has the token."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.contracts.sources import Setup
from ops_console.core.settings import networks

TOKEN = "shelf-s3cret"
LOOPBACK = networks("127.0.0.0/8, ::1/128")


@dataclass
class Shelf:
    """`troubles` answer before the files, in turn; `asked` keeps path and status of each answer."""

    server: HTTPServer
    files: dict[str, str] = field(default_factory=dict)
    troubles: list[Response | None] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    def addresses(self) -> list[str]:
        return [self.server.url_for(path) for path in self.files]

    def setup(self, **changes: Any) -> Setup:
        return Setup("openslo", {"addresses": self.addresses()} | changes, {"token": TOKEN}, LOOPBACK)

    def answer(self, request: Request) -> Response:
        answer = self._answer(request)
        self.asked.append((request.path, answer.status_code))
        return answer

    def _answer(self, request: Request) -> Response:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            return trouble
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Response("Bad credentials", 401)
        if request.path not in self.files:
            return Response("Not Found", 404)
        content = self.files[request.path]
        tag = f'"{hashlib.sha256(content.encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        return Response(content, headers={"ETag": tag}, content_type="text/plain")
