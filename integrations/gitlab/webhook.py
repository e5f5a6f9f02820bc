"""What GitLab sends: https://docs.gitlab.com/user/project/integrations/webhook_events/

Webhooks that fail are tried again, and switched off when they fail often; the poll brings what they would have said.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from integrations.gitlab import changes, deployments, incidents, pipelines
from integrations.gitlab.account import Account, Item, account
from ops_console.contracts.integration import Rejected
from ops_console.contracts.signatures import is_secret, is_signed_standard
from ops_console.contracts.sources import Arrival, Ignored, Told

SIGNATURE, TOKEN = "webhook-signature", "x-gitlab-token"
NAMES = ("idempotency-key", "webhook-id")
EVENT_UUID = "x-gitlab-event-uuid"


def arrival(headers: Mapping[str, str], body: bytes) -> Arrival:
    """A delivery that is tried again keeps its key. An event's UUID alone is no name: all that one event sets off, and
    what that sets off in its turn, carry the same.
    """
    try:
        event = str(_said(body).get("object_kind") or "unknown")
    except Rejected:
        event = "unknown"
    named = next((headers[name] for name in NAMES if headers.get(name)), None)
    return Arrival(named or hashlib.sha256(headers.get(EVENT_UUID, "").encode() + body).hexdigest(), event)


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:
    """By the signing token, or by the secret token that older webhooks send along."""
    is_signed = SIGNATURE in headers and is_signed_standard(headers, body, secrets, now)
    if is_signed or is_secret(headers.get(TOKEN, ""), secrets):
        return
    if SIGNATURE in headers:
        remedy = "The webhook and this source must share the signing token, and their clocks the time."
        raise Rejected("The signature is wrong, or older than five minutes.", remedy=remedy)
    raise Rejected(
        "The delivery is not signed and has no token of this source.", remedy="Give the webhook a signing token."
    )


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told]:
    reading = READINGS.get(event)
    if reading is None:
        raise Ignored(f"{event} says nothing that is counted.")
    said, here = _said(body), account(settings)
    try:
        path = str(said["project"]["path_with_namespace"])
        project = here.project(path)
        if project is None:
            raise Ignored(f"{path} is not among the projects of this source.")
        return [reading(said, project, here)]
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Rejected(f"The {event} lacks what it should have: {type(error).__name__} {error}.") from error


def _said(body: bytes) -> Item:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Rejected("The body is no JSON object.", remedy="Let the webhook send the body that GitLab makes.")
    return said


def _merge(said: Item, project: str, _here: Account) -> Told:
    merge = said["object_attributes"]
    if merge.get("action") != "merge":
        raise Ignored("Only merge requests that are merged count.")
    return changes.from_webhook(merge, project)


def _pipeline(said: Item, project: str, here: Account) -> Told:
    pipeline = said["object_attributes"]
    named = here.pipeline(project, pipeline.get("name"))
    if named is None or pipeline.get("status") == pipelines.SKIPPED:
        raise Ignored("Nobody said what this pipeline does, or it was skipped.")
    return pipelines.from_webhook(pipeline, project, named)


def _issue(said: Item, project: str, here: Account) -> Told:
    issue = said["object_attributes"]
    kind = str(issue.get("issue_type") or issue.get("type") or said.get("object_kind"))
    if kind.lower() != incidents.INCIDENT:
        raise Ignored(f"An issue of the type {kind} is no incident.")
    return incidents.from_webhook(issue, said.get("labels") or issue.get("labels") or (), project, here)


READINGS: Mapping[str, Callable[[Item, str, Account], Told]] = {
    "deployment": deployments.from_webhook,
    "merge_request": _merge,
    "pipeline": _pipeline,
    "issue": _issue,
    "incident": _issue,
    "work_item": _issue,
}
