"""A merged merge request as a fact; the API knows its commits and reviews besides."""

from collections.abc import Sequence
from typing import Any

from integrations.gitlab.account import Item, instant, is_bot
from integrations.gitlab.told import delivered, fact, polled
from ops_console.contracts.sources import Told
from ops_console.core.clock import iso

APPROVED = "approved this merge request"
"""What GitLab itself notes when somebody approves."""


def from_poll(merge: Item, commits: Sequence[Item], notes: Sequence[Item], project: str) -> Told:
    author = merge.get("author") or {}
    others = [each for each in notes if (each.get("author") or {}).get("id") != author.get("id")]
    approved = [instant(each["created_at"]) for each in others if each.get("system") and each.get("body") == APPROVED]
    reviewed = [instant(each["created_at"]) for each in others if not each.get("system")]
    authored = [instant(each.get("authored_date") or each["created_at"]) for each in commits]
    return _fact(
        merge,
        project,
        url=merge.get("web_url"),
        updated_at=polled(instant(merge["updated_at"])),
        first_commit_at=iso(min(authored, default=None)),
        first_review_at=iso(min([*reviewed, *approved], default=None)),
        approved_at=iso(min(approved, default=None)),
        merged_at=iso(instant(merge["merged_at"])),
        author=author.get("username"),
        is_bot=is_bot(author),
    )


def from_webhook(merge: Item, project: str) -> Told:
    """Whose it is, is not told: whoever sends the webhook is who merged it."""
    at = instant(merge["updated_at"])
    return _fact(
        merge,
        project,
        url=merge.get("url"),
        updated_at=delivered(at, "merged"),
        merged_at=iso(instant(merge["merged_at"]) if merge.get("merged_at") else at),
    )


def _fact(merge: Item, project: str, **values: Any) -> Told:
    return fact(
        "changes",
        external_id=f"{project}!{merge['iid']}",
        service=project,
        repository=project,
        title=str(merge.get("title") or "")[:2000] or None,
        opened_at=iso(instant(merge["created_at"])),
        git_sha=merge.get("merge_commit_sha") or merge.get("squash_commit_sha") or merge.get("sha"),
        **values,
    )
