"""What a stored value of any field reads like."""

from datetime import datetime
from typing import Any

from ops_console.core import units
from ops_console.web.view import workspace


def local(when: datetime | None) -> str:
    """A time as `<input type=datetime-local>` wants it, in the workspace's zone."""
    return when.astimezone(workspace().zone).strftime("%Y-%m-%dT%H:%M:%S") if when else ""


def told(value: Any) -> str:
    """A value in words: times in the workspace's zone, truths as yes and no, lists with commas."""
    if value is None or value == "" or value == []:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_part(str(part)) for part in value)
    return _moment(str(value)) or str(value).replace("_", " ")


def _part(text: str) -> str:
    """One of a list; a stretch of time as its two ends."""
    began, slash, ended = text.partition("/")
    since = _moment(began) if slash else ""
    return f"{since} to {_moment(ended) or 'now'}" if since else text


def _moment(text: str) -> str:
    """A time in the workspace's zone; empty where the text is none."""
    try:
        return units.instant(datetime.fromisoformat(text), workspace().zone)
    except ValueError:
        return ""
