"""An action as a form writes it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ops_console.practices.promises import Errors, Promise
from ops_console.records.actions import Action
from ops_console.web.annotation_form import one_line

FIELDS = ("title", "done_when", "kind", "priority", "cause", "owner", "due_on")


def read(form: Mapping[str, str]) -> tuple[Promise | None, Errors]:
    """What was filled in; `promises.check` says what else is wrong with it."""
    due_on, errors = read_due(form.get("due_on", ""))
    if due_on is None:
        return None, errors
    said = {name: one_line(form.get(name, "")) for name in FIELDS}
    return Promise(
        title=said["title"],
        done_when=said["done_when"],
        kind=said["kind"],
        priority=said["priority"],
        owner=said["owner"].lower(),
        due_on=due_on,
        cause=said["cause"] or None,
    ), []


def read_due(text: str) -> tuple[date | None, Errors]:
    try:
        return date.fromisoformat(text.strip()), []
    except ValueError:
        return None, [("due_on", "Write the day as 2026-11-30.")]


def filled(form: Mapping[str, str], action: Action | None, usual: Mapping[str, Any]) -> dict[str, str]:
    """What the form shows: what was sent, else the action that is to change, else what is usual."""
    if form:
        return {name: form.get(name, "") for name in FIELDS}
    kept = {name: getattr(action, name) for name in FIELDS} if action else dict(usual)
    return {name: "" if kept.get(name) is None else str(kept[name]) for name in FIELDS}
