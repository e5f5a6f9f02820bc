"""Which runbooks are there, who keeps each, and does anybody know that they work?"""

from collections.abc import Callable
from datetime import date, timedelta

from flask import request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.clock import now
from ops_console.core.errors import BadInput, OpsConsoleError
from ops_console.practices import runbooks as practice
from ops_console.practices.promises import people
from ops_console.practices.runbooks import Followed
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.database import read, write
from ops_console.web.reads import runbooks as reads
from ops_console.web.reads.runbooks import RunbookRow
from ops_console.web.view import render, see_other, workspace

pages = Pages("runbooks")

FRESH = timedelta(days=180)
"""A drill longer ago proves little: models, people and tools have moved on."""
Answer = AnyResponse | tuple[str, int]
Tag = tuple[str, str, str]


@pages.get("/runbooks", access=Access.VIEWER)
def runbooks() -> str:
    return _page()


@pages.post("/runbooks/owner", access=Access.EDITOR)
def owner() -> Answer:
    return _written(lambda session: practice.keep(session, _asked("url"), _asked("owner"), account().email))


@pages.post("/runbooks/followed", access=Access.EDITOR)
def followed() -> Answer:
    """Enter a drill, or a use in an incident."""

    def enter(session: Session) -> None:
        practice.follow(session, _asked("url"), _followed(), account().email, _today())

    return _written(enter)


def tag(row: RunbookRow) -> Tag:
    """Whether the last drill says that it works."""
    if row.tested is None:
        return "bad", "■", "Never tested"
    if not row.tested.event.worked:
        return "bad", "■", "Failed its drill"
    if _today() - row.tested.event.on > FRESH:
        return "watch", "▲", f"Tested more than {FRESH.days} days ago"
    return "good", "●", "Tested"


def _written(say: Callable[[Session], object]) -> Answer:
    try:
        with write() as session:
            say(session)
    except OpsConsoleError as error:
        return _page((("runbooks", str(error)),)), 422
    return see_other(url_for("runbooks.runbooks"))


def _page(errors: tuple[tuple[str, str], ...] = ()) -> str:
    with read() as session:
        rows, lacking, owners = reads.runbooks(session), reads.without(session), people(session)
    return render(
        "runbooks.html",
        rows=rows,
        lacking=lacking,
        owners=owners,
        tag_of=tag,
        today=_today(),
        errors=errors,
        form=request.form,
    )


def _asked(name: str) -> str:
    return request.form.get(name, "").replace("\0", "").strip()


def _followed() -> Followed:
    incident = _asked("incident")
    if incident and not (incident.isascii() and incident.isdecimal() and len(incident) < 16):
        raise BadInput("Write the number of the incident, as its address has it; nothing for a drill.")
    try:
        on = date.fromisoformat(_asked("on"))
    except ValueError:
        raise BadInput("Write the day as 2026-11-30.") from None
    return Followed(on, _asked("worked") == "yes", _asked("note"), int(incident) if incident else None)


def _today() -> date:
    return now().astimezone(workspace().zone).date()
