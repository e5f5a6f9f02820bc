"""A person's word on what caused an incident: it wins over everything and survives every sync."""

import logging

from sqlalchemy import insert, select
from sqlmodel import Session

from ops_console.contracts.vocabulary import LinkMethod
from ops_console.core.clock import milliseconds, now
from ops_console.core.errors import NotFound
from ops_console.ingest.attribution import attribute
from ops_console.ingest.outdated import mark_instants
from ops_console.ingest.tables import incidents, links, releases, rewrite_plain

L, R = links.c, releases.c
log = logging.getLogger(__name__)


def confirm_link(session: Session, incident_id: int, release_id: int | None, by: str, reason: str = "") -> None:
    """Say that a release caused an incident, or (without one) that no change did."""
    _expect(session, incident_id, release_id)
    word = reason or ("Confirmed by a person." if release_id else "No change caused it, says a person.")
    row = {
        "release_id": release_id,
        "method": str(LinkMethod.PERSON),
        "confirmed": True,
        "reason": word[:300],
        "made_by": by,
        "made_at": milliseconds(now()),
    }
    kept = session.execute(select(L.id, L.release_id).where(L.incident_id == incident_id)).first()
    if kept is None:
        session.execute(insert(links), [row | {"incident_id": incident_id}])
    else:
        rewrite_plain(session, links, [row | {"id": kept.id}])
    _mark(session, release_id, kept.release_id if kept else None)


def withdraw_link(session: Session, incident_id: int, by: str, reason: str = "") -> None:
    """Take a person's word back: the incident is attributed as if nobody had spoken."""
    kept = session.execute(select(links).where(L.incident_id == incident_id)).first()
    if kept is None or kept.method != LinkMethod.PERSON:
        raise NotFound("Nobody has said what caused this incident.")
    rewrite_plain(session, links, [{"id": kept.id, "method": str(LinkMethod.NO_CHANGE), "confirmed": False}])
    attribute(session, {incident_id}, {incident_id})
    log.info("%s took back what %s said of incident %s: %s", by, kept.made_by, incident_id, reason or "no reason given")
    _mark(session, kept.release_id, None)


def _expect(session: Session, incident_id: int, release_id: int | None) -> None:
    if session.execute(select(incidents.c.id).where(incidents.c.id == incident_id)).first() is None:
        raise NotFound("There is no such incident.")
    if release_id is not None and session.execute(select(R.id).where(R.id == release_id)).first() is None:
        raise NotFound("There is no such release.")


def _mark(session: Session, *release_ids: int | None) -> None:
    named = {number for number in release_ids if number is not None}
    mark_instants(session, "deployments", session.execute(select(R.live_at).where(R.id.in_(named))).scalars().all())
