"""A wall of calendars on loopback, with tags, and how they are written."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from ops_console.contracts.sources import Setup
from ops_console.core.settings import networks

LOOPBACK = networks("127.0.0.0/8, ::1/128")
BEGAN = datetime(2026, 10, 1, tzinfo=UTC)
DAY = timedelta(days=1)
SECRET = "pX9s3cret"


def event(summary: str = "Ana", began: str = "20261005T090000Z", ended: str = "20261006T090000Z", *more: str) -> str:
    """An event; `more` are further lines, of which a UID takes the place of its own. Times may have parameters."""
    times = [
        f"{name}{at if at.startswith(';') else f':{at}'}" for name, at in (("DTSTART", began), ("DTEND", ended)) if at
    ]
    own = [] if any(line.startswith("UID") for line in more) else [f"UID:{summary}-{began}"]
    return "\r\n".join(["BEGIN:VEVENT", *own, f"SUMMARY:{summary}", *times, *more, "END:VEVENT"])


def shift(person: str, day: int, *more: str) -> str:
    """A day from 09:00 to 09:00 UTC, so many days after the beginning."""
    at = BEGAN + day * DAY + timedelta(hours=9)
    return event(person, f"{at:%Y%m%dT%H%M%SZ}", f"{at + DAY:%Y%m%dT%H%M%SZ}", *more)


def calendar(*events: str, head: str = "") -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//wall//EN",
        *([head] if head else []),
        *events,
        "END:VCALENDAR",
    ]
    return "\r\n".join([*lines, ""])


@dataclass
class Wall:
    """`files` by path; `troubles` answer before them, in turn; `asked` keeps path and status of each answer."""

    server: HTTPServer
    files: dict[str, str] = field(default_factory=dict)
    troubles: list[Response | None] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request(re.compile("^/")).respond_with_handler(self.answer)

    def lines(self) -> list[str]:
        """How the calendars are named at the set-up: by their paths."""
        return [f"{path.removeprefix('/').removesuffix('.ics')} {self.server.url_for(path)}" for path in self.files]

    def setup(self, **changes: Any) -> Setup:
        return Setup("ical", {"calendars": self.lines()} | changes, {}, LOOPBACK)

    def answer(self, request: Request) -> Response:
        answer = self._answer(request)
        self.asked.append((request.path, answer.status_code))
        return answer

    def _answer(self, request: Request) -> Response:
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            return trouble
        if request.path not in self.files:
            return Response("Not Found", 404)
        content = self.files[request.path]
        tag = f'"{hashlib.sha256(content.encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag})
        return Response(content, headers={"ETag": tag}, content_type="text/calendar")
