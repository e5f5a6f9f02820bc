"""Asks GitHub for deployments, published releases, merged pull requests and the runs of named workflows."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from integrations.github import changes, deployments, releases, runs
from integrations.github.account import EARLY, Account, Workflow, account
from integrations.github.api import GitHub, as_json
from integrations.github.deployments import Status, instant
from integrations.github.listing import PER_PAGE, Item, Place, Step, walk
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Discovery, Found, Page, Question, Setup, Told
from ops_console.core.clock import iso, now
from ops_console.core.units import counted

STATUSES = """
query($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Deployment { id statuses(first: 100) { nodes { state createdAt } } } }
}
"""
"""The statuses of a hundred deployments in one request; REST would take a hundred."""
CHANGED_AGAIN = timedelta(hours=1)
PREVIEW_PAGES = 3
ONE, MANY = {"per_page": 1}, {"per_page": PER_PAGE}
SUCCESSES, RELEASES = "successful deployments", "published releases"
ENVIRONMENTS = "Which environments are production?"
BY_RELEASING = "Of which repositories is a published release a deployment to production?"
PRODUCTION_WORDS = ("prod", "live")


def check(setup: Setup) -> tuple[str, ...]:
    """One small question for each thing that will be read."""
    here = account(setup.settings)
    lines = []
    with GitHub(here, setup) as github:
        for repository in here.repositories:
            github.read(f"/repos/{repository}/deployments", f"the deployments of {repository}", params=ONE)
            lines.append(f"Deployments of {repository} can be read.")
            releases.page(github, repository, None)
            lines.append(f"Releases of {repository} can be read.")
            _pulls(github, repository, None)
            lines.append(f"Pull requests of {repository} can be read.")
            for file in here.workflows:
                github.read(_Runs(repository, here.workflows[file]).address, f"{file} of {repository}", params=ONE)
                lines.append(f"Runs of {file} in {repository} can be read.")
    return tuple(lines)


def discover(setup: Setup, since: datetime) -> Discovery:
    """Deployments that succeeded, by environment, and releases; of a very busy repository the newest."""
    here = account(setup.settings)
    counts: Counter[str] = Counter()
    released: Counter[str] = Counter()
    lines = []
    with GitHub(here, setup) as github:
        for repository in here.repositories:
            mine = _environments(github, _Deployments(repository, here), since)
            counts.update(mine)
            also = _releases(github, repository, since)
            released.update(also)
            told = f"{counted(mine.total(), SUCCESSES)} in {counted(len(mine), 'environments')}"
            lines.append(f"{repository}: {told}{f', {counted(also.total(), RELEASES)}' if also else ''}.")
    found = tuple(Found(name, count, _is_production(name)) for name, count in counts.most_common())
    by_release = tuple(Found(name, count) for name, count in released.most_common())
    questions = (
        Question("production", ENVIRONMENTS, SUCCESSES, found),
        Question("releases", BY_RELEASING, RELEASES, by_release),
    )
    return Discovery(tuple(lines), tuple(each for each in questions if each.found))


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
    """Repository by repository. One that cannot be read does not keep the others from being read."""
    here = account(setup.settings)
    state: dict[str, dict[str, Place]] = deepcopy(dict(cursor))
    days, trouble = max(1, (now() - since).days), None
    with GitHub(here, setup) as github:
        streams = list(_streams(github, here, state, since))
        for number, stream in enumerate(streams):
            try:
                for step in stream:
                    walked = min(days, max(0, (now() - step.back_to).days))
                    yield Page(step.told, deepcopy(state), number * days + walked, len(streams) * days)
            except Rejected as error:
                trouble = trouble or error
    if trouble is not None:
        raise trouble


def _streams(
    github: GitHub, here: Account, state: dict[str, dict[str, Place]], since: datetime
) -> Iterator[Iterator[Step]]:
    for repository in here.repositories:
        places = state.setdefault(repository, {})
        yield walk(github, _Deployments(repository, here), places.setdefault("deployments", {}), since)
        yield releases.walk(github, here, repository, places.setdefault("releases", {}), since)
        yield _changes(github, repository, places.setdefault("changes", {}), since)
        for file, workflow in here.workflows.items():
            yield walk(github, _Runs(repository, workflow), places.setdefault(file, {}), since)


@dataclass(frozen=True, slots=True)
class _Deployments:
    """https://docs.github.com/rest/deployments/deployments"""

    repository: str
    account: Account

    @property
    def address(self) -> str:
        return f"/repos/{self.repository}/deployments"

    @property
    def what(self) -> str:
        return f"the deployments of {self.repository}"

    def items(self, answer: Any) -> Sequence[Item]:
        return list(answer)

    def one(self, number: int) -> str:
        return f"{self.address}/{number}"

    def told(self, github: GitHub, items: Sequence[Item]) -> tuple[list[Told], set[int]]:
        known = self.statuses(github, items)
        facts = [deployments.fact(item, known[item["id"]], self.repository, self.account) for item in items]
        return facts, {number for number, statuses in known.items() if deployments.is_open(statuses)}

    def gone(self, number: int) -> Sequence[Told]:
        return [Told("deployments", {"external_id": str(number), "deleted": True, "updated_at": iso(now())})]

    def statuses(self, github: GitHub, items: Sequence[Item]) -> dict[int, list[Status]]:
        found = {}
        for begin in range(0, len(items), PER_PAGE):
            batch = items[begin : begin + PER_PAGE]
            nodes = github.query(STATUSES, self.what, ids=[item["node_id"] for item in batch]).get("nodes") or ()
            for item, node in zip_longest(batch, nodes):  # in the order in which they were asked for
                found[item["id"]] = _statuses(node) if node else self._one_by_one(github, item)
        return found

    def _one_by_one(self, github: GitHub, item: Item) -> list[Status]:
        """Of a deployment that the batch said nothing of."""
        said = github.found(f"{self.one(item['id'])}/statuses?per_page={PER_PAGE}", self.what)
        return [Status(instant(each["created_at"]), each["state"]) for each in said or ()]


def _statuses(node: Mapping[str, Any]) -> list[Status]:
    return [Status(instant(each["createdAt"]), each["state"].lower()) for each in node["statuses"]["nodes"]]


@dataclass(frozen=True, slots=True)
class _Runs:
    """https://docs.github.com/rest/actions/workflow-runs; asked for by day they would end at a thousand."""

    repository: str
    workflow: Workflow

    @property
    def address(self) -> str:
        return f"/repos/{self.repository}/actions/workflows/{self.workflow.file}/runs"

    @property
    def what(self) -> str:
        return f"the runs of {self.workflow.file} in {self.repository}"

    def items(self, answer: Any) -> Sequence[Item]:
        return list(answer["workflow_runs"])

    def one(self, number: int) -> str:
        return f"/repos/{self.repository}/actions/runs/{number}"

    def told(self, github: GitHub, items: Sequence[Item]) -> tuple[list[Told], set[int]]:
        """A run that was started again has earlier attempts, and the first of them is what gates are judged by."""
        ran = [item for item in items if not runs.is_skipped(item)]
        attempts = [each for item in ran for each in (*self._earlier(github, item), item)]
        facts = [runs.fact(each, self.repository, self.workflow) for each in attempts]
        return facts, {item["id"] for item in ran if runs.is_open(item)}

    def gone(self, number: int) -> Sequence[Told]:
        """Runs are cleaned up after some weeks, which takes nothing back."""
        return ()

    def _earlier(self, github: GitHub, item: Item) -> list[Item]:
        numbers = range(1, item.get("run_attempt") or 1)
        found = (github.found(f"{self.one(item['id'])}/attempts/{number}", self.what) for number in numbers)
        return [each for each in found if each is not None]


def _changes(github: GitHub, repository: str, place: Place, since: datetime) -> Iterator[Step]:
    """What changed meanwhile; a walk that was left is gone on with first."""
    if "after" in place:
        yield from _changed(github, repository, place, since)
    yield from _changed(github, repository, place, since)


def _changed(github: GitHub, repository: str, place: Place, since: datetime) -> Iterator[Step]:
    """From what changed last back to what is known; `until` is how far the last whole walk came."""
    floor = max(since, instant(place["until"]) - CHANGED_AGAIN) if "until" in place else since
    while True:
        said = _pulls(github, repository, place.get("after"))
        pulls = said["nodes"]
        changed = [instant(each["updatedAt"]) for each in pulls]
        if "after" not in place and changed:
            place["top"] = max(changed).isoformat()
        is_over = not said["pageInfo"]["hasNextPage"] or (bool(changed) and min(changed) < floor)
        if is_over:
            place.pop("after", None)
            place["until"] = place.pop("top", None) or place.get("until") or since.isoformat()
        else:
            place["after"] = said["pageInfo"]["endCursor"]
        told = [changes.from_poll(each, repository) for each in pulls if instant(each["updatedAt"]) >= floor]
        yield Step(told, min(changed, default=now()))
        if is_over:
            return


def _pulls(github: GitHub, repository: str, after: str | None) -> Mapping[str, Any]:
    owner, _, name = repository.partition("/")
    what = f"the pull requests of {repository}"
    said = github.query(changes.QUERY, what, owner=owner, name=name, after=after)
    if not said.get("repository"):
        raise Rejected(f"GitHub does not find {repository}, or the token may not see it.", remedy="Check its name.")
    found: Mapping[str, Any] = said["repository"]["pullRequests"]
    return found


def _environments(github: GitHub, listing: _Deployments, since: datetime) -> Counter[str]:
    found: Counter[str] = Counter()
    address = listing.address
    for _ in range(PREVIEW_PAGES):
        answer = github.read(address, listing.what, params=MANY if address == listing.address else None)
        items = [item for item in listing.items(as_json(answer)) if instant(item["created_at"]) >= since]
        known = listing.statuses(github, items)
        told = {item["id"]: item["environment"] for item in items}
        states = {number: {each.state for each in statuses} for number, statuses in known.items()}
        found.update(told[number] for number, each in states.items() if "success" in each)
        address = answer.links.get("next", {}).get("url", "")
        if not items or not address:
            break
    return found


def _releases(github: GitHub, repository: str, since: datetime) -> Counter[str]:
    found: Counter[str] = Counter()
    after = None
    for _ in range(PREVIEW_PAGES):
        said = releases.page(github, repository, after)
        for each in releases.published(said["nodes"], since):
            found[EARLY.format(repository) if each["isPrerelease"] else repository] += 1
        after = said["pageInfo"]["endCursor"]
        if not said["pageInfo"]["hasNextPage"]:
            break
    return found


def _is_production(name: str) -> bool:
    return any(word in name.lower() for word in PRODUCTION_WORDS) and "non" not in name.lower()
