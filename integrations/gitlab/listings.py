"""The four lists of a project that are walked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from integrations.gitlab import changes, deployments, incidents, pipelines
from integrations.gitlab.account import Account, Item
from integrations.gitlab.api import GitLab, of_project
from integrations.gitlab.told import gone
from ops_console.contracts.sources import Told
from ops_console.core.clock import now

MOST_COMMITS, MOST_NOTES = 5, 5
"""Pages of a hundred; a merge request with more tells no more about itself."""


@dataclass(frozen=True, slots=True)
class Deployments:
    """https://docs.gitlab.com/api/deployments/"""

    project: str
    account: Account
    tiers: Mapping[str, str] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return of_project(self.project, "/deployments")

    @property
    def what(self) -> str:
        return f"the deployments of {self.project}"

    def told(self, gitlab: GitLab, items: Sequence[Item]) -> list[Told]:
        return [deployments.from_poll(each, self.project, self._tier(each), self.account) for each in items]

    def number(self, item: Item) -> int:
        return int(item["id"])

    def is_open(self, item: Item) -> bool:
        return deployments.is_open(item)

    def gone(self, number: int) -> Sequence[Told]:
        return [gone("deployments", str(number), now())]

    def _tier(self, item: Item) -> str | None:
        return self.tiers.get(str((item.get("environment") or {}).get("name")))


@dataclass(frozen=True, slots=True)
class Changes:
    """https://docs.gitlab.com/api/merge_requests/"""

    project: str
    params: dict[str, Any] = field(default_factory=lambda: {"state": "merged", "scope": "all"})

    @property
    def address(self) -> str:
        return of_project(self.project, "/merge_requests")

    @property
    def what(self) -> str:
        return f"the merge requests of {self.project}"

    def told(self, gitlab: GitLab, items: Sequence[Item]) -> list[Told]:
        return [self._one(gitlab, each) for each in items if each.get("merged_at")]

    def number(self, item: Item) -> int:
        return int(item["iid"])

    def is_open(self, item: Item) -> bool:
        return False

    def gone(self, number: int) -> Sequence[Told]:
        return ()

    def _one(self, gitlab: GitLab, merge: Item) -> Told:
        here = f"{self.address}/{merge['iid']}"
        commits = list(gitlab.listed(f"{here}/commits", self.what, MOST_COMMITS))
        notes = list(gitlab.listed(f"{here}/notes", self.what, MOST_NOTES, sort="asc", order_by="created_at"))
        return changes.from_poll(merge, commits, notes, self.project)


@dataclass(frozen=True, slots=True)
class Pipelines:
    """https://docs.gitlab.com/api/pipelines/; the list does not say when a run began and ended."""

    project: str
    account: Account
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return of_project(self.project, "/pipelines")

    @property
    def what(self) -> str:
        return f"the pipelines of {self.project}"

    def told(self, gitlab: GitLab, items: Sequence[Item]) -> list[Told]:
        found = []
        for each in items:
            named = self.account.pipeline(self.project, each.get("name"))
            if named and each.get("status") != pipelines.SKIPPED:
                whole = each if "started_at" in each else gitlab.found(f"{self.address}/{each['id']}", self.what)
                found.append(pipelines.from_poll({**each, **(whole or {})}, self.project, named))
        return found

    def number(self, item: Item) -> int:
        return int(item["id"])

    def is_open(self, item: Item) -> bool:
        return pipelines.is_open(item) and self.account.pipeline(self.project, item.get("name")) is not None

    def gone(self, number: int) -> Sequence[Told]:
        """Pipelines are cleaned up after some time, which takes nothing back."""
        return ()


@dataclass(frozen=True, slots=True)
class Incidents:
    """https://docs.gitlab.com/api/issues/"""

    project: str
    account: Account
    params: dict[str, Any] = field(default_factory=lambda: {"issue_type": incidents.INCIDENT, "scope": "all"})

    @property
    def address(self) -> str:
        return of_project(self.project, "/issues")

    @property
    def what(self) -> str:
        return f"the incidents of {self.project}"

    def told(self, gitlab: GitLab, items: Sequence[Item]) -> list[Told]:
        return [incidents.from_poll(each, self.project, self.account) for each in items]

    def number(self, item: Item) -> int:
        return int(item["iid"])

    def is_open(self, item: Item) -> bool:
        return incidents.is_open(item)

    def gone(self, number: int) -> Sequence[Told]:
        return [gone("incidents", f"{self.project}#{number}", now())]
