"""Saved views as pages offer them: in the menu of each filter bar, and first after signing in."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import parse_qsl, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException

from ops_console.accounts import saved_views
from ops_console.accounts.saved_views import Offered
from ops_console.core import units
from ops_console.core.errors import BadInput
from ops_console.core.periods import LATEST, Grain
from ops_console.kpis import CATALOGUE
from ops_console.measures import scopes
from ops_console.web.auth import account
from ops_console.web.console import console
from ops_console.web.database import read
from ops_console.web.request_state import remember

FRONT = "/"
WORDS: dict[str, Callable[[str], str]] = {
    "period": units.period_title,
    "scope": lambda text: scopes.parse(text).title,
}


def views() -> Sequence[Offered]:
    """Those of the person signed in and those that others share, read once per request."""
    return remember("saved_views", _views)


def _views() -> Sequence[Offered]:
    with read() as session:
        return saved_views.offered(session, account())


def landing() -> str | None:
    """The address that this person chose to see first."""
    return next((view.address for view in views() if view.is_landing), None)


def own_page(address: str) -> str:
    """The address, if it leads to a page of this console for people who signed in. The front page is saved with its
    period, or it would lead to itself once it is the view seen first.
    """
    parts = urlsplit(address)
    try:
        endpoint, _ = current_app.url_map.bind("").match(parts.path, method="GET")
    except HTTPException:
        endpoint = ""
    route = console().routes.get(endpoint)
    if parts.scheme or parts.netloc or route is None or route.access.role is None:
        raise BadInput(f"{address[:80]!r} is no page of this console.", remedy="Save a view from its filter bar.")
    return f"/?period={LATEST}" if address == FRONT else address


def told(address: str) -> str:
    """What a view shows: `KPIs · Team Search · latest month`."""
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    grain = asked.pop("grain", Grain.MONTH.value)
    return " · ".join([_page(parts.path), *(_told(name, value, grain) for name, value in asked.items())])


def _told(name: str, value: str, grain: str) -> str:
    """One filter in words; one that makes no sense as it stands in the address."""
    if (name, value) == ("period", LATEST):
        return f"latest {grain}"
    known: dict[str, Callable[[str], str]] = {
        "period": units.period_title,
        "scope": lambda text: scopes.parse(text).title,
    }
    with suppress(BadInput):
        if name in known:
            return known[name](value)
    return f"{name.replace('_', ' ')} {value}"


def _page(path: str) -> str:
    """A KPI by its name, another page by the word of the menu and what follows it in the path."""
    first, _, rest = path.strip("/").partition("/")
    if first == "kpis" and rest in CATALOGUE:
        return CATALOGUE[rest].title
    word = next((pages.menu for pages in console().menu if urlsplit(pages.address).path == f"/{first}"), first)
    return f"{word} {rest}".strip()
