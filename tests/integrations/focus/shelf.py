"""Where FOCUS files lie: a server that tells by ETag or date whether they have changed, and a folder."""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.http import http_date

from ops_console.contracts.sources import Setup
from ops_console.core.settings import networks
from tests.integrations.aws_cost.cloud import month, packed

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
LOOPBACK = networks("127.0.0.0/8, ::1/128")
AUTHORIZATION = "Bearer s3cret"
ETAG, DATE, NOTHING = "etag", "date", "nothing"


@dataclass
class Shelf:
    """`tells` is by what the server knows a file again. `troubles` answer before the content, in turn. `asked` keeps
    what was answered to each request.
    """

    server: HTTPServer
    folder: Path
    tells: str = ETAG
    contents: dict[str, bytes] = field(default_factory=dict)
    changed: dict[str, datetime] = field(default_factory=dict)
    troubles: list[Response | None] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)
    needs: str = ""

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    @property
    def host(self) -> str:
        return "localhost"

    def url(self, name: str) -> str:
        return self.server.url_for(f"/{name}")

    def setup(self, *names: str, secrets: Mapping[str, str] = MappingProxyType({}), **said: Any) -> Setup:
        return Setup("focus", {"addresses": list(map(self.url, names)), **said}, secrets, LOOPBACK, self.folder)

    def serve(self, name: str, *charges: Mapping[str, Any], at: datetime = NOW) -> None:
        self.contents[name], self.changed[name] = packed([dict(each) for each in charges]), at

    def lay(self, name: str, *charges: Mapping[str, Any], at: datetime = NOW - timedelta(hours=1)) -> Path:
        return self.write(name, packed([dict(each) for each in charges]), at)

    def write(self, name: str, content: bytes, at: datetime = NOW - timedelta(hours=1)) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, (at.timestamp(), at.timestamp()))
        return path

    def answer(self, request: Request) -> Response:
        response = (self.troubles.pop(0) if self.troubles else None) or self._content(request)
        self.asked.append((request.path[1:], response.status_code))
        return response

    def _content(self, request: Request) -> Response:
        name = request.path[1:]
        if self.needs and request.headers.get("Authorization") != self.needs:
            return Response(status=401)
        if name not in self.contents:
            return Response(status=404)
        content, date = self.contents[name], http_date(self.changed[name])
        etag = f'"{hashlib.md5(content).hexdigest()}"'
        told = {ETAG: {"ETag": etag}, DATE: {"Last-Modified": date}, NOTHING: {}}[self.tells]
        if self.tells == ETAG and request.headers.get("If-None-Match") == etag:
            return Response(status=304)
        if self.tells == DATE and request.headers.get("If-Modified-Since") == date:
            return Response(status=304)
        return Response(content, headers=told)


def october(amount: Any = "1.5") -> dict[str, Any]:
    return month("2026-10", amount)


def cut(content: bytes) -> Sequence[bytes]:
    return [content[: len(content) // 2]]
