"""An action here and its issue in a Jira on loopback, and the job that keeps them in step."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from integrations.jira import MANIFEST, tracker, webhook
from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.contracts.decisions import ActionState
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import WEBHOOK_SECRET
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import inbox, sources
from ops_console.jobs.tracking import keep_in_step
from ops_console.practices import actions, tickets
from ops_console.practices.promises import Promise
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.audit import AuditEntry
from ops_console.records.trackers import ActionLink, TrackerRound
from ops_console.records.workspace import Workspace
from tests.emptying import empty
from tests.integrations.jira.board import ANA, BEN, Board
from tests.integrations.jira.site import BEGAN

LOOPBACK = "127.0.0.0/8,::1/128"
PLACES = {"token": "JIRA_TOKEN", WEBHOOK_SECRET: "JIRA_HOOK"}
NAMES = ("title", "done_when", "kind", "priority", "owner", "due_on", "cause")


class Sides:
    """In an emptied database: a workspace, Ana and Ben, a source, and one action."""

    def __init__(self, engine: Engine, board: Board) -> None:
        self.engine, self.board = engine, board
        parts = Parts({"jira": MANIFEST}, webhooks={"jira": webhook}, trackers={"jira": tracker})
        self.office = Office(engine, parts, Settings(private_addresses=LOOPBACK))
        with transaction(engine) as session:
            empty(session.connection())
            session.add(Workspace(name="Ops", time_zone="Europe/London", currency="GBP", made_at=now()))
            for email in (ANA, BEN):
                people.add(session, email, Role.EDITOR, now())
            sources.add(session, MANIFEST, "jira", board.settings(), PLACES, BEGAN, ANA)
            promise = Promise("Add an alert", "It fires in a drill", "detect", "high", ANA, date(2026, 11, 20))
            self.number = audit.number(actions.add(session, promise, BEN))

    def open(self) -> None:
        with transaction(self.engine) as session:
            tickets.ask(session, actions.get(session, self.number), "jira", BEN)

    def link(self, key: str) -> None:
        with transaction(self.engine) as session:
            tickets.link(session, actions.get(session, self.number), "jira", key, BEN)

    def keep(self) -> None:
        keep_in_step(self.office)

    def deliver(self, sent: Mapping[str, Any]) -> bool:
        """What Jira sends, as it is kept; whether it was new."""
        arrival = webhook.arrival(sent["headers"], sent["body"])
        with transaction(self.engine) as session:
            return inbox.receive(session, sources.named(session, "jira"), arrival, sent["body"], now())

    # What people do here.

    def move(self, state: str, by: str = BEN, **said: Any) -> None:
        with transaction(self.engine) as session:
            actions.move(session, actions.get(session, self.number), ActionState(state), by, **said)

    def change(self, **changes: Any) -> None:
        with transaction(self.engine) as session:
            action = actions.get(session, self.number)
            promise = Promise(**{name: getattr(action, name) for name in NAMES} | changes)
            actions.change(session, action, promise, action.revision, BEN, "Agreed today.")

    def choose(self, name: str, side: str, by: str = BEN, reason: str = "") -> None:
        with transaction(self.engine) as session:
            link = _link(session)
            clash = dict(tickets.differing(link))[name]
            seen = {"here": clash.here, "there": clash.there}
            tickets.choose(session, link, name, side, seen, by, reason)

    # What stands.

    @property
    def action(self) -> Action:
        with reading(self.engine) as session:
            return actions.get(session, self.number)

    @property
    def ticket(self) -> ActionLink:
        with reading(self.engine) as session:
            return _link(session)

    @property
    def round(self) -> TrackerRound:
        with reading(self.engine) as session:
            return session.scalars(select(TrackerRound)).one()

    @property
    def here(self) -> tuple[str, str, str]:
        action = self.action
        return action.state, action.owner, action.due_on.isoformat()

    def trail(self) -> list[tuple[str, str]]:
        with reading(self.engine) as session:
            return [(each.did, each.by) for each in reversed(audit.history(session, "action", [self.number]))]

    def decisions(self) -> int:
        with reading(self.engine) as session:
            about = col(AuditEntry.subject) == "action"
            return session.scalar(select(func.count(col(AuditEntry.id))).where(about)) or 0


def _link(session: Session) -> ActionLink:
    return session.scalars(select(ActionLink)).one()
