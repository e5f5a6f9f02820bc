"""Asks JSM Operations or Opsgenie for alerts, incidents, and who was on call."""

from collections import Counter
from collections.abc import Generator, Mapping
from copy import deepcopy
from datetime import datetime
from itertools import islice
from typing import Any

from integrations.jsm_operations import alerts
from integrations.jsm_operations.account import Item, account
from integrations.jsm_operations.api import Operations
from integrations.jsm_operations.history import made_between, walk
from integrations.jsm_operations.reading import Reading, every_schedule
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Discovery, Found, Page, Question, Setup
from ops_console.core.clock import iso, now
from ops_console.core.units import counted

PREVIEW_PAGES = 10


def check(setup: Setup) -> tuple[str, ...]:
    """One small question for each thing that will be read."""
    here, at = account(setup.settings), now()
    with Operations(here, setup) as operations:
        operations.alerts(0, sort="updatedAt", order="desc")
        lines = [f"The alerts of {operations.name} can be read."]
        if here.is_opsgenie:
            operations.incidents(0, sort="createdAt", order="asc", query=made_between(at, at))
            lines.append("The incidents can be read.")
        schedules = list(every_schedule(operations))
        for schedule in schedules[:1]:
            operations.rotations(schedule, iso(at), 1)
        lines.append(f"{counted(len(schedules), 'schedules')} can be read.")
    return tuple(lines)


def discover(setup: Setup, since: datetime) -> Discovery:
    """Alerts by priority and service, and the schedules; of a very busy account the oldest alerts."""
    here = account(setup.settings)
    with Operations(here, setup) as operations:
        steps = walk(operations.alerts, "the alerts", {"at": iso(since)}, now())
        seen: list[Item] = [each for step in islice(steps, PREVIEW_PAGES) for each in step.items]
        schedules = [str(each["name"]) for each in every_schedule(operations)]
    told = [alerts.from_poll(each, here).values for each in seen]
    pages = sum(each["class"] == "page" for each in told)
    nameless = sum("service" not in each for each in told)
    priorities = Counter(str(each.get("priority")) for each in seen)
    lines = (
        f"{counted(len(seen), 'alerts')}, {counted(pages, 'pages')} among them: "
        f"{', '.join(f'{count} of {name}' for name, count in sorted(priorities.items())) or 'none'}.",
        f"Without a service: {counted(nameless, 'alerts')}.",
        f"{counted(len(schedules), 'schedules')}.",
    )
    found = tuple(Found(name, 1, suggested=True) for name in schedules)
    question = Question("schedules", "Whose shifts count?", "schedules", found)
    return Discovery(lines, (question,) if found else ())


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
    """List by list. One that cannot be read does not keep the others from being read."""
    here, state, trouble = account(setup.settings), deepcopy(dict(cursor)), None
    days = max(1, (now() - since).days)
    with Operations(here, setup) as operations:
        walks = Reading(operations, here, state, since).walks()
        for number, steps in enumerate(walks):
            try:
                for told, reached in steps:
                    walked = min(days, max(0, (reached - since).days))
                    yield Page(told, deepcopy(state), number * days + walked, len(walks) * days)
            except Rejected as error:
                trouble = trouble or error
    if trouble is not None:
        raise trouble
