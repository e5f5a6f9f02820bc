"""Incidents told twice: which of them tells it, and what may be merged into what."""

from datetime import timedelta

from sqlalchemy import BigInteger, ColumnElement, and_, func, select, type_coerce
from sqlmodel import Session, col

from ops_console.core.clock import milliseconds
from ops_console.core.errors import BadInput
from ops_console.records.incidents import Incident, primary_source

NEAR = timedelta(days=2)
"""Incidents that began further apart are seldom the same."""
MOST_OFFERED = 20


def merged_into(incident: Incident) -> ColumnElement[bool]:
    """Which incidents say that they repeat this one."""
    return and_(
        primary_source() == incident.source,
        col(Incident.duplicate_of) == incident.external_id,
        col(Incident.deleted_at).is_(None),
    )


def duplicates(session: Session, incident: Incident) -> list[Incident]:
    """What was merged into it, by when it began."""
    wanted = select(Incident).where(merged_into(incident)).order_by(col(Incident.began_at), col(Incident.id))
    return list(session.scalars(wanted))


def primary(session: Session, incident: Incident) -> Incident | None:
    """The incident that this one repeats, where it is known here."""
    if incident.duplicate_of is None:
        return None
    source = incident.duplicate_source or incident.source
    named = (col(Incident.source) == source, col(Incident.external_id) == incident.duplicate_of)
    return session.scalars(select(Incident).where(*named)).first()


def offered(session: Session, incident: Incident) -> list[Incident]:
    """What it may repeat: on the same model first, then what began nearest to it."""
    if incident.began_at is None:
        return []
    apart = func.abs(type_coerce(Incident.began_at, BigInteger) - milliseconds(incident.began_at))
    near = col(Incident.began_at).between(incident.began_at - NEAR, incident.began_at + NEAR)
    wanted = select(Incident).where(near, col(Incident.id) != incident.id, *_tells(incident))
    order = (col(Incident.entry_id) != incident.entry_id, apart, col(Incident.id))
    return list(session.scalars(wanted.order_by(*order).limit(MOST_OFFERED)))


def named(session: Session, words: str) -> Incident:
    """The incident that its source calls so."""
    same = (col(Incident.external_id) == words, col(Incident.deleted_at).is_(None))
    found = session.scalars(select(Incident).where(*same).limit(2)).all()
    if not found:
        raise BadInput(f"There is no incident {words[:80]!r}.", remedy="Write its id as its own page shows it.")
    if len(found) > 1:
        raise BadInput(f"Several sources call an incident {words[:80]!r}.", remedy="Choose it from the list.")
    return found[0]


def check_merge(session: Session, incident: Incident, onto: Incident) -> None:
    """`BadInput` says why the one cannot be merged into the other."""
    if incident.id == onto.id:
        raise BadInput("An incident cannot repeat itself.", remedy="Choose another one.")
    if onto.deleted_at is not None or onto.false_positive:
        raise BadInput(f"{onto.external_id} tells of nothing that broke.", remedy="Choose another one.")
    if onto.duplicate_of is not None:
        raise BadInput(f"{onto.external_id} itself repeats {onto.duplicate_of}.", remedy="Choose that one.")
    if onto.drill != incident.drill:
        raise BadInput("A drill and what really broke are kept apart.", remedy="Choose one of its own kind.")
    if mine := duplicates(session, incident):
        names = ", ".join(each.external_id for each in mine[:3])
        raise BadInput(f"{names} was merged into this one.", remedy="Merge that into the other one first.")


def _tells(incident: Incident) -> tuple[ColumnElement[bool], ...]:
    """Of its own kind, and itself told by no other."""
    return (
        col(Incident.deleted_at).is_(None),
        col(Incident.duplicate_of).is_(None),
        col(Incident.false_positive).is_(False),
        col(Incident.drill).is_(incident.drill),
    )
