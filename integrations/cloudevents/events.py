"""Events out of a delivery, whichever way they were sent.

Data that are a CDEvent name themselves, so the body tells all, also where the headers said the same (binary mode).
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Arrival

PREFIX = "dev.cdevents."
LONGEST = 300
Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """A CDEvent. `name` is its type without prefix and version, such as `incident.detected`."""

    name: str
    key: str
    at: datetime
    subject: str
    source: str
    id: str
    content: Body
    custom: Body


def arrival(headers: Mapping[str, str], body: bytes) -> Arrival:
    """Source and id together name an event; a batch is known by its words."""
    if "ce-id" in headers:
        return _named(*(unquote(headers.get(f"ce-{name}", "")) for name in ("source", "id", "type")))
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if isinstance(said, list):
        return Arrival(hashlib.sha256(body).hexdigest(), f"batch of {len(said)}")
    context = _context(said)
    if not context.get("id"):
        return Arrival(hashlib.sha256(body).hexdigest(), "unknown")
    return _named(*(str(context.get(name, "")) for name in ("source", "id", "type")))


def said_in(body: bytes) -> Sequence[Any]:
    """What a delivery holds, one by one."""
    try:
        said = json.loads(body)
    except ValueError:
        raise Rejected("The body is no JSON.") from None
    return said if isinstance(said, list) else [said]


def type_of(said: Any) -> str:
    return str(_context(said).get("type") or "")


def name_of(kind: str) -> str:
    """`dev.cdevents.incident.detected.0.2.0-draft` without what is the same in all; empty if it is no CDEvent."""
    return ".".join(kind.removeprefix(PREFIX).split(".")[:2]) if kind.startswith(PREFIX) else ""


def event(said: Any) -> Event:
    """A CDEvent, in an envelope or bare."""
    found = _data(said)
    context, subject = found["context"], found["subject"]
    source, custom = str(context["source"]), found.get("customData")
    return Event(
        name=name_of(str(context["type"])),
        key=name(source, str(context["id"])),
        at=datetime.fromisoformat(context["timestamp"]).astimezone(UTC),
        subject=name(str(subject.get("source") or source), str(subject["id"])),
        source=source,
        id=str(subject["id"]),
        content=subject.get("content") or {},
        custom=custom if isinstance(custom, dict) else {},
    )


def name(source: str, id_: str) -> str:
    """One name of what only both together name; a hash where it is too long to be kept."""
    together = f"{source}#{id_}"
    return together if len(together) <= LONGEST else hashlib.sha256(together.encode()).hexdigest()


def _named(source: str, id_: str, kind: str) -> Arrival:
    return Arrival(name(source, id_), kind or "unknown")


def _context(said: Any) -> Body:
    """What says who an event is: an envelope, or the context of a bare CDEvent."""
    if not isinstance(said, dict):
        return {}
    context = said.get("context")
    return context if isinstance(context, dict) else said


def _data(said: Body) -> Body:
    if "context" in said:
        return said
    data: Body = json.loads(base64.b64decode(said["data_base64"])) if "data_base64" in said else said["data"]
    return data
