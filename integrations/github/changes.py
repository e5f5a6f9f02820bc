"""A merged pull request as a fact: as the webhook tells it, and as the poll knows it, with commits and reviews."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from integrations.github.deployments import BOT, instant
from ops_console.contracts.sources import Told

FULLER = timedelta(milliseconds=1)
"""The poll knows more of the same second than the webhook."""
QUERY = """
query($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: MERGED, first: 50, after: $after, orderBy: {field: UPDATED_AT, direction: DESC}) {
      pageInfo { endCursor hasNextPage }
      nodes {
        number title url createdAt mergedAt updatedAt
        mergeCommit { oid }
        author { login __typename }
        commits(first: 1) { nodes { commit { authoredDate } } }
        reviews(first: 50) { nodes { state submittedAt author { login } } }
      }
    }
  }
}
"""
"""Ordered by change: whoever walks from the newest meets everything that changed since last time."""


def from_webhook(pull: Mapping[str, Any], repository: str) -> Told:
    author = pull.get("user") or {}
    return _told(
        repository,
        pull["number"],
        url=pull.get("html_url"),
        title=pull.get("title"),
        opened_at=pull.get("created_at"),
        merged_at=pull.get("merged_at"),
        updated_at=pull.get("updated_at"),
        git_sha=pull.get("merge_commit_sha"),
        author=author.get("login"),
        is_bot=author.get("type") == BOT if author else None,
    )


def from_poll(pull: Mapping[str, Any], repository: str) -> Told:
    author = pull.get("author") or {}
    reviews = _reviews(pull, author.get("login"))
    commits = [each["commit"]["authoredDate"] for each in pull["commits"]["nodes"]]
    return _told(
        repository,
        pull["number"],
        url=pull["url"],
        title=pull["title"],
        first_commit_at=min(commits, default=None),
        opened_at=pull["createdAt"],
        first_review_at=min((each["submittedAt"] for each in reviews), default=None),
        approved_at=min((each["submittedAt"] for each in reviews if each["state"] == "APPROVED"), default=None),
        merged_at=pull["mergedAt"],
        updated_at=(instant(pull["updatedAt"]) + FULLER).isoformat(),
        git_sha=(pull.get("mergeCommit") or {}).get("oid"),
        author=author.get("login"),
        is_bot=author.get("__typename") == BOT if author else None,
    )


def _reviews(pull: Mapping[str, Any], author: str | None) -> Sequence[Mapping[str, Any]]:
    """Reviews that were sent, by others than the author; an author may comment on her own."""
    found = [each for each in pull["reviews"]["nodes"] if each.get("submittedAt")]
    return [each for each in found if (each.get("author") or {}).get("login") != author]


def _told(repository: str, number: int, **values: Any) -> Told:
    said = {"external_id": f"{repository}#{number}", "service": repository, "repository": repository, **values}
    return Told("changes", {name: value for name, value in said.items() if value is not None})
