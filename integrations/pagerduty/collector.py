"""Asks PagerDuty for incidents with their logs, and for who was on call."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from itertools import islice
from typing import Any

from integrations.pagerduty import shifts
from integrations.pagerduty.account import Account, account, name_of
from integrations.pagerduty.api import PagerDuty
from integrations.pagerduty.history import MONTH, Item, Listing, Step, walk, whole
from integrations.pagerduty.reading import CHANGES, INCIDENTS, ONCALLS, Reading
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Discovery, Found, Page, Question, Setup
from ops_console.core.clock import iso, now
from ops_console.core.units import counted

PREVIEW_PAGES = 10


def check(setup: Setup) -> tuple[str, ...]:
    """One small question for each thing that will be read."""
    listings = (INCIDENTS, CHANGES, ONCALLS)
    with PagerDuty(account(setup.settings), setup) as pagerduty:
        for each in listings:
            pagerduty.read(each.address, each.what, {"limit": 1})
    return tuple(f"{each.what.capitalize()} can be read." for each in listings)


def discover(setup: Setup, since: datetime) -> Discovery:
    """Incidents by service and priority, and shifts by schedule; of a very busy account the oldest."""
    here = account({**setup.settings, "schedules": None})
    with PagerDuty(here, setup) as pagerduty:
        seen = _previewed(pagerduty, INCIDENTS, since)
        oncalls = _previewed(pagerduty, ONCALLS, max(since, now() - MONTH))
    services = Counter(name_of(each.get("service")) for each in seen)
    schedules = Counter(told.values["schedule"] for told in shifts.ended(oncalls, now(), here))
    unknown = sorted({name for each in seen if (name := name_of(each.get("priority"))) and not _severity(here, each)})
    lines = [
        f"{counted(len(seen), 'incidents')} of {counted(len(services), 'services')}.",
        f"Ended: {counted(schedules.total(), 'shifts')} in {counted(len(schedules), 'schedules')}.",
        *(f"No severity is known for the priority {name}." for name in unknown),
    ]
    asked = (
        Question("services", "Which services count?", "incidents", _found(services)),
        Question("schedules", "Whose shifts count?", "shifts", _found(schedules)),
    )
    return Discovery(tuple(lines), tuple(each for each in asked if each.found))


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
    """List by list. One that cannot be read does not keep the others from being read."""
    here, state, trouble = account(setup.settings), deepcopy(dict(cursor)), None
    days = max(1, (now() - since).days)
    with PagerDuty(here, setup) as pagerduty:
        walks = Reading(pagerduty, here, state, since).walks()
        for number, steps in enumerate(walks):
            try:
                for told, reached in steps:
                    walked = min(days, max(0, (reached - since).days))
                    yield Page(told, deepcopy(state), number * days + walked, len(walks) * days)
            except Rejected as error:
                trouble = trouble or error
    if trouble is not None:
        raise trouble


def _previewed(pagerduty: PagerDuty, listing: Listing, since: datetime) -> list[Item]:
    steps: Iterator[Step] = walk(pagerduty, listing, {"at": iso(whole(since))}, whole(now()))
    return [each for step in islice(steps, PREVIEW_PAGES) for each in step.items]


def _found(counts: Counter[str]) -> tuple[Found, ...]:
    return tuple(Found(name, count, suggested=True) for name, count in counts.most_common())


def _severity(here: Account, incident: Item) -> str | None:
    return here.severity(incident.get("priority"))
