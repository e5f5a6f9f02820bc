"""An issue of the type incident as a fact."""

import re
from collections.abc import Sequence
from typing import Any

from integrations.gitlab.account import Account, Item, instant
from integrations.gitlab.told import delivered, fact, polled
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

INCIDENT, CLOSED = "incident", "closed"
SEVERITIES = {"critical": "SEV1", "high": "SEV2", "medium": "SEV3", "low": "SEV4"}
ISSUE = re.compile(r"/projects/(\d+)/issues/(\d+)$")


def is_open(issue: Item) -> bool:
    return issue.get("state") != CLOSED


def from_poll(issue: Item, project: str, account: Account) -> Told:
    links = issue.get("_links") or {}
    original = ISSUE.search(str(links.get("closed_as_duplicate_of") or ""))
    is_ours = original is not None and original[1] == str(issue.get("project_id"))
    return _fact(
        issue,
        project,
        [str(each) for each in issue.get("labels") or ()],
        account,
        url=issue.get("web_url"),
        updated_at=polled(instant(issue["updated_at"])),
        duplicate_of=f"{project}#{original[2]}" if original is not None and is_ours else None,
    )


def from_webhook(issue: Item, labels: Sequence[Item], project: str, account: Account) -> Told:
    at = instant(issue["updated_at"])
    names = [str(each.get("title") or "") for each in labels]
    return _fact(
        issue, project, names, account, url=issue.get("url"), updated_at=delivered(at, str(issue.get("state")))
    )


def _fact(issue: Item, project: str, labels: Sequence[str], account: Account, **values: Any) -> Told:
    """GitLab knows when an incident was closed last, and calls that its end."""
    closed_at = iso(instant(issue["closed_at"])) if issue.get("closed_at") and not is_open(issue) else None
    return fact(
        "incidents",
        external_id=f"{project}#{issue['iid']}",
        service=_service(labels, account) or project,
        title=str(issue.get("title") or issue["iid"])[:2000],
        severity=SEVERITIES.get(str(issue.get("severity")).lower()),
        status="open" if is_open(issue) else "resolved",
        detected_at=iso(instant(issue["created_at"])),
        restored_at=closed_at,
        resolved_at=closed_at,
        **values,
    )


def _service(labels: Sequence[str], account: Account) -> str:
    key = f"{account.service_label}::"
    return next((each.removeprefix(key) for each in labels if account.service_label and each.startswith(key)), "")
