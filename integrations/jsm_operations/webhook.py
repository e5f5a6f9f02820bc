"""What JSM Operations and Opsgenie send: https://support.atlassian.com/opsgenie/docs/opsgenie-edge-connector-alert-action-data/

Nothing is signed: whoever sends a delivery shows the secret in a header. A delivery knows an alert as it is, and one
change of it; what it cannot tell without forgetting what was before is left to the next poll.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from integrations.jsm_operations import alerts
from integrations.jsm_operations.account import Account, Item, account
from ops_console.contracts.integration import Rejected
from ops_console.contracts.signatures import credential, is_secret
from ops_console.contracts.sources import Arrival, Ignored, Told


def arrival(headers: Mapping[str, str], body: bytes) -> Arrival:  # noqa: ARG001
    """Deliveries have no names; the same words are the same delivery."""
    try:
        action = str(_said(body).get("action") or "unknown")
    except Rejected:
        action = "unknown"
    return Arrival(hashlib.sha256(body).hexdigest(), action)


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Whoever knows the secret may send; what is sent again says nothing new."""
    given = credential(headers.get("authorization", ""))
    if not given:
        remedy = "Give the webhook integration a header Authorization with Bearer and the secret."
        raise Rejected("Neither a token nor a password was sent.", remedy=remedy)
    if not is_secret(given, secrets):
        raise Rejected("The token or password is wrong.", remedy="The webhook and this source must share it.")


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told]:
    reading = READINGS.get(event)
    if reading is None:
        raise Ignored(f"{event} says nothing that is counted, or nothing that the next poll does not tell better.")
    said, here = _said(body), account(settings)
    try:
        return [reading(said["alert"], here)]
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Rejected(f"The {event} lacks what it should have: {type(error).__name__} {error}.") from error


def _said(body: bytes) -> Item:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Rejected("The body is no JSON object.", remedy="Let the webhook send the body that it makes by itself.")
    return said


def _deleted(alert: Item, _here: Account) -> Told:
    return alerts.deleted(alert)


READINGS: Mapping[str, Callable[[Item, Account], Told]] = {
    "Create": alerts.from_webhook,
    "Acknowledge": partial(alerts.from_webhook, acknowledged=True),
    "Close": partial(alerts.from_webhook, closed=True),
    "Delete": _deleted,
}
