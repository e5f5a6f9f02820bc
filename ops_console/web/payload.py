"""A body that a vendor sent, fit to be looked at: without secrets, and without who did what."""

import json
import re
from typing import Any

GONE = "•••"
SECRET = re.compile(r"token|secret|password|passwd|authorization|signature|api_?key|private|credential|cookie", re.I)
PERSONAL = re.compile(r"e_?mail|login|avatar|gravatar|phone|^ip$|ip_?address", re.I)
PEOPLE = {"user", "sender", "creator", "author", "committer", "pusher", "actor", "triggering_actor", "assignee",
          "merged_by", "requester", "approver", "owner", "assignees", "requested_reviewers", "reviewers"}  # fmt: skip
"""Things that are a person, or people."""
INSIDE = (
    re.compile(r"(?<=://)[^/@\s]+@"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    re.compile(r"\b(?:gh[opsur]_|github_pat_|xox[abposr]-|glpat-|AKIA|sk-)[\w-]{8,}"),
)
"""Passwords in addresses, addresses of people, and keys by the way they begin."""
LONGEST = 200_000


def shown(body: bytes) -> str:
    """JSON in lines; what is none, as text."""
    try:
        said = json.dumps(_without(json.loads(body)), indent=2, ensure_ascii=False)
    except ValueError:
        said = _cleaned(body.decode("utf-8", "replace"))
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}\n… and {len(said) - LONGEST:,} more characters"


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _kept(str(key), each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without(each) for each in value]
    return _cleaned(value) if isinstance(value, str) else value


def _kept(key: str, value: Any) -> Any:
    is_hidden = SECRET.search(key) or PERSONAL.search(key) or key.lower() in PEOPLE
    return GONE if is_hidden and not isinstance(value, bool | None) else _without(value)


def _cleaned(text: str) -> str:
    for pattern in INSIDE:
        text = pattern.sub(GONE, text)
    return text
