"""A deployment as a fact, as the API and as the webhook tell it."""

import re
from typing import Any

from integrations.gitlab.account import Account, Item, instant, is_bot
from integrations.gitlab.told import delivered, fact, polled
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

STATUSES = {"success": "succeeded", "failed": "failed", "canceled": "cancelled", "skipped": "cancelled"}
"""How a deployment ended; one that is created, blocked or running did not."""
RUNNING = "running"
TAG = re.compile(r"v?\d+(\.\d+)+([-+.].*)?")


def is_open(deployment: Item) -> bool:
    return deployment.get("status") not in STATUSES


def from_poll(deployment: Item, project: str, tier: str | None, account: Account) -> Told:
    job, environment = deployment.get("deployable") or {}, deployment.get("environment") or {}
    updated_at = instant(deployment["updated_at"])
    finished_at = deployment.get("finished_at") or job.get("finished_at")
    return _fact(
        deployment["id"],
        project,
        str(deployment.get("status")),
        deployment.get("user") or {},
        url=(job.get("pipeline") or {}).get("web_url"),
        updated_at=polled(updated_at),
        version=_version(deployment, is_tag=bool(job.get("tag")), sha=str(deployment.get("sha") or "")),
        environment=account.environment(str(environment.get("name") or ""), environment.get("tier") or tier),
        requested_at=iso(instant(deployment["created_at"])),
        started_at=iso(instant(job["started_at"])) if job.get("started_at") else None,
        finished_at=None if is_open(deployment) else iso(instant(finished_at) if finished_at else updated_at),
        git_sha=deployment.get("sha"),
    )


def from_webhook(said: Item, project: str, account: Account) -> Told:
    """A delivery knows the time of one change, and the whole commit by its address alone."""
    status, at = str(said.get("status")), instant(said["status_changed_at"])
    sha = str(said.get("commit_url") or "").rpartition("/")[2] or str(said.get("short_sha") or "")
    return _fact(
        said["deployment_id"],
        project,
        status,
        said.get("user") or {},
        url=said.get("deployable_url"),
        updated_at=delivered(at, status),
        version=_version(said, is_tag=False, sha=sha),
        environment=account.environment(str(said.get("environment") or ""), said.get("environment_tier")),
        started_at=iso(at) if status == RUNNING else None,
        finished_at=None if is_open(said) else iso(at),
        git_sha=sha or None,
    )


def _fact(number: int, project: str, status: str, user: Item, **values: Any) -> Told:
    return fact(
        "deployments",
        external_id=str(number),
        service=project,
        status=STATUSES.get(status, RUNNING),
        actor=user.get("username"),
        is_bot=is_bot(user),
        **values,
    )


def _version(deployment: Item, *, is_tag: bool, sha: str) -> str:
    ref = str(deployment.get("ref") or "")
    return ref if ref and (is_tag or TAG.fullmatch(ref)) else sha or ref
