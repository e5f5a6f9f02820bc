"""Incidents by the release they are attributed to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.records.incidents import Incident, IncidentLink


@dataclass(frozen=True, slots=True)
class Hurt:
    """An incident linked to a release."""

    id: int
    name: str
    title: str
    severity: str | None
    method: str
    confirmed: bool
    reason: str
    began_at: datetime | None
    trouble: timedelta | None


def incidents_of(session: Session, release_ids: Sequence[int]) -> dict[int, list[Hurt]]:
    """The incidents linked to each of these releases, confirmed ones first."""
    found = session.execute(
        select(IncidentLink, Incident)
        .join(Incident, col(Incident.id) == col(IncidentLink.incident_id))
        .where(col(IncidentLink.release_id).in_(release_ids))
        .where(col(Incident.deleted_at).is_(None), col(Incident.drill).is_(False))
        .order_by(col(IncidentLink.confirmed).desc(), col(Incident.began_at))
    )
    linked: dict[int, list[Hurt]] = defaultdict(list)
    for link, incident in found:
        linked[link.release_id].append(hurt(link, incident))
    return linked


def hurt(link: IncidentLink, incident: Incident) -> Hurt:
    """An incident as the release pages show it."""
    return Hurt(
        id=incident.id or 0,
        name=incident.external_id,
        title=incident.title,
        severity=incident.severity,
        method=link.method,
        confirmed=link.confirmed,
        reason=link.reason,
        began_at=incident.began_at,
        trouble=incident.trouble,
    )
