"""Actions that people promised after the story's incidents; most are kept, some late, a few are still owed."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.decisions import ActionState, ActionType, Factor, Priority
from ops_console.demo import company
from ops_console.demo.reviews import address
from ops_console.demo.story import Story
from ops_console.practices.action_rules import default_due
from ops_console.records import audit
from ops_console.records.actions import Action
from ops_console.records.audit import Decision
from ops_console.records.incidents import Incident

F, T = Factor, ActionType
PROMISES: dict[Factor, tuple[str, str, ActionType]] = {
    F.CAPACITY: ("Raise the pool limits of {}", "A load test at twice the peak passes", T.PREVENT),
    F.DEPENDENCY: ("Cache the last good answer in {}", "It serves through an hour without its dependency", T.MITIGATE),
    F.CONFIGURATION: ("Check the configuration of {} in CI", "A wrong value fails the build", T.PREVENT),
    F.MODEL_RELEASE: ("Run releases of {} in shadow first", "A day of shadow traffic precedes each release", T.DETECT),
    F.MISSING_TEST_OR_GATE: (
        "Add the failing slice to the gate of {}",
        "The gate refuses what broke",
        T.PREVENT,
    ),
    F.MISSING_ROLLBACK: ("Rehearse the rollback of {}", "It takes less than ten minutes in a drill", T.MITIGATE),
    F.DATA_QUALITY: ("Check the features of {} before each run", "A missing partition stops the run", T.DETECT),
    F.MISSING_ALERT: ("Add an alert on stale features of {}", "It fires in a drill within five minutes", T.DETECT),
    F.DATA_OR_CONCEPT_DRIFT: ("Retrain {} on the last six weeks", "Recall is back above its floor", T.REPAIR),
    F.TRAINING_SERVING_SKEW: ("Share the feature code of {}", "One library serves training and serving", T.PREVENT),
    F.INFRASTRUCTURE: ("Move training of {} to retried jobs", "A lost node costs no run", T.PREVENT),
}
ELSE = ("Write the runbook of {}", "Somebody who has never seen it follows it in a drill", T.PROCESS)
KEPT, DROPPED = 0.8, 0.06
"""Of all actions (assumed); the rest is still owed."""


def tell(session: Session, story: Story, reviewed: Iterable[tuple[Incident, list[Factor]]]) -> None:
    """What was promised in new reviews; then what has been done by now of what nobody has touched."""
    made = [_promised(session, story, incident, factor) for incident, factors in reviewed for factor in factors]
    if made:
        audit.record(session, *map(_entry, made))
    untouched = select(Action, Incident).join(Incident, col(Incident.id) == Action.incident_id)
    mine = (col(Incident.source) == company.PAGER, col(Action.revision) == 1, col(Action.state) == ActionState.OPEN)
    for row in session.execute(untouched.where(*mine).order_by(col(Action.id))).all():
        _fate(row[0], row[1], story)


def _entry(action: Action) -> Decision:
    return Decision("promised", "action", audit.number(action), action.made_by, after=audit.plain(action))


def _promised(session: Session, story: Story, incident: Incident, factor: Factor) -> Action:
    dice = story.dice("action", incident.external_id, factor)
    title, done_when, kind = PROMISES.get(factor, ELSE)
    promised = (incident.restored_at or story.anchor) + timedelta(hours=60)
    owner, other = (address(name) for name in dice.sample([*company.PEOPLE], 2))
    due_on = default_due(incident.severity, promised.astimezone(story.zone).date())
    action = Action(
        incident_id=incident.id,
        entry_id=incident.entry_id,
        title=title.format(incident.title.split()[0]),
        done_when=done_when,
        kind=kind,
        priority=dice.choice([*Priority]),
        cause=factor,
        owner=owner,
        due_on=due_on,
        first_due_on=due_on,
        state=ActionState.OPEN,
        made_by=other,
        made_at=promised,
    )
    session.add(action)
    session.flush()
    return action


def _fate(action: Action, incident: Incident, story: Story) -> None:
    """Done around its day, dropped, or still owed; each once and for good."""
    dice = story.dice("fate", incident.external_id, action.cause)
    drawn, share = dice.random(), dice.triangular(0.2, 1.4, 0.8)
    at = action.made_at + (story.midnight(action.due_on) - action.made_at) * share
    if not story.has_passed(at) or drawn > KEPT + DROPPED:
        return
    action.revision = 2
    if drawn > KEPT:
        action.state, action.dropped_at, action.dropped_by = ActionState.DROPPED, at, action.made_by
        action.dropped_reason = "The model is being replaced"
    else:
        action.state, action.done_at, action.evidence = ActionState.DONE, at, "A drill showed it"
