"""Incidents that were like this one: what is known of them may help."""

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.records.incidents import Incident, is_real


def similar(session: Session, incident: Incident, limit: int = 5) -> list[Incident]:
    """Earlier incidents of its kind on its model, the newest first."""
    if incident.began_at is None:
        return []
    same = (col(Incident.entry_id) == incident.entry_id, col(Incident.kind) == incident.kind)
    earlier = (col(Incident.began_at) < incident.began_at, col(Incident.id) != incident.id)
    wanted = select(Incident).where(*same, *earlier, is_real()).order_by(col(Incident.began_at).desc())
    return list(session.scalars(wanted.limit(limit)))
