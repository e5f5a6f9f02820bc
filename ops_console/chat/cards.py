"""Addresses of this console that somebody shared, and what may be said of them."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlmodel import Session

from ops_console.chat.work import Shown, Work
from ops_console.contracts.commands import LINKS, Card
from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.db import reading
from ops_console.core.periods import Grain, latest_complete
from ops_console.kpis import CATALOGUE
from ops_console.measures.scopes import WORKSPACE
from ops_console.practices import reviews
from ops_console.records.actions import Action
from ops_console.records.catalog import CatalogEntry
from ops_console.records.incidents import Incident
from ops_console.records.workspace import current
from ops_console.reporting import words
from ops_console.scorecard.read import reading as kpi_reading

MOST = 5
"""Links of one message that are unfolded."""


class _Page(NamedTuple):
    path: re.Pattern[str]
    card: Callable[[Session, str], Card | None]


def unfolded(work: Work) -> Shown:
    """A card for each link that leads to a page of this console which has one."""
    links = work.call.said.get(LINKS, "").splitlines()[:MOST]
    with reading(work.engine) as session:
        found = {link: card for link, path in _ours(links, work) if (card := _card(session, path)) is not None}
    return Shown(found)


def _ours(links: list[str], work: Work) -> Iterator[tuple[str, str]]:
    """Links to this console and their paths: same scheme, host and folder."""
    home = urlsplit(work.settings.base_url.rstrip("/"))
    for link in links:
        there = urlsplit(link)
        if (there.scheme, there.netloc) == (home.scheme, home.netloc) and there.path.startswith(home.path + "/"):
            yield link, there.path.removeprefix(home.path)


def _card(session: Session, path: str) -> Card | None:
    for page in PAGES:
        if found := page.path.fullmatch(path):
            return page.card(session, found[1])
    return None


def _incident(session: Session, number: str) -> Card | None:
    found = session.get(Incident, int(number))
    if found is None or found.deleted_at is not None:
        return None
    entry = session.get_one(CatalogEntry, found.entry_id)
    zone = current(session).zone
    began = f"began {units.instant(found.began_at, zone)}" if found.began_at else ""
    ended = f"restored {units.instant(found.restored_at, zone)}" if found.restored_at else "not restored yet"
    if found.reopened_at:
        ended = f"broken again since {units.instant(found.reopened_at, zone)}"
    return Card(" ".join(filter(None, (found.severity, found.title))), list(filter(None, (entry.name, began, ended))))


def _review(session: Session, number: str) -> Card | None:
    incident, review = _incident(session, number), reviews.of_incident(session, int(number))
    if incident is None or review is None:
        return None
    due = f"due {units.instant(review.due_at, current(session).zone)}" if review.due_at else ""
    return Card(f"Review: {incident.title}", list(filter(None, (review.state.replace("_", " "), due))))


def _action(session: Session, number: str) -> Card | None:
    found = session.get(Action, int(number))
    if found is None:
        return None
    return Card(found.title, [found.state.replace("_", " "), f"owner {found.owner}", f"due {units.day(found.due_on)}"])


def _kpi(session: Session, key: str) -> Card | None:
    """The newest complete month of the whole workspace, as its page shows it."""
    if key not in CATALOGUE:
        return None
    period = latest_complete(now(), Grain.MONTH, current(session).zone)
    found = kpi_reading(session, key, WORKSPACE, period)
    value = f"{units.period_title(period.label)}: {words.value(found)}"
    return Card(found.definition.title, [value, words.status(found)])


PAGES = (
    _Page(re.compile(r"/incidents/(\d{1,15})"), _incident),
    _Page(re.compile(r"/incidents/(\d{1,15})/review"), _review),
    _Page(re.compile(r"/actions/(\d{1,15})"), _action),
    _Page(re.compile(r"/kpis/([a-z0-9_]{1,50})"), _kpi),
)
