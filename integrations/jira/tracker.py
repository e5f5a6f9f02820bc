"""Actions as issues: opened once, found again by their label, read whole, changed field by field."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from integrations.jira.account import Account, Item, account, name_of
from integrations.jira.api import Gone, Jira, Misunderstood
from integrations.jira.history import DONE, category, course, instant
from integrations.jira.moving import moved, standing
from integrations.jira.walk import ORDER, OVERLAP, minute, quoted
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Setup
from ops_console.contracts.tracker import (
    ACTIONS_IN,
    DUE_ON,
    OWNER,
    STATE,
    Standing,
    Task,
    Ticket,
    Values,
    Written,
)

LABEL = "ops-console"
"""On every issue that is kept in step, so that one search finds what changed."""
FIELDS = (
    "summary",
    "status",
    "resolution",
    "resolutiondate",
    "statuscategorychangedate",
    "assignee",
    "duedate",
    "created",
    "updated",
)
LONGEST_SUMMARY = 255
NOBODY = "No one who may be assigned in Jira has the address {}."


@contextmanager
def connect(setup: Setup) -> Iterator["Issues"]:
    here = account(setup.settings)
    with Jira(here, setup, writes=True) as jira:
        yield Issues(jira, here, setup.settings)


def touched(event: str, body: bytes) -> str | None:
    """Jira tells of an issue with each of its events."""
    if not event.startswith("jira:issue_"):
        return None
    try:
        number = json.loads(body)["issue"]["id"]
    except (ValueError, KeyError, TypeError):
        return None
    return str(number)


class Issues:
    """The issues of one Jira."""

    def __init__(self, jira: Jira, here: Account, settings: Mapping[str, Any]) -> None:
        self._jira, self._here = jira, here
        self._project, self._type = str(settings[ACTIONS_IN]), str(settings.get("actions_as") or "Task")
        self._person = "accountId" if jira.is_cloud else "name"

    def open(self, task: Task) -> str:
        fields = {
            "project": {"key": self._project},
            "issuetype": {"name": self._type},
            "summary": task.title[:LONGEST_SUMMARY],
            "description": self._text(task.text),
            "labels": [LABEL, task.marker],
        }
        made = self._jira.send("POST", "issue", {"fields": fields}, f"the project {self._project}")
        return str(made["id"])

    def find(self, marker: str) -> str | None:
        found = next(self._search(f"labels = {quoted([marker])} {ORDER}"), None)
        return None if found is None else str(found["id"])

    def read(self, name: str) -> Ticket | None:
        issue = self._jira.issue(name, FIELDS)
        return None if issue is None else self._ticket(issue)

    def adopt(self, number: str, marker: str) -> None:
        labels = [{"add": LABEL}, {"add": marker}]
        self._jira.send("PUT", f"issue/{number}", {"update": {"labels": labels}}, f"the labels of {number}")

    def changed(self, since: datetime) -> Iterator[tuple[str, datetime]]:
        begin = minute(since - OVERLAP, self._jira.zone())
        for issue in self._search(f'labels = {quoted([LABEL])} AND updated >= "{begin}" {ORDER}'):
            yield str(issue["id"]), instant(issue["fields"]["updated"])

    def update(self, number: str, values: Values) -> Written:
        """Field by field: one that its screen does not show keeps no other from being written."""
        written: dict[str, str | None] = {}
        refused: dict[str, str] = {}
        for name, value in values.items():
            try:
                written[name] = WRITERS[name](self, number, value)
            except (_Impossible, Misunderstood) as error:
                refused[name] = error.message
        return Written(written, refused)

    def _search(self, jql: str) -> Iterator[Item]:
        begin: str | int | None = None
        while True:
            found = self._jira.page(jql, begin, ["updated"], history=False)
            yield from found.issues
            begin = found.next
            if begin is None:
                return

    def _ticket(self, issue: Item) -> Ticket:
        fields = issue["fields"]
        person = fields.get("assignee") or {}
        owner = person.get(self._person)
        return Ticket(
            number=str(issue["id"]),
            key=str(issue["key"]),
            url=f"{self._jira.site}/browse/{issue['key']}",
            title=str(fields.get("summary") or ""),
            values={
                STATE: standing(fields, self._here).value,
                OWNER: str(owner) if owner else None,
                DUE_ON: fields.get("duedate") or None,
            },
            updated_at=instant(fields["updated"]),
            address=str(person.get("emailAddress") or "").lower(),
            owner_name=name_of(person.get("displayName")),
            done_at=self._done_at(issue),
        )

    def _done_at(self, issue: Item) -> datetime | None:
        """By its whole history: moving from one done status to another completes nothing again."""
        if category(issue["fields"]["status"]) != DONE:
            return None
        return course(issue, self._jira.history(issue), self._jira.categories()).done_at

    def _text(self, text: str) -> Any:
        """Cloud wants a document, Data Center words."""
        if not self._jira.is_cloud:
            return text
        lines = [line for line in text.splitlines() if line.strip()]
        content = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines]
        return {"type": "doc", "version": 1, "content": content}

    def _set(self, number: str, field: str, value: Any) -> None:
        self._jira.send("PUT", f"issue/{number}", {"fields": {field: value}}, f"the {field} of {number}")

    def _write_state(self, number: str, value: str | None) -> str | None:
        reason = moved(self._jira, number, Standing(value or ""), self._here)
        if reason:
            raise _Impossible(reason)
        return value

    def _write_due_on(self, number: str, value: str | None) -> str | None:
        self._set(number, "duedate", value)
        return value

    def _write_owner(self, number: str, address: str | None) -> str | None:
        owner = self._named(number, address) if address else None
        self._set(number, "assignee", {self._person: owner} if owner else None)
        return owner

    def _named(self, number: str, address: str) -> str:
        """Who has an address. Cloud finds people by it even where it does not show it."""
        issue = self._jira.issue(number, ["assignee"])
        if issue is None:
            raise Gone(f"The issue {number} is gone.")
        by = "query" if self._jira.is_cloud else "username"
        question = {by: address, "issueKey": issue["key"], "maxResults": 50}
        told = self._jira.asked(lambda: self._jira.client._get_json("user/assignable/search", question), "people")
        found = [each for each in told if str(each.get("emailAddress") or "").lower() == address.lower()]
        hidden = [each for each in told if not each.get("emailAddress")]
        if not found and len(hidden) == 1 and self._jira.is_cloud:
            found = hidden
        if not found:
            raise _Impossible(NOBODY.format(address))
        return str(found[0][self._person])


class _Impossible(Rejected):
    """One value cannot be written; others can."""


WRITERS = {STATE: Issues._write_state, OWNER: Issues._write_owner, DUE_ON: Issues._write_due_on}
