"""Actions for other systems: what was promised, by whom, until when, and whether it helped."""

from datetime import date
from enum import StrEnum

from pydantic import Field
from typing_extensions import TypedDict

from ops_console.contracts.decisions import ActionState, ActionType, Effect, Factor, Priority
from ops_console.core.clock import Moment, iso, now
from ops_console.core.errors import NotFound
from ops_console.practices.verdicts import Verdict
from ops_console.records import audit
from ops_console.web.access import Access
from ops_console.web.api._api import Api
from ops_console.web.api._asked import text
from ops_console.web.api._bodies import Next
from ops_console.web.api._cursor import of_query
from ops_console.web.api._practice import About, Day, OfIncidents, about, day, moment, page, require_known
from ops_console.web.database import read
from ops_console.web.operation import Answer, Number, Word
from ops_console.web.reads import actions as reads
from ops_console.web.reads.actions import OVERDUE, OWED, ActionRow, Wanted
from ops_console.web.view import workspace

pages = Api("api_actions", "Practices", action_id=Number("action"))


class ActionStanding(StrEnum):
    """A state of an action; `owed` is any before it is over, `overdue` those of them whose day has passed."""

    OWED = OWED
    OVERDUE = OVERDUE
    OPEN = ActionState.OPEN.value
    IN_PROGRESS = ActionState.IN_PROGRESS.value
    BLOCKED = ActionState.BLOCKED.value
    DONE = ActionState.DONE.value
    DROPPED = ActionState.DROPPED.value


class ActionsAsked(OfIncidents):
    """Which actions."""

    state: ActionStanding | None = Field(None, description="Where it stands.", examples=["overdue"])
    owner: Word | None = text("address", "The address of the person who owes it.", "ana@example.com")
    type: ActionType | None = Field(None, description="What kind of action it is.")
    priority: Priority | None = Field(None, description="How urgent it is.")


class Helped(TypedDict):
    """Whether the incident stayed away until `until`; `exposure` is what that rests on, `incident` its recurrence."""

    effect: Effect
    until: Moment
    exposure: int
    exposure_in: str
    incident: int | None


class ActionBody(TypedDict):
    """One action. `first_due_on` is what was promised first; `slips` counts how often the day moved back since."""

    id: int
    revision: int
    title: str
    done_when: str
    type: ActionType
    priority: Priority
    cause: Factor | None
    owner: str
    due_on: Day
    first_due_on: Day
    slips: int
    state: ActionState
    is_overdue: bool
    evidence: str
    model: str | None
    incident: About | None
    made_by: str
    made_at: Moment
    done_at: Moment | None
    dropped_at: Moment | None
    dropped_by: str | None
    dropped_reason: str
    verdict: Helped | None


class Actions(TypedDict):
    """A page of actions, those promised last first."""

    rows: list[ActionBody]
    next: Next


@pages.get("/api/v1/actions", access=Access.token("actions:read"))
def actions(asked: ActionsAsked) -> Answer[Actions]:
    """Actions

    What was promised after incidents, those promised last first, with the verdict on those that are done.
    """
    wanted = Wanted(
        _today(),
        state=asked.state,
        owner=asked.owner,
        kind=asked.type,
        priority=asked.priority,
        model=asked.model,
        incident_id=asked.incident,
    )
    listed = of_query("actions", asked)
    before = listed.place(asked.cursor) if asked.cursor else None
    with read() as session:
        require_known(session, asked)
        rows, goes_on = page(reads.listed(session, wanted, asked.limit + 1, before), asked.limit)
    body: Actions = {
        "rows": [_body(row) for row in rows],
        "next": listed.next(rows[-1].action.id if goes_on else None),
    }
    return Answer(body, next=body["next"])


@pages.get("/api/v1/actions/<action_id>", access=Access.token("actions:read"))
def one_action(action_id: int) -> Answer[ActionBody]:
    """One action

    With the verdict, once it is done and names what must not come back.
    """
    with read() as session:
        found = reads.action(session, action_id)
    if found is None:
        raise NotFound(f"There is no action {action_id}.")
    return Answer(_body(found))


def _today() -> date:
    return now().astimezone(workspace().zone).date()


def _body(row: ActionRow) -> ActionBody:
    action = row.action
    return {
        "id": audit.number(action),
        "revision": action.revision,
        "title": action.title,
        "done_when": action.done_when,
        "type": ActionType(action.kind),
        "priority": Priority(action.priority),
        "cause": Factor(action.cause) if action.cause else None,
        "owner": action.owner,
        "due_on": day(action.due_on),
        "first_due_on": day(action.first_due_on),
        "slips": action.slips,
        "state": ActionState(action.state),
        "is_overdue": row.is_overdue(_today()),
        "evidence": action.evidence,
        "model": row.slug,
        "incident": about(row.incident),
        "made_by": action.made_by,
        "made_at": iso(action.made_at),
        "done_at": moment(action.done_at),
        "dropped_at": moment(action.dropped_at),
        "dropped_by": action.dropped_by,
        "dropped_reason": action.dropped_reason,
        "verdict": _helped(row.verdict) if row.verdict else None,
    }


def _helped(verdict: Verdict) -> Helped:
    return {
        "effect": verdict.effect,
        "until": iso(verdict.until),
        "exposure": verdict.exposure,
        "exposure_in": "releases" if verdict.counts_releases else "days",
        "incident": verdict.incident_id,
    }
