"""One incident: the releases that may have caused it, and what people changed about it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.decisions import PROMISED
from ops_console.contracts.vocabulary import PRODUCTION
from ops_console.core.clock import now
from ops_console.practices import incident_messages
from ops_console.practices.reviews import of_incident
from ops_console.practices.verdicts import Verdict, verdicts
from ops_console.records.actions import Action
from ops_console.records.chat import IncidentMessage
from ops_console.records.corrections import Correction
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident
from ops_console.records.reviews import IncidentReview
from ops_console.web.reads.incidents import SHOWN, IncidentRow, Wanted, filtered, judged

LOOK_BACK = timedelta(days=7)
"""How far before an incident the page looks for releases that a person may want to name."""


@dataclass(frozen=True, slots=True)
class IncidentDetail:
    """One incident, the releases a person may blame, the corrections in force, its review, what was promised,
    and the messages on its timeline."""

    row: IncidentRow
    candidates: list[Release]
    corrections: list[Correction]
    review: IncidentReview | None
    actions: list[Action]
    verdicts: dict[int, Verdict]
    messages: list[IncidentMessage]


def incident(session: Session, incident_id: int) -> IncidentDetail | None:
    """Everything the incident page shows; `None` where there is no such incident."""
    found = session.execute(filtered(select(*SHOWN), Wanted(drills=None)).where(col(Incident.id) == incident_id)).all()
    if not found:
        return None
    (row,) = judged(session, found)
    corrected, actions = corrections_of(session, row.incident), actions_of(session, incident_id)
    judged_actions = verdicts(session, actions, now())
    review = of_incident(session, incident_id)
    messages, candidates = incident_messages.of_incident(session, incident_id), _candidates(session, row.incident)
    return IncidentDetail(row, candidates, corrected, review, actions, judged_actions, messages)


def actions_of(session: Session, incident_id: int) -> list[Action]:
    """What was promised after an incident: what is owed first, by its day."""
    found = session.scalars(select(Action).where(col(Action.incident_id) == incident_id))
    return sorted(found, key=lambda each: (each.state not in PROMISED, each.due_on, each.id))


def _candidates(session: Session, broken: Incident) -> list[Release]:
    if broken.began_at is None:
        return []
    nearest = (
        select(Release)
        .where(
            col(Release.entry_id) == broken.entry_id,
            col(Release.environment) == PRODUCTION,
            col(Release.live_at) <= broken.began_at,
            col(Release.live_at) >= broken.began_at - LOOK_BACK,
        )
        .order_by(col(Release.live_at).desc())
        .limit(10)
    )
    return list(session.scalars(nearest))


def corrections_of(session: Session, broken: Incident) -> list[Correction]:
    """What people changed about this incident."""
    return list(
        session.scalars(
            select(Correction)
            .where(
                col(Correction.kind) == "incidents",
                col(Correction.source) == broken.source,
                col(Correction.external_id) == broken.external_id,
            )
            .order_by(col(Correction.made_at))
        )
    )
