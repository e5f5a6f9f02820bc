"""A deployment and the statuses known of it, as one fact. Webhooks know one status, the poll knows all.

GitHub's instants are whole seconds. The milliseconds of `updated_at` are ours: they grow with what is known, so that
of two views of the same second the fuller one stands, whichever comes first.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, NamedTuple

from integrations.github.account import Account
from ops_console.contracts.sources import Told

OUTCOMES = {"success": "succeeded", "failure": "failed", "error": "failed"}
INACTIVE = "inactive"
"""Set by GitHub itself when another deployment replaces this one: no rollback, and no outcome."""
TAG = re.compile(r"v?\d+(\.\d+)+([-+.].*)?")
BOT = "Bot"
MOST_COUNTED = 400


class Status(NamedTuple):
    at: datetime
    state: str


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def fact(deployment: Mapping[str, Any], statuses: Sequence[Status], repository: str, account: Account) -> Told:
    """What is known of a deployment."""
    known = relevant(statuses)
    outcome, finished_at = _outcome(known)
    started_at = next((each.at for each in known if each.state == "in_progress"), None)
    payload = _payload(deployment)
    creator = deployment.get("creator") or {}
    values = {
        "external_id": str(deployment["id"]),
        "url": f"{account.web_url}/{repository}/deployments",
        "updated_at": _updated_at(deployment, known),
        "service": _text(payload, account.subject_key) or repository,
        "version": _version(deployment, payload, account),
        "environment": account.environment(str(deployment.get("environment") or "")),
        "status": outcome,
        "kind": "rollback" if "rollback" in str(deployment.get("task")).lower() else None,
        "requested_at": deployment.get("created_at"),
        "started_at": started_at and started_at.isoformat(),
        "finished_at": finished_at and finished_at.isoformat(),
        "git_sha": deployment.get("sha"),
        "actor": creator.get("login"),
        "is_bot": creator.get("type") == BOT if creator else None,
    }
    return Told("deployments", {name: value for name, value in values.items() if value is not None})


def relevant(statuses: Sequence[Status]) -> list[Status]:
    """The statuses that say how it went, oldest first. Being replaced counts only where nothing else was decided."""
    ordered = sorted(statuses, key=lambda each: each.at)
    told = [each for each in ordered if each.state != INACTIVE]
    if any(each.state in OUTCOMES for each in told):
        return told
    return told + [each for each in ordered if each.state == INACTIVE][:1]


def is_open(statuses: Sequence[Status]) -> bool:
    """Whether more is to come."""
    known = relevant(statuses)
    return not any(each.state in OUTCOMES or each.state == INACTIVE for each in known)


def _outcome(known: Sequence[Status]) -> tuple[str, datetime | None]:
    """The last word, and since when it holds: a deployment that failed may be tried again."""
    decided = [each for each in known if each.state in OUTCOMES]
    if decided:
        last = OUTCOMES[decided[-1].state]
        tail = list(takewhile(lambda each: OUTCOMES[each.state] == last, reversed(decided)))
        return last, tail[-1].at
    if known and known[-1].state == INACTIVE:
        return "cancelled", known[-1].at
    return "running", None


def _updated_at(deployment: Mapping[str, Any], known: Sequence[Status]) -> str:
    decided = any(each.state in OUTCOMES for each in known)
    at = known[-1].at if known else instant(deployment["created_at"])
    return (at + timedelta(milliseconds=2 * min(len(known), MOST_COUNTED) + decided)).isoformat()


def _payload(deployment: Mapping[str, Any]) -> Mapping[str, Any]:
    """What whoever deployed said besides: an object, or text that holds one."""
    said = deployment.get("payload")
    if isinstance(said, str):
        try:
            said = json.loads(said)
        except ValueError:
            return {}
    return said if isinstance(said, dict) else {}


def _text(payload: Mapping[str, Any], key: str) -> str:
    said = payload.get(key) if key else None
    return str(said).strip() if isinstance(said, str | int | float) else ""


def _version(deployment: Mapping[str, Any], payload: Mapping[str, Any], account: Account) -> str:
    ref = str(deployment.get("ref") or "").removeprefix("refs/tags/")
    return _text(payload, account.version_key) or (ref if TAG.fullmatch(ref) else str(deployment.get("sha") or ref))
