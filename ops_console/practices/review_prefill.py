"""What a review can say before anybody has written a word: computed from facts, marked as such, open to change."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import Mitigation
from ops_console.core import units
from ops_console.practices.review_facts import AFTER, BEFORE
from ops_console.practices.review_rules import Case, case_of
from ops_console.records.catalog import CatalogEntry
from ops_console.records.degradations import Degradation
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident, IncidentLink
from ops_console.records.workspace import current


@dataclass(frozen=True, slots=True)
class Known:
    """Facts about one incident, its model and the release linked to it."""

    incident: Incident
    entry: CatalogEntry
    case: Case
    release: Release | None
    is_confirmed: bool
    degradations: tuple[Degradation, ...]
    zone: ZoneInfo


def prefilled(session: Session, incident: Incident) -> dict[str, str]:
    """Text by part; a part about which nothing is known is not there."""
    known = _known(session, incident)
    texts = {
        "impact": _impact(known),
        "detection": _detection(known),
        "model": _model(known),
        "detector": ", ".join(sorted({f"{_spoken(each.signal)} ({each.source})" for each in known.degradations})),
        "degraded": _degraded(known),
        "options": _options(known),
    }
    return {part: text for part, text in texts.items() if text}


def _known(session: Session, incident: Incident) -> Known:
    link = session.scalars(select(IncidentLink).where(col(IncidentLink.incident_id) == incident.id)).first()
    release = session.get(Release, link.release_id) if link and link.release_id else None
    return Known(
        incident,
        session.get_one(CatalogEntry, incident.entry_id),
        case_of(session, incident.id or 0),
        release,
        bool(link and link.confirmed),
        tuple(_degradations(session, incident)),
        current(session).zone,
    )


def _degradations(session: Session, incident: Incident) -> list[Degradation]:
    if incident.began_at is None:
        return []
    until = (incident.restored_at or incident.began_at) + AFTER
    near = col(Degradation.detected_at).between(incident.began_at - BEFORE, until)
    wanted = select(Degradation).where(col(Degradation.entry_id) == incident.entry_id, near)
    real = (col(Degradation.deleted_at).is_(None), col(Degradation.dismissed).is_(False))
    return list(session.scalars(wanted.where(*real).order_by(col(Degradation.detected_at))))


def _impact(known: Known) -> str:
    incident = known.incident
    tier = f" (tier {known.case.tier})" if known.case.tier else ""
    severity = f"{incident.severity}: " if incident.severity else ""
    said = [f"{severity}{known.entry.name}{tier} was affected{_span(known)}."]
    if took := _between(incident.began_at, incident.mitigated_at):
        said.append(f"Mitigated after {took}{_by(incident)}.")
    return " ".join(said)


def _span(known: Known) -> str:
    began, restored = known.incident.began_at, known.incident.restored_at
    if began is None:
        return ""
    lasted = _between(began, restored)
    since = f" from {units.instant(began, known.zone)}"
    return f" for {lasted},{since} to {_at(restored, known)}" if lasted else since


def _by(incident: Incident) -> str:
    return f" by {_spoken(incident.mitigation)}" if incident.mitigation not in (None, Mitigation.NONE) else ""


def _detection(known: Known) -> str:
    took = _between(known.incident.impact_started_at, known.incident.detected_at)
    answered = _between(known.incident.detected_at, known.incident.acknowledged_at)
    said = [f"Detected {took} after the impact began."] if took else []
    return " ".join([*said, f"Acknowledged {answered} later."] if answered else said)


def _model(known: Known) -> str:
    release = known.release
    if release is None or release.live_at is None:
        return known.entry.name
    word = "confirmed" if known.is_confirmed else "suspected"
    return f"{known.entry.name} {release.version}, in production since {_at(release.live_at, known)} ({word} release)"


def _degraded(known: Known) -> str:
    begun = [each for each in known.degradations if each.onset_at is not None]
    parts = [f"{_spoken(each.signal)}: {_between(each.onset_at, each.detected_at)}" for each in begun]
    return "; ".join(parts)


def _options(known: Known) -> str:
    tested = known.entry.rollback_tested_on
    return f"The way back to the version before was last tested on {units.day(tested)}." if tested else ""


def _at(when: datetime | None, known: Known) -> str:
    return units.instant(when, known.zone) if when else ""


def _between(began: datetime | None, ended: datetime | None) -> str:
    if began is None or ended is None or ended < began:
        return ""
    return units.duration((ended - began).total_seconds())


def _spoken(word: str | None) -> str:
    return (word or "").replace("_", " ")
