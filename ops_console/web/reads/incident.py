"""One incident: the releases that may have caused it, and what people changed about it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import PRODUCTION
from ops_console.records.corrections import Correction
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident
from ops_console.web.reads.incidents import SHOWN, IncidentRow, Wanted, filtered, judged

LOOK_BACK = timedelta(days=7)
"""How far before an incident the page looks for releases that a person may want to name."""


@dataclass(frozen=True, slots=True)
class IncidentDetail:
    """One incident, the releases a person may blame, and the corrections in force."""

    row: IncidentRow
    candidates: list[Release]
    corrections: list[Correction]


def incident(session: Session, incident_id: int) -> IncidentDetail | None:
    """Everything the incident page shows; `None` where there is no such incident."""
    found = session.execute(filtered(select(*SHOWN), Wanted()).where(col(Incident.id) == incident_id)).all()
    if not found:
        return None
    (row,) = judged(session, found)
    return IncidentDetail(row, _candidates(session, row.incident), corrections_of(session, row.incident))


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
