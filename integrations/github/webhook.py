"""What GitHub sends: https://docs.github.com/webhooks/webhook-events-and-payloads

Failed deliveries are not repeated by GitHub; the poll brings what they would have said.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

from integrations.github import changes, deployments, runs
from integrations.github.account import Account, account
from integrations.github.deployments import INACTIVE, Status, instant
from ops_console.contracts.integration import Rejected
from ops_console.contracts.signatures import is_signed_sha256
from ops_console.contracts.sources import Arrival, Hint, Ignored, Told

SIGNATURE, PREFIX = "x-hub-signature-256", "sha256="
FORM = b"payload="
Body = Mapping[str, Any]


def arrival(headers: Mapping[str, str], body: bytes) -> Arrival:
    """A delivery that is sent again by hand keeps its id."""
    delivery_id = headers.get("x-github-delivery") or hashlib.sha256(body).hexdigest()
    return Arrival(delivery_id, headers.get("x-github-event") or "unknown")


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """GitHub signs the body alone, so an old delivery can be sent again by whoever overheard it: its id is known, and
    under another id it says nothing new.
    """
    given = headers.get(SIGNATURE, "")
    if not given.startswith(PREFIX):
        raise Rejected("The delivery is not signed.", remedy="Give the webhook a secret.")
    if not is_signed_sha256(body, given.removeprefix(PREFIX), secrets):
        raise Rejected("The signature is wrong.", remedy="The webhook and this source must share a secret.")


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told]:
    reading = READINGS.get(event)
    if reading is None:
        raise Ignored(f"{event} says nothing that is counted.")
    said, here = _parsed(body), account(settings)
    named = str((said.get("repository") or {}).get("full_name") or "")
    repository = here.repository(named)
    if repository is None:
        raise Ignored(f"{named or 'No repository'} is not among the repositories of this source.")
    try:
        return [reading(said, repository, here)]
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Rejected(f"The {event} lacks what it should have: {type(error).__name__} {error}.") from error


def _parsed(body: bytes) -> Body:
    if body.startswith(FORM):
        raise Rejected("The delivery is a form.", remedy="Set the webhook's content type to application/json.")
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Rejected("The body is no JSON object.")
    return said


def _deployment(said: Body, repository: str, here: Account) -> Told:
    return deployments.fact(said["deployment"], (), repository, here)


def _status(said: Body, repository: str, here: Account) -> Told:
    status = said["deployment_status"]
    if status["state"] == INACTIVE:
        raise Ignored("Another deployment has replaced this one, which is no outcome.")
    known = Status(instant(status["created_at"]), status["state"])
    return deployments.fact(said["deployment"], (known,), repository, here)


def _pull(said: Body, repository: str, _here: Account) -> Told:
    if said.get("action") != "closed" or not said["pull_request"].get("merged_at"):
        raise Ignored("Only pull requests that are merged count.")
    return changes.from_webhook(said["pull_request"], repository)


def _run(said: Body, repository: str, here: Account) -> Told:
    run = said["workflow_run"]
    workflow = runs.workflow_of(run, here)
    if workflow is None or runs.is_skipped(run):
        raise Ignored("Nobody said what this workflow does, or it was skipped.")
    return runs.fact(run, repository, workflow)


def _release(said: Body, _repository: str, _here: Account) -> NoReturn:
    raise Hint(f"A release was {said['action']}: its commit, and what holds now, are asked for at once.")


READINGS: Mapping[str, Callable[[Body, str, Account], Told]] = {
    "deployment": _deployment,
    "deployment_status": _status,
    "pull_request": _pull,
    "workflow_run": _run,
    "release": _release,
}
