"""What Alertmanager sends: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config

It signs nothing and numbers nothing: a token or password says who it is, and the same words are the same delivery.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from integrations.alertmanager import alerts
from integrations.alertmanager.rules import Rules, rules
from ops_console.contracts.integration import Rejected
from ops_console.contracts.signatures import credential, is_secret
from ops_console.contracts.sources import Arrival, Ignored, Note, Setup, Told

EVENT = "alerts"
Body = Mapping[str, Any]


def check(setup: Setup) -> tuple[str, ...]:
    found = rules(setup.settings)
    return (f"Severities with a class: {len(found.classes)}.",)


def arrival(headers: Mapping[str, str], body: bytes) -> Arrival:  # noqa: ARG001
    return Arrival(hashlib.sha256(body).hexdigest(), EVENT)


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Whoever knows the secret may send; what is sent again says nothing new."""
    given = credential(headers.get("authorization", ""))
    if not given:
        remedy = "Give the receiver http_config.authorization or basic_auth."
        raise Rejected("Neither a token nor a password was sent.", remedy=remedy)
    if not is_secret(given, secrets):
        raise Rejected("The token or password is wrong.", remedy="Alertmanager and this source must share it.")


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told | Note]:  # noqa: ARG001
    here, said = rules(settings), _parsed(body)
    try:
        counted = [each for each in said["alerts"] if alerts.name_of(each) not in here.left_out]
        left_out = len(said["alerts"]) - len(counted)
        truncated = int(said.get("truncatedAlerts") or 0)
        return _told(counted, here, _notes(left_out, truncated))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Rejected(f"An alert lacks what it should have: {type(error).__name__} {error}.") from error


def _told(counted: Sequence[Body], here: Rules, notes: Sequence[Note]) -> Sequence[Told | Note]:
    if not counted:
        raise Ignored(" ".join(note.words for note in notes) or "It tells of no alert.")
    return [*(alerts.fact(each, here) for each in counted), *notes]


def _notes(left_out: int, truncated: int) -> Sequence[Note]:
    found = []
    if left_out:
        found.append(Note(f"Left out by name, as the settings say: {left_out}."))
    if truncated:
        found.append(Note(f"Not sent by Alertmanager, whose max_alerts is too small: {truncated}."))
    return found


def _parsed(body: bytes) -> Body:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Rejected("The body is no JSON object.")
    return said
