"""What Jira sends: https://developer.atlassian.com/cloud/jira/platform/webhooks/

A delivery knows an issue as it is, and one change of it. What it cannot tell without forgetting what the history knows
is left to the next poll.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.jira import issues, worklogs
from integrations.jira.account import INCIDENTS, Account, Item, account, name_of
from integrations.jira.history import NEW, category, instant
from ops_console.contracts.integration import Rejected
from ops_console.contracts.signatures import is_signed_sha256
from ops_console.contracts.sources import Arrival, Ignored, Told

SIGNATURE, PREFIX = "x-hub-signature", "sha256="
IDENTIFIER = "x-atlassian-webhook-identifier"
SECOND = timedelta(seconds=1)
LATER = "What was before is in its history; the next poll tells it."
Body = Mapping[str, Any]


def arrival(headers: Mapping[str, str], body: bytes) -> Arrival:
    """Cloud names a delivery, and keeps the name when it tries again."""
    try:
        event = str(_said(body).get("webhookEvent") or "unknown")
    except Rejected:
        event = "unknown"
    return Arrival(headers.get(IDENTIFIER) or hashlib.sha256(body).hexdigest(), event)


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:  # noqa: ARG001
    """Jira signs the body alone, and only for webhooks to which an administrator gave a secret. An old delivery that is
    sent again says nothing new: what is known already is younger.
    """
    given = headers.get(SIGNATURE, "")
    if not given.startswith(PREFIX):
        remedy = "Register the webhook as an administrator, with a secret."
        raise Rejected("The delivery is not signed.", remedy=remedy)
    if not is_signed_sha256(body, given.removeprefix(PREFIX), secrets):
        raise Rejected("The signature is wrong.", remedy="The webhook and this source must share a secret.")


def facts(event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told]:
    reading = READINGS.get(event)
    if reading is None:
        raise Ignored(f"{event} says nothing that is counted, or nothing that the next poll does not tell better.")
    said, here = _said(body), account(settings)
    try:
        return _read(reading, said, here)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Rejected(f"The {event} lacks what it should have: {type(error).__name__} {error}.") from error


def _read(reading: "Reading", said: Body, here: Account) -> Sequence[Told]:
    issue = said["issue"]
    if not here.has_project(issue):
        raise Ignored(f"{issue['fields']['project']['key']} is not among the projects of this source.")
    kind = issues.kind_of(issue, here)
    if kind is None and not here.category(issue):
        raise Ignored(f"A {name_of(issue['fields'].get('issuetype'))} is neither a request nor an incident, nor toil.")
    return reading(said, issue, here)


def _said(body: bytes) -> Body:
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Rejected("The body is no JSON object.", remedy="Let the webhook send the body that Jira makes.")
    return said


def _created(_said: Body, issue: Item, here: Account) -> Sequence[Told]:
    told = [issues.from_webhook(issue, here)] if issues.kind_of(issue, here) else []
    return told + _toil(issue, here)


def _updated(said: Body, issue: Item, here: Account) -> Sequence[Told]:
    told = _toil(issue, here)
    if issues.kind_of(issue, here) and _is_whole(said, issue, here):
        told = [issues.from_webhook(issue, here), *told]
    if not told:
        raise Ignored(LATER)
    return told


def _deleted(said: Body, issue: Item, here: Account) -> Sequence[Told]:
    kind = issues.kind_of(issue, here)
    if kind is None:
        raise Ignored("Work that was logged on an issue stays when the issue is deleted.")
    return [issues.gone(kind, issue["key"], datetime.fromtimestamp(said["timestamp"] / 1000, UTC))]


def _is_whole(said: Body, issue: Item, here: Account) -> bool:
    """Whether nothing is forgotten: of an issue that never left its first category; and of incidents a change of their
    status is worth to be told at once.
    """
    fields = issue["fields"]
    changed_at = fields.get("statuscategorychangedate")
    never_moved = bool(changed_at) and instant(changed_at) - instant(fields["created"]) < SECOND
    changed = {str(each.get("fieldId") or each.get("field")).casefold() for each in _items(said)}
    if category(fields["status"]) == NEW:
        return never_moved
    return issues.kind_of(issue, here) == INCIDENTS and "status" in changed


def _items(said: Body) -> Sequence[Item]:
    return (said.get("changelog") or {}).get("items") or ()


def _toil(issue: Item, here: Account) -> list[Told]:
    site = str(issue.get("self") or here.api_url).partition("/rest/")[0]
    logged = (issue["fields"].get("worklog") or {}).get("worklogs") or ()
    return worklogs.toil(issue, logged, here, site)


Reading = Callable[[Body, Item, Account], Sequence[Told]]
READINGS: Mapping[str, Reading] = {
    "jira:issue_created": _created,
    "jira:issue_updated": _updated,
    "jira:issue_deleted": _deleted,
}
