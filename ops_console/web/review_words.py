"""How reviews, actions and verdicts read on a page."""

from datetime import date, datetime

from ops_console.contracts.decisions import ActionState, Effect, ReviewState
from ops_console.contracts.tracker import DUE_ON
from ops_console.core import units
from ops_console.practices.review_rules import RULES
from ops_console.practices.verdicts import Verdict
from ops_console.records.actions import Action
from ops_console.records.reviews import IncidentReview
from ops_console.web.told import local
from ops_console.web.view import workspace

__all__ = ["action_tag", "because", "clock", "exposure", "local", "review_tag", "ticket_value"]

Tag = tuple[str, str, str]
REVIEWS: dict[str, Tag] = {
    ReviewState.DUE: ("watch", "▲", "Due"),
    ReviewState.DRAFT: ("none", "○", "Draft"),
    ReviewState.IN_REVIEW: ("watch", "▲", "In review"),
    ReviewState.APPROVED: ("good", "●", "Approved"),
    ReviewState.CLOSED: ("good", "●", "Closed"),
    ReviewState.WAIVED: ("none", "○", "Waived"),
}
ACTIONS: dict[str, Tag] = {
    ActionState.OPEN: ("none", "○", "Open"),
    ActionState.IN_PROGRESS: ("none", "○", "In progress"),
    ActionState.BLOCKED: ("watch", "▲", "Blocked"),
    ActionState.DONE: ("good", "●", "Done"),
    ActionState.DROPPED: ("none", "○", "Dropped"),
}
OVERDUE: Tag = ("bad", "■", "Overdue")
EFFECTS: dict[str, Tag] = {
    Effect.WATCHING: ("none", "○", "Watched"),
    Effect.EFFECTIVE: ("good", "●", "Effective"),
    Effect.RECURRED: ("bad", "■", "Recurred"),
    Effect.UNPROVEN: ("none", "○", "Unproven"),
}


def review_tag(review: IncidentReview, now: datetime) -> Tag:
    """Its state; late where nobody has handed it in within the time."""
    is_unwritten = review.state in (ReviewState.DUE, ReviewState.DRAFT)
    if is_unwritten and review.held_at is None and review.late_at is not None and now > review.late_at:
        return ("bad", "■", "Late")
    return REVIEWS[review.state]


def clock(review: IncidentReview, now: datetime) -> str:
    """When it is or was due, and how it went."""
    if review.due_at is None or review.late_at is None:
        return "no date: the incident is not restored" if review.restored_at is None else "no date: nothing demands it"
    if review.held_at is not None:
        took = units.duration((review.held_at - (review.restored_at or review.held_at)).total_seconds())
        return f"handed in {took} after the restoration" + ("" if review.held_at <= review.late_at else ", late")
    if now <= review.due_at:
        return f"due in {_rest(now, review.due_at)}"
    if now <= review.late_at:
        return f"due since {_rest(review.due_at, now)}, late in {_rest(now, review.late_at)}"
    return f"late since {_rest(review.late_at, now)}"


def because(review: IncidentReview) -> str:
    """The rules that demand it, in words."""
    return ", ".join(RULES.get(rule, rule) for rule in review.required_because)


def action_tag(action: Action, now: datetime) -> Tag:
    is_owed = action.state in (ActionState.OPEN, ActionState.IN_PROGRESS, ActionState.BLOCKED)
    return OVERDUE if is_owed and action.due_on < now.astimezone(workspace().zone).date() else ACTIONS[action.state]


def ticket_value(name: str, value: str | None) -> str:
    """What an action or its ticket says, as people read it."""
    if not value:
        return "nothing"
    return units.day(date.fromisoformat(value)) if name == DUE_ON else value.replace("_", " ")


def exposure(verdict: Verdict) -> str:
    """What stands behind a verdict."""
    noun = "release" if verdict.counts_releases else "day"
    counted = f"{units.count(verdict.exposure)} {noun if verdict.exposure == 1 else f'{noun}s'}"
    said = [counted if verdict.counts_releases else f"{counted} in production"]
    if verdict.unreviewed:
        word = "incident" if verdict.unreviewed == 1 else "incidents"
        said.append(f"{units.count(verdict.unreviewed)} similar {word} without a review")
    if verdict.effect is Effect.WATCHING:
        said.append(f"until {units.day(verdict.until.astimezone(workspace().zone).date())}")
    return ", ".join(said)


def _rest(since: datetime, until: datetime) -> str:
    return units.duration((until - since).total_seconds() // 60 * 60)
