"""Asks GitLab for deployments, merged merge requests, named pipelines and incidents."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from integrations.gitlab.account import Account, account
from integrations.gitlab.api import GitLab, of_project
from integrations.gitlab.listings import Changes, Deployments, Incidents, Pipelines
from integrations.gitlab.walk import ORDER, Listing, Place, Step, walk
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Discovery, Found, Page, Question, Setup
from ops_console.contracts.vocabulary import PRODUCTION
from ops_console.core.clock import iso, now
from ops_console.core.units import counted

PREVIEW_PAGES, MOST_ENVIRONMENTS = 10, 50
SUCCESSES = "successful deployments"


def check(setup: Setup) -> tuple[str, ...]:
    """One small question for each thing that will be read."""
    here = account(setup.settings)
    lines = []
    with GitLab(here, setup) as gitlab:
        for project in here.projects:
            for listing in _listings(project, here, {}):
                gitlab.page(listing.address, listing.what, **listing.params, per_page=1)
                lines.append(f"{listing.what.removeprefix('the ').capitalize()} can be read.")
    return tuple(lines)


def discover(setup: Setup, since: datetime) -> Discovery:
    """Deployments that succeeded, by environment; of a very busy project the oldest."""
    here = account(setup.settings)
    counts: Counter[str] = Counter()
    tiers: dict[str, str] = {}
    lines = []
    with GitLab(here, setup) as gitlab:
        for project in here.projects:
            tiers |= _tiers(gitlab, project)
            mine = _environments(gitlab, project, since)
            counts.update(mine)
            incidents = Incidents(project, here)
            open_ones = gitlab.page(incidents.address, incidents.what, **incidents.params, state="opened").items
            lines.append(
                f"{project}: {counted(mine.total(), SUCCESSES)} in {counted(len(mine), 'environments')}, "
                f"{counted(len(open_ones), 'open incidents')}."
            )
    found = tuple(Found(name, count, _is_production(name, tiers)) for name, count in counts.most_common())
    question = Question("production", "Which environments are production?", SUCCESSES, found)
    return Discovery(tuple(lines), (question,) if found else ())


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
    """List by list. One that cannot be read does not keep the others from being read."""
    here, trouble = account(setup.settings), None
    state: dict[str, dict[str, Place]] = deepcopy(dict(cursor))
    days = max(1, (now() - since).days)
    with GitLab(here, setup) as gitlab:
        walks = [(project, number) for project in here.projects for number in range(4 if here.pipelines else 3)]
        for count, (project, number) in enumerate(walks):
            try:
                for step in _walk(gitlab, here, state.setdefault(project, {}), project, number, since):
                    walked = min(days, max(0, (step.reached - since).days))
                    yield Page(step.told, deepcopy(state), count * days + walked, len(walks) * days)
            except Rejected as error:
                trouble = trouble or error
    if trouble is not None:
        raise trouble


def _walk(
    gitlab: GitLab, here: Account, places: dict[str, Place], project: str, number: int, since: datetime
) -> Iterator[Step]:
    tiers = _tiers(gitlab, project) if number == 0 and here.production is None else {}
    listing = _listings(project, here, tiers)[number]
    yield from walk(gitlab, listing, places.setdefault(type(listing).__name__.lower(), {}), since)


def _listings(project: str, here: Account, tiers: Mapping[str, str]) -> Sequence[Listing]:
    found: list[Listing] = [Deployments(project, here, tiers), Changes(project), Incidents(project, here)]
    return [*found, Pipelines(project, here)] if here.pipelines else found


def _tiers(gitlab: GitLab, project: str) -> dict[str, str]:
    """What each environment is for, by its name; deployments do not say it."""
    address, what = of_project(project, "/environments"), f"the environments of {project}"
    told = gitlab.listed(address, what, MOST_ENVIRONMENTS)
    return {str(each["name"]): str(each.get("tier") or "") for each in told}


def _environments(gitlab: GitLab, project: str, since: datetime) -> Counter[str]:
    address, what = of_project(project, "/deployments"), f"the deployments of {project}"
    asked = {**ORDER, "status": "success", "updated_after": iso(since)}
    told = gitlab.listed(address, what, PREVIEW_PAGES, **asked)
    return Counter(str((each.get("environment") or {}).get("name") or "") for each in told)


def _is_production(name: str, tiers: Mapping[str, str]) -> bool:
    return tiers.get(name) == PRODUCTION or name.lower() == PRODUCTION
