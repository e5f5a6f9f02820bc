"""Asks Jira for issues that changed, with their histories and the work logged on them."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.jira import issues, worklogs
from integrations.jira.account import INCIDENTS, REQUESTS, Account, Item, account, name_of
from integrations.jira.api import Jira
from integrations.jira.history import DONE, category, course, instant
from integrations.jira.walk import OVERLAP, minute, quoted, walk
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Discovery, Found, Page, Question, Setup, Told
from ops_console.core.clock import now
from ops_console.core.units import counted

FIELDS = (
    "summary",
    "status",
    "resolution",
    "resolutiondate",
    "statuscategorychangedate",
    "created",
    "updated",
    "issuetype",
    "project",
    "priority",
    "labels",
    "components",
    "issuelinks",
)
PREVIEWED = ("issuetype", "project", "status", "labels", "priority", "created")
PREVIEW_PAGES = 10
MOST_OPEN = 1_000
"""So many open issues are looked for again each time, the newest; changes of all others are found anyway."""
USABLE = ("deliver", "deploy", "released", "live", "usable", "uat")
NOTHING = "Nothing is counted: no project, or no issue type and no label of toil."
TICK = "Tick projects and issue types at the set-up of this source."


def check(setup: Setup) -> tuple[str, ...]:
    """The account, and one small question for the issues that will be read."""
    here = account(setup.settings)
    with Jira(here, setup) as jira:
        zone = jira.zone()
        counted = _counted(jira, here)
        jira.page(f'{counted} AND updated >= "{minute(now(), zone)}"', None, FIELDS, history=False)
        jira.categories()
        kind = "Cloud" if jira.is_cloud else "Data Center"
    return (f"{jira.site} is a Jira {kind}.", f"Times of queries are those of {zone.key}.", "Issues can be read.")


def discover(setup: Setup, since: datetime) -> Discovery:
    """Issues by project, type and status; of a very busy Jira the newest."""
    here = account({**setup.settings, "projects": None})
    with Jira(here, setup) as jira:
        seen = list(_previewed(jira, since))
    projects = Counter(each["fields"]["project"]["key"] for each in seen)
    types = Counter(name_of(each["fields"]["issuetype"]) for each in seen)
    statuses = Counter(name_of(each["fields"]["status"]) for each in seen)
    done = {name_of(each["fields"]["status"]) for each in seen if category(each["fields"]["status"]) == DONE}
    priorities = {name_of(each["fields"].get("priority")) for each in seen} - {""}
    unknown = [name for name in sorted(priorities) if here.severity({"name": name}) is None]
    usable = {name for name in statuses if name in done or any(word in name.casefold() for word in USABLE)}
    asked = (
        Question("projects", "Which projects count?", "issues", _found(projects, set(projects))),
        Question(REQUESTS, "Which issue types are requests?", "issues", _found(types, _kinds(here, types, REQUESTS))),
        Question(INCIDENTS, "Which are incidents?", "issues", _found(types, _kinds(here, types, INCIDENTS))),
        Question("usable", "In which statuses can the requester use it?", "issues", _found(statuses, usable)),
        Question("restored", "In which statuses is the service restored?", "issues", _found(statuses, done)),
    )
    lines = [
        f"{counted(len(seen), 'issues')} of {counted(len(types), 'types')} in {counted(len(projects), 'projects')}."
    ]
    lines += [f"No severity is known for the priority {name}." for name in unknown]
    return Discovery(tuple(lines), tuple(each for each in asked if each.found))


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
    """What changed, then what was open last time and is not found among the open ones any more."""
    here, state = account(setup.settings), deepcopy(dict(cursor))
    days = max(1, (now() - since).days)
    with Jira(here, setup) as jira:
        reading = _Reading(jira, here, state, since)
        for told, made in reading.steps():
            yield Page(told, deepcopy(state), min(days, max(0, (made - since).days)), days)


@dataclass
class _Reading:
    """One run. `read` are the keys it has read so far."""

    jira: Jira
    account: Account
    state: dict[str, Any]
    since: datetime
    read: set[str] = field(default_factory=set)

    def steps(self) -> Iterator[tuple[Sequence[Told], datetime]]:
        zone, counted = self.jira.zone(), _counted(self.jira, self.account)
        self.categories = self.jira.categories()
        place = self.state.setdefault("changed", {})
        self.seen_at = instant(place["at"]) - OVERLAP if "at" in place else now()
        for step in walk(self.jira, counted, zone, place, self.since, self._fields):
            told = [each for issue in step.issues for each in self._facts(issue)]
            self.state["open"] = dict(list(self._open.items())[-MOST_OPEN:])
            yield told, step.made
        if self._open:
            yield self._missing(counted), now()

    @property
    def _fields(self) -> Sequence[str]:
        more = {self.account.service_field} | ({"worklog"} if self.account.toil else set())
        return [*FIELDS, *sorted(more - set(FIELDS))]

    @property
    def _open(self) -> dict[str, str]:
        """The kinds of open issues by key."""
        found: dict[str, str] = self.state.setdefault("open", {})
        return found

    def _facts(self, issue: Item) -> list[Told]:
        """What an issue says, and whether it is open."""
        key, kind = str(issue["key"]), issues.kind_of(issue, self.account)
        histories = self.jira.history(issue)
        told = []
        self.read.add(key)
        self._open.pop(key, None)
        if kind:
            known = course(issue, histories, self.categories)
            told.append(issues.from_poll(issue, known, self.account, self.jira.site))
            if known.done_at is None:
                self._open[key] = kind
        return told + self._toil(issue, histories)

    def _toil(self, issue: Item, histories: Sequence[Item]) -> list[Told]:
        if not self.account.category(issue):
            return []
        logged = self.jira.worklogs(issue)
        gone = worklogs.withdrawn(histories, logged, max(self.since, self.seen_at))
        return [*worklogs.toil(issue, logged, self.account, self.jira.site), *gone]

    def _missing(self, counted: str) -> list[Told]:
        """Issues that were open and are not found: deleted, moved elsewhere, or closed just now."""
        standing: set[str] = set()
        begin: str | int | None = None
        while True:
            found = self.jira.page(f"{counted} AND statusCategory != Done", begin, ["created"], history=False)
            standing |= {str(each["key"]) for each in found.issues}
            begin = found.next
            if begin is None:
                break
        missing = sorted(self._open.keys() - standing - self.read)
        return [told for key in missing for told in self._again(key)]

    def _again(self, key: str) -> list[Told]:
        kind, issue = self._open.pop(key), self.jira.issue(key, self._fields)
        if issue is None:
            return [issues.gone(kind, key, now())]
        told = (
            []
            if issue["key"] == key and issues.kind_of(issue, self.account) == kind
            else [issues.gone(kind, key, now())]
        )
        return told + (self._facts(issue) if self.account.has_project(issue) else [])


def _counted(jira: Jira, here: Account) -> str:
    """What counts, as JQL. Jira refuses names that it does not know, and says which."""
    chosen = [*(here.requests or ()), *(here.incidents or ())]
    if here.requests is None or here.incidents is None:
        chosen += [each for each in jira.issue_types() if here.kind(each)]
    parts = [f"issuetype in ({quoted(sorted(set(chosen)))})"] if chosen else []
    parts += [f"labels in ({quoted(sorted(here.toil))})"] if here.toil else []
    if not parts or (here.projects is not None and not here.projects):
        raise Rejected(NOTHING, remedy=TICK)
    projects = f"project in ({quoted(sorted(here.projects))}) AND " if here.projects else ""
    return f"{projects}({' OR '.join(parts)})"


def _previewed(jira: Jira, since: datetime) -> Iterator[Item]:
    jql, begin = f'updated >= "{minute(since, jira.zone())}" ORDER BY created DESC', None
    for _ in range(PREVIEW_PAGES):
        found = jira.page(jql, begin, PREVIEWED, history=False)
        yield from found.issues
        begin = found.next
        if begin is None:
            return


def _kinds(here: Account, types: Counter[str], kind: str) -> set[str]:
    return {name for name in types if here.kind(name) == kind}


def _found(counts: Counter[str], suggested: set[str]) -> tuple[Found, ...]:
    return tuple(Found(name, count, name in suggested) for name, count in counts.most_common())
