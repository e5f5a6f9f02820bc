"""CDEvents as senders send them: bare, in an envelope, by headers, in batches."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

BEGAN = datetime(2026, 10, 1, 8, tzinfo=UTC)
SOURCE = "/delivery/eu"
MINUTE = timedelta(minutes=1)
Event = dict[str, Any]


def event(name: str, id_: str, minute: int = 0, content: Mapping[str, Any] | None = None, **custom: Any) -> Event:
    """A CDEvent about a subject; its own id follows from what it says."""
    at = BEGAN + minute * MINUTE
    said: Event = {
        "context": {
            "version": "0.5.0",
            "id": f"{name}-{id_}-{minute}",
            "source": SOURCE,
            "type": f"dev.cdevents.{name}.0.3.0",
            "timestamp": at.isoformat().replace("+00:00", "Z"),
        },
        "subject": {"id": id_, "source": SOURCE, "type": name.partition(".")[0], "content": dict(content or {})},
    }
    return said | ({"customData": custom} if custom else {})


def deployed(name: str, service: str, minute: int, tag: str, environment: str = "production", **custom: Any) -> Event:
    content = {"environment": {"id": environment}, "artifactId": f"pkg:oci/{service}@{tag}"}
    return event(f"service.{name}", service, minute, content, **custom)


def incident(name: str, id_: str, minute: int, environment: str = "production", **content: Any) -> Event:
    about = {"environment": {"id": environment}, "service": {"id": "ranker"}}
    return event(f"incident.{name}", id_, minute, about | content)


def bare(said: Any) -> bytes:
    return json.dumps(said).encode()


def envelope(said: Event) -> Event:
    context = said["context"]
    named = {"specversion": "1.0", "id": context["id"], "source": context["source"], "type": context["type"]}
    return named | {"subject": said["subject"]["id"], "time": context["timestamp"], "data": said}


def structured(said: Event) -> bytes:
    return bare(envelope(said))


def batch(*said: Event) -> bytes:
    return bare([envelope(each) for each in said])


def by_headers(said: Event) -> Mapping[str, str]:
    """What binary mode says in headers; the body is the event as it is."""
    context = said["context"]
    return {"ce-specversion": "1.0", **{f"ce-{name}": context[name] for name in ("id", "source", "type")}}
