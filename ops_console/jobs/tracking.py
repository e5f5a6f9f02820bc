"""Actions and their tickets, brought in step: what changed on either side is told to the other.

A ticket is opened once: that it is being opened is kept before it is sent, and after an answer that got lost it is
looked for by its marker until the tracker's search must know it. Every value is compared with what both sides said last
time, so that what was written here comes back as nothing new.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from ops_console.contracts.integration import Rejected, Unavailable, Unclear
from ops_console.contracts.office import Office
from ops_console.contracts.tracker import OWNER, Board, Task, Ticket, Written
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput, Misconfigured, OpsConsoleError
from ops_console.core.secrets import redacted
from ops_console.ingest.sources import setup_of, wait
from ops_console.jobs import ticket_rounds as rounds
from ops_console.jobs.tickets_kept import Look, gone, held, keep, troubled
from ops_console.practices.in_step import plan, said_by
from ops_console.practices.tickets import LINKED, LINKING, OPENING
from ops_console.records.actions import Action
from ops_console.records.sources import Source
from ops_console.records.trackers import ActionLink, TrackerRound

SEARCHED_EACH = timedelta(minutes=2)
SETTLED = timedelta(minutes=10)
"""After so long a search finds what was opened, or it never was."""
SAME_MOMENT = timedelta(minutes=2)
"""Two changes so close to each other are not told apart by their times: clocks differ, and have their steps."""
AGAIN = timedelta(minutes=30)
"""When a ticket that could not be brought in step is looked at again by itself."""


def keep_in_step(office: Office) -> None:
    """Every source that takes actions, as far as it can be reached."""
    with reading(office.engine) as session:
        sources = rounds.boards(session, office.parts)
    for source in sources:
        with rounds.claimed(office.engine, source.name) as row:
            if row is not None:
                _Round(office, source, row).run()


class _Round:
    """One look at the tickets of one source."""

    def __init__(self, office: Office, source: Source, row: TrackerRound) -> None:
        self._office, self._source, self._row = office, source, row
        self._tracker = office.parts.trackers[source.integration]
        self._began = now()
        self._people = dict(row.people)
        self._secrets: dict[str, str] = {}

    def run(self) -> None:
        try:
            setup = setup_of(self._source, self._office.settings)
            self._secrets = dict(setup.secrets)
            with reading(self._office.engine) as session:
                local = rounds.waiting(session, self._source.name)
                hints, inbox_id = rounds.hinted(session, self._tracker, self._source.id or 0, self._row.inbox_id)
                is_hinted = bool(rounds.numbered(session, self._source.name, hints))
            is_due = self._row.searched_at is None or self._row.searched_at + SEARCHED_EACH <= self._began
            if local or is_hinted or is_due:
                with self._tracker.connect(setup) as board:
                    self._look(board, local, hints, is_due=is_due)
            self._succeed(inbox_id, is_due=is_due)
        except (Unavailable, Unclear, Rejected, Misconfigured, BadInput) as error:
            self._fail(error)

    def _look(self, board: Board, local: list[ActionLink], hints: set[str], *, is_due: bool) -> None:
        for link in local:
            self._guarded(board, link)
        looked = {link.id for link in local}
        changed = dict(board.changed(self._row.searched_at or self._began)) if is_due else {}
        with reading(self._office.engine) as session:
            found = rounds.numbered(session, self._source.name, hints | changed.keys())
        for link in found:
            if link.id not in looked and _is_new(link, changed, hints):
                self._guarded(board, link)

    def _guarded(self, board: Board, link: ActionLink) -> None:
        """What stands in the way of one ticket holds up no other, unless the tracker is away for all of them."""
        try:
            self._one(board, link)
        except (Unclear, Rejected) as error:
            link.due_at = now() + (SETTLED if isinstance(error, Unclear) else AGAIN)
            self._write(partial(troubled, link=link, told=self._plain(error)))

    def _one(self, board: Board, link: ActionLink) -> None:
        is_ours = link.state == OPENING and self._opened(board, link)
        if link.state == LINKING:
            self._adopted(board, link)
        if link.state == LINKED:
            self._in_step(board, link, is_ours=is_ours)

    def _opened(self, board: Board, link: ActionLink) -> bool:
        """Whether it was opened just now; before, it is looked for where it may have been opened already."""
        if link.asked_at is not None:
            found = board.find(link.marker)
            if found is not None:
                self._linked(link, found)
                return False
            if link.asked_at + SETTLED > now():
                return False
        self._mark(link, now())
        try:
            number = board.open(self._task(link))
        except (Unavailable, Rejected):
            self._mark(link, None)  # nothing was taken
            raise
        self._linked(link, number)
        return True

    def _adopted(self, board: Board, link: ActionLink) -> None:
        ticket = board.read(link.key)
        if ticket is None:
            raise Rejected(f"{self._source.name} knows no {link.key}.", remedy="Part with it, and link another.")
        with reading(self._office.engine) as session:
            if rounds.is_taken(session, self._source.name, ticket.number):
                raise Rejected(f"Another action has {link.key}.", remedy="Part with it, and link another.")
        board.adopt(ticket.number, link.marker)
        self._linked(link, ticket.number)

    def _in_step(self, board: Board, link: ActionLink, *, is_ours: bool) -> None:
        with reading(self._office.engine) as session:
            action = session.get_one(Action, link.action_id)
        ticket = board.read(link.number or "")
        if ticket is None:
            self._write(partial(gone, link=link))
            return
        here, address = said_by(action), self._address(ticket)
        seen_there = ticket.values if is_ours else link.there
        made = plan(here, ticket, link.here, seen_there, link.clashes, address)
        wanted = {name: here[name] for name in made.push}
        written = board.update(ticket.number, wanted) if wanted else Written({})
        if owner := written.values.get(OWNER):
            self._people[owner] = action.owner
        look = Look(link, action.revision, here, ticket, address, made, written)
        self._write(partial(keep, look=look))

    def _address(self, ticket: Ticket) -> str:
        return ticket.address or self._people.get(ticket.values.get("owner") or "", "")

    def _task(self, link: ActionLink) -> Task:
        with reading(self._office.engine) as session:
            action = session.get_one(Action, link.action_id)
        address = self._office.settings.base_url.rstrip("/")
        text = f"Done when: {action.done_when}\n\nAgreed on in Ops Console: {address}/actions/{action.id}"
        return Task(link.marker, action.title, text)

    def _mark(self, link: ActionLink, at: datetime | None) -> None:
        link.asked_at = at
        self._change(link)

    def _linked(self, link: ActionLink, number: str) -> None:
        link.number, link.state, link.trouble, link.remedy = number, LINKED, None, None
        self._change(link)

    def _change(self, link: ActionLink) -> None:
        """Keep what is known of a ticket before anything else is sent."""
        with transaction(self._office.engine) as session:
            found = held(session, link)
            if found is None:
                raise Rejected("A person parted with it meanwhile.")
            found.asked_at, found.number, found.state = link.asked_at, link.number, link.state
            found.revision += 1
            link.revision = found.revision

    def _write(self, doing: Callable[[Session], None]) -> None:
        with transaction(self._office.engine) as session:
            doing(session)

    def _succeed(self, inbox_id: int, *, is_due: bool) -> None:
        def said(session: Session) -> None:
            row = session.get_one(TrackerRound, self._row.id)
            row.inbox_id, row.people = inbox_id, self._people
            row.failures, row.trouble, row.remedy = 0, None, None
            row.last_good_at = now()
            if is_due:
                row.searched_at = self._began

        self._write(said)

    def _fail(self, error: OpsConsoleError) -> None:
        """The tracker is away, or lets nobody in: everything waits, and nothing is lost."""

        def said(session: Session) -> None:
            row = session.get_one(TrackerRound, self._row.id)
            row.failures += 1
            row.people = self._people
            row.trouble, row.remedy = self._plain(error)
            row.due_at = now() + wait(row.failures, getattr(error, "retry_after", None))

        self._write(said)

    def _plain(self, error: OpsConsoleError) -> tuple[str, str]:
        return redacted(error.message, self._secrets), redacted(error.remedy, self._secrets)


def _is_new(link: ActionLink, changed: dict[str, datetime], hints: set[str]) -> bool:
    """Whether it may have changed since it was looked at; a search tells some again."""
    number = link.number or ""
    if number in hints or link.seen_at is None or link.updated_at is None:
        return True
    return changed[number] > link.updated_at or changed[number] + SAME_MOMENT > link.seen_at
