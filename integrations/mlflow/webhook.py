"""What MLflow sends: https://mlflow.org/docs/latest/ml/webhooks/

It tells of new versions, aliases and tags, of stages and deletions nothing; the poll tells those. Its own time is that
of sending, which is within the second.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from integrations.mlflow import marks
from integrations.mlflow.account import Account, account
from integrations.mlflow.told import promotion, ready, short
from ops_console.contracts.integration import Rejected
from ops_console.contracts.signatures import is_signed_within_window
from ops_console.contracts.sources import Arrival, Ignored, Piece, Told
from ops_console.core.clock import iso

PREFIX, NAME = "x-mlflow", "delivery-id"
TRIED_OUT = "example_model"
"""The model that MLflow names when somebody tries the webhook out."""
Body = Mapping[str, Any]


def arrival(headers: Mapping[str, str], body: bytes) -> Arrival:
    """A delivery that is sent again keeps its id."""
    named = headers.get(f"{PREFIX}-{NAME}") or hashlib.sha256(body).hexdigest()
    try:
        said = _parsed(body)
    except Rejected:
        return Arrival(named, "unknown")
    return Arrival(named, f"{said.get('entity')}.{said.get('action')}")


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:
    """As Standard Webhooks, but under names of its own and with the secret as it is."""
    if f"{PREFIX}-signature" not in headers:
        raise Rejected("The delivery is not signed.", remedy="Give the webhook a secret.")
    keys = [secret.encode() for secret in secrets]
    if not is_signed_within_window(headers, PREFIX, body, keys, now, name=NAME):
        remedy = "The webhook and this source must share a secret, and their clocks the time."
        raise Rejected("The signature is wrong, or older than five minutes.", remedy=remedy)


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told]:
    reading = READINGS.get(event)
    if reading is None:
        raise Ignored(f"{event} says nothing that is counted.")
    said, here = _parsed(body), account(settings)
    try:
        data, at = said["data"], datetime.fromisoformat(said["timestamp"])
        if data["name"] == TRIED_OUT:
            raise Ignored("MLflow tried the webhook out.")
        return reading(data, at, here)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Rejected(f"The {event} lacks what it should have: {type(error).__name__} {error}.") from error


def _parsed(body: bytes) -> Body:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Rejected("The body is no JSON object.")
    return said


def _created(data: Body, at: datetime, here: Account) -> Sequence[Told]:
    """That it exists is for the poll to say; tags that it was made with count from now on."""
    model, number = str(data["name"]), str(data["version"])
    begins = {"created_at": iso(at)}
    made = Piece("model_versions", {"external_id": short(f"{model}/{number}")}, "created", at, begins)
    given = [(str(key), str(value)) for key, value in (data.get("tags") or {}).items()]
    decided = [marks.tag(key, value) for key, value in given if not key.startswith(marks.OURS)]
    return [made, *(told for mark in decided for told in _given(model, number, mark, at, here))]


def _alias(data: Body, at: datetime, here: Account) -> Sequence[Told]:
    return _given(str(data["name"]), str(data["version"]), marks.alias(str(data["alias"])), at, here)


def _tag(data: Body, at: datetime, here: Account) -> Sequence[Told]:
    if str(data["key"]).startswith(marks.OURS):
        raise Ignored("Tags that MLflow itself sets decide nothing.")
    return _given(str(data["name"]), str(data["version"]), marks.tag(str(data["key"]), str(data["value"])), at, here)


def _given(model: str, number: str, mark: str, at: datetime, here: Account) -> list[Told]:
    told: list[Told] = [ready(model, number, mark, at, here)]
    if here.environment(mark) is not None:
        told.append(promotion(model, number, mark, at, here))
    return told


READINGS: Mapping[str, Callable[[Body, datetime, Account], Sequence[Told]]] = {
    "model_version.created": _created,
    "model_version_alias.created": _alias,
    "model_version_tag.set": _tag,
}
