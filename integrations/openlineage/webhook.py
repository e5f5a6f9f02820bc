"""What senders of OpenLineage send: https://openlineage.io/docs/spec/object-model

It is neither signed nor numbered: a bearer token says who it is, and the same words are the same delivery.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from integrations.openlineage import events
from integrations.openlineage.readings import told
from integrations.openlineage.rules import rules
from ops_console.contracts.integration import Rejected
from ops_console.contracts.signatures import credential, is_secret
from ops_console.contracts.sources import Arrival, Ignored, Setup, Told


def check(setup: Setup) -> tuple[str, ...]:
    found = rules(setup.settings)
    return (f"Pipelines whose flow is known: {len(found.pipelines)}.",)


def arrival(headers: Mapping[str, str], body: bytes) -> Arrival:  # noqa: ARG001
    try:
        kind = events.kind_of(json.loads(body))
    except ValueError:
        kind = "unknown"
    return Arrival(hashlib.sha256(body).hexdigest(), kind)


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Whoever knows the key may send; what is sent again says nothing new."""
    given = credential(headers.get("authorization", ""))
    if not given:
        raise Rejected("No API key was sent.", remedy="Set api_key of the transport, or OPENLINEAGE_API_KEY.")
    if not is_secret(given, secrets):
        raise Rejected("The API key is wrong.", remedy="Sender and source must share it.")


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told]:
    here, said = rules(settings), _parsed(body)
    if "run" not in said:
        raise Ignored(f"An event of a {event} tells of no run.")
    try:
        happened = events.event(said)
        if happened.namespace in here.left_out:
            raise Ignored(f"{happened.namespace[:100]} is left out, as the settings say.")
        found = told(happened, here)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Rejected(f"The {event} lacks what it should have: {type(error).__name__} {error}.") from error
    if not found:
        raise Ignored("A step of another run; it checked nothing.")
    return found


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Rejected("The body is no JSON object.")
    return said
