"""Tickets of some actions, in step with them but for one. No tracker is asked: a demo talks to nobody."""

from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.decisions import PROMISED
from ops_console.contracts.tracker import DUE_ON, OWNER
from ops_console.core.columns import FOREVER
from ops_console.demo import company
from ops_console.demo.story import Story
from ops_console.practices import tickets
from ops_console.practices.clashes import BOTH, Clash
from ops_console.practices.in_step import said_by
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.audit import Decision
from ops_console.records.incidents import Incident
from ops_console.records.trackers import ActionLink

SHARE = 0.4
"""Of actions that have a ticket (assumed)."""
LATER = timedelta(days=7)
"""By so much somebody moved the day of one ticket."""


def tell(session: Session, story: Story) -> None:
    """Link the tickets that are not there yet, and let those nobody has touched follow their actions."""
    ticketed = _ticketed(session, story)
    known = {link.action_id: link for link in session.scalars(select(ActionLink))}
    made = [_linked(action) for action in ticketed if action.id not in known]
    session.add_all(made)
    session.flush()
    if made:
        audit.record(session, *map(_entry, made))
    known |= {link.action_id: link for link in made}
    at_odds = [action for action in ticketed if _was_owed(action, story.anchor)][-1:]
    for action in ticketed:
        if (link := known[audit.number(action)]).revision == 1:
            _follow(story, link, action, agrees=action not in at_odds or action.state not in PROMISED)


def _was_owed(action: Action, at: datetime) -> bool:
    return action.made_at <= at < (action.done_at or action.dropped_at or FOREVER)


def _ticketed(session: Session, story: Story) -> list[Action]:
    """Actions with a ticket, in the order in which they were promised."""
    joined = select(Action, Incident).join(Incident, col(Incident.id) == Action.incident_id)
    mine = joined.where(col(Incident.source) == company.PAGER).order_by(col(Action.made_at), col(Action.cause))
    rows = session.execute(mine).all()
    return [row[0] for row in rows if story.dice("ticket", row[1].external_id, row[0].cause).random() < SHARE]


def _linked(action: Action) -> ActionLink:
    number = audit.number(action)
    return ActionLink(
        action_id=number,
        source=company.TRACKER,
        marker=f"ops-console-demo-{number}",
        state=tickets.LINKED,
        number=str(10_000 + number),
        key=f"ML-{300 + number}",
        url=f"https://tracker.quillmark.example/browse/ML-{300 + number}",
        made_by=action.made_by,
        made_at=action.made_at,
    )


def _entry(link: ActionLink) -> Decision:
    after = {"ticket": link.key, "source": link.source}
    return Decision("ticket linked", "action", link.action_id, link.made_by, after=after)


def _follow(story: Story, link: ActionLink, action: Action, *, agrees: bool) -> None:
    here = said_by(action)
    there = here | {OWNER: f"account of {action.owner}"}
    if not agrees:
        there[DUE_ON] = (action.due_on + LATER).isoformat()
    clash = Clash(here[DUE_ON], there[DUE_ON], BOTH, shown=there[DUE_ON] or "")
    link.here, link.there, link.clashes = here, there, {} if agrees else {DUE_ON: asdict(clash)}
    link.action_revision, link.seen_at = action.revision, story.until
