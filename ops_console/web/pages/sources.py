"""One source: does it work, how far did it come, what did it send, and what is there to do?"""

from datetime import date, datetime
from functools import partial

from flask import request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from ops_console.contracts.integration import Manifest
from ops_console.contracts.office import Office
from ops_console.contracts.sources import WEBHOOK_SECRET
from ops_console.core import units
from ops_console.core.clock import now
from ops_console.core.errors import BadInput
from ops_console.core.periods import midnight
from ops_console.ingest import inbox, sources, sync
from ops_console.ingest.sources import BROKEN, REJECTED, UNAVAILABLE
from ops_console.jobs.timetable import SYNC_SECONDS
from ops_console.records.sources import Source
from ops_console.web import background
from ops_console.web.access import Access, Pages
from ops_console.web.auth import account
from ops_console.web.console import console
from ops_console.web.database import engine, read, write
from ops_console.web.pages.integrations import kpis_of
from ops_console.web.payload import shown
from ops_console.web.reads import sources as reads
from ops_console.web.source_words import told_of
from ops_console.web.view import page_of, render, see_other, workspace

pages = Pages("sources")

RUNS_SHOWN = 10
PATIENCE = 2.0
"""Seconds in which a short sync is done before its page is shown again."""
RUN_STATES = {
    sync.RUNNING: ("none", "○", "Under way"),
    sync.DONE: ("good", "●", "Done"),
    UNAVAILABLE: ("watch", "▲", "Not reached"),
    REJECTED: ("bad", "■", "Refused"),
    BROKEN: ("bad", "■", "Broken"),
}
DELIVERY_STATES = {
    inbox.WAITING: ("none", "○", "Waiting"),
    inbox.AGAIN: ("none", "○", "To be read again"),
    inbox.READ: ("good", "●", "Read"),
    inbox.IGNORED: ("none", "○", "Not counted"),
    inbox.UNREADABLE: ("bad", "■", "Unreadable"),
}
"""Tone, icon and word of each state."""


@pages.get("/sources/<name>", access=Access.VIEWER)
def source(name: str) -> str:
    with read() as session:
        found = sources.named(session, name)
        manifest = console().parts.manifests.get(found.integration) or _gone(found)
        kept = reads.deliveries_kept(session, found)
        paging = page_of(sum(kept.values()))
        return render(
            "sources_one.html",
            told=told_of(found, now()),
            manifest=manifest,
            kpis=kpis_of(manifest),
            rows=reads.rows(session).get(name, 0),
            heard=reads.heard(session).get(found.id or 0),
            runs=reads.runs(session, found, RUNS_SHOWN),
            kept=kept,
            deliveries=reads.deliveries(session, found, paging.size, paging.offset),
            paging=paging,
            hook=_hook(found, manifest),
            has_secret=bool(found.secrets.get(WEBHOOK_SECRET)),
            run_states=RUN_STATES,
            delivery_states=DELIVERY_STATES,
            unread=sum(kept.get(state, 0) for state in inbox.UNREAD),
            inbox_days=console().settings.inbox_days,
            units=units,
        )


@pages.get("/sources/<name>/deliveries/<int:number>", access=Access.EDITOR)
def delivery(name: str, number: int) -> str:
    with read() as session:
        found = sources.named(session, name)
        kept = reads.delivery(session, found, number)
        return render(
            "sources_delivery.html", source=found, delivery=kept, body=shown(kept.body), states=DELIVERY_STATES
        )


@pages.post("/sources/<name>/replay", access=Access.EDITOR)
def replay(name: str) -> AnyResponse:
    """As `ops-console replay` does it; the timetable reads within a minute."""
    since = _first_day(request.form.get("since", "").strip())
    with write() as session:
        inbox.ask_again(session, sources.named(session, name), since=since)
    return see_other(url_for("sources.source", name=name, _anchor="inbox"))


@pages.post("/sources/<name>/deliveries/<int:number>/replay", access=Access.EDITOR)
def replay_one(name: str, number: int) -> AnyResponse:
    with write() as session:
        found = sources.named(session, name)
        inbox.ask_again(session, found, only=reads.delivery(session, found, number).id)
    return see_other(url_for("sources.delivery", name=name, number=number))


@pages.post("/sources/<name>/sync", access=Access.EDITOR)
def ask(name: str) -> AnyResponse:
    """Begin at once, whatever the timetable is at; what takes longer is gone on with by it."""
    with write() as session:
        found = sources.named(session, name)
        if found.paused:
            raise BadInput("The source is paused.", remedy="Let it go on first.")
        found.due_at = now()
        number = found.id or 0
    with engine() as own:
        office, by = Office(own, console().parts, console().settings), account().email
        work = partial(sync.sync, office, number, by, seconds=SYNC_SECONDS)
        background.start(f"sync of {name}", work, patience=PATIENCE)
    return _back(name)


@pages.post("/sources/<name>/pause", access=Access.ADMIN)
def pause(name: str) -> AnyResponse:
    """Pause it, or let it go on."""
    with write() as session:
        found = sources.named(session, name)
        sources.pause(session, found, account().email, paused=request.form.get("then") == "pause")
    return _back(name)


@pages.post("/sources/<name>/remove", access=Access.ADMIN)
def remove(name: str) -> AnyResponse:
    """The facts it brought stay."""
    with write() as session:
        _remove(session, name)
    return see_other(url_for("integrations.integrations"))


def _first_day(text: str) -> datetime | None:
    """From which day on; nothing where everything is meant."""
    try:
        return midnight(date.fromisoformat(text), workspace().zone) if text else None
    except (ValueError, OverflowError):
        raise BadInput(f"{text[:30]!r} is no day.", remedy="Write it as 2026-10-01, or leave it empty.") from None


def _remove(session: Session, name: str) -> None:
    if request.form.get("name", "").strip() != name:
        raise BadInput("The name does not match.", remedy=f"Type {name} to remove it.")
    sources.remove(session, sources.named(session, name), account().email)


def _hook(found: Source, manifest: Manifest) -> str:
    """Where the vendor may deliver, if it can."""
    if "webhook" not in manifest.roles:
        return ""
    path = manifest.address or url_for("hooks.take", integration=found.integration, name=found.name)
    return f"{console().settings.base_url.rstrip('/')}{path}"


def _gone(found: Source) -> Manifest:
    """Of a source whose integration is no longer installed."""
    return Manifest(found.integration, found.integration, (), (), "This integration is not installed any more.")


def _back(name: str) -> AnyResponse:
    return see_other(url_for("sources.source", name=name))
