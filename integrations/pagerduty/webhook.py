"""What PagerDuty sends: https://developer.pagerduty.com/docs/webhooks-overview

A delivery knows one event. Of what it cannot tell without forgetting what the log knows, the log is asked at once.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from integrations.pagerduty import incidents
from integrations.pagerduty.account import account, name_of
from integrations.pagerduty.history import instant
from integrations.pagerduty.log import ACKNOWLEDGE, RESOLVE, Entry, is_person
from ops_console.contracts.integration import Rejected
from ops_console.contracts.signatures import is_signed_sha256
from ops_console.contracts.sources import Arrival, Hint, Ignored, Told

SIGNATURE, PREFIX = "x-pagerduty-signature", "v1="
REOPENED = "The incident was reopened, and only its log knows what was before; it is asked at once."
Body = Mapping[str, Any]


def arrival(headers: Mapping[str, str], body: bytes) -> Arrival:
    """An event that is sent again, or by a second subscription, keeps its id."""
    try:
        event = _event(body)
    except Rejected:
        event = {}
    named = event.get("id") or headers.get("x-webhook-id") or hashlib.sha256(body).hexdigest()
    return Arrival(str(named), str(event.get("event_type") or "unknown"))


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """PagerDuty signs the body alone, once with each of its own secrets; an old one that is sent again is known by the
    id it carries.
    """
    signatures = [each.strip() for each in headers.get(SIGNATURE, "").split(",")]
    given = [each.removeprefix(PREFIX) for each in signatures if each.startswith(PREFIX)]
    if not given:
        raise Rejected("The delivery is not signed.", remedy="Use a webhook subscription of version 3.")
    matches = [is_signed_sha256(body, each, secrets) for each in given]
    if not any(matches):
        raise Rejected("The signature is wrong.", remedy="The webhook and this source must share a secret.")


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told]:
    reading = READINGS.get(event)
    if reading is None:
        raise Ignored(f"{event} says nothing that is counted, or nothing that the next poll does not tell better.")
    said, here = _event(body), account(settings)
    try:
        incident = said["data"]
        if not here.has_service(incident.get("service")):
            raise Ignored(f"{name_of(incident.get('service'))} is not among the services of this source.")
        if incident.get("reopened_at"):
            raise Hint(REOPENED)
        return incidents.told(incident, reading(said), instant(said["occurred_at"]), here)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Rejected(f"The {event} lacks what it should have: {type(error).__name__} {error}.") from error


def _event(body: bytes) -> Body:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    event = said.get("event") if isinstance(said, dict) else None
    if not isinstance(event, dict):
        raise Rejected("The body is no event.", remedy="Use a webhook subscription of version 3.")
    return event


def _triggered(_said: Body) -> list[Entry]:
    return []


def _acknowledged(said: Body) -> list[Entry]:
    return [Entry(instant(said["occurred_at"]), ACKNOWLEDGE, is_person(said.get("agent")))]


def _resolved(said: Body) -> list[Entry]:
    return [Entry(instant(said["occurred_at"]), RESOLVE, is_person(said.get("agent")))]


def _reopened(_said: Body) -> list[Entry]:
    raise Hint(REOPENED)


def _priority(said: Body) -> list[Entry]:
    """Priorities are mostly given while nobody has acknowledged it, and then nothing is forgotten."""
    if said["data"]["status"] != "triggered":
        raise Hint("When it was acknowledged and restored is in its log; it is asked at once.")
    return []


READINGS: Mapping[str, Callable[[Body], list[Entry]]] = {
    "incident.triggered": _triggered,
    "incident.acknowledged": _acknowledged,
    "incident.resolved": _resolved,
    "incident.priority_updated": _priority,
    "incident.reopened": _reopened,
}
