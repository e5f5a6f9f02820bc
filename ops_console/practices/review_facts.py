"""What the console knows about an incident, as lines of a timeline: each with its source and a link to it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import PRODUCTION, CheckOutcome, RunStatus
from ops_console.practices.duplicates import duplicates
from ops_console.practices.incident_notes import notes
from ops_console.practices.incident_roles import roles
from ops_console.practices.reopenings import reopenings
from ops_console.records.alerts import Alert
from ops_console.records.chat import IncidentMessage
from ops_console.records.degradations import Degradation
from ops_console.records.deployments import Release
from ops_console.records.envelope import Envelope
from ops_console.records.evaluations import Evaluation
from ops_console.records.incidents import Incident, IncidentLink
from ops_console.records.pipelines import PipelineRun, QualityCheck

BEFORE, AFTER = timedelta(hours=24), timedelta(hours=2)
"""How far around the incident facts about its model belong on the timeline."""
LONGEST_LINE = 2000
MOST = 200
"""Lines of one kind: a storm of alerts must not bury the rest."""
CONSOLE = "console"
MILESTONES = {
    "impact_started_at": "Impact began",
    "detected_at": "Detected",
    "acknowledged_at": "Acknowledged",
    "mitigated_at": "Mitigated",
    "restored_at": "Restored",
    "resolved_at": "Resolved",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened, as a fact tells it."""

    origin: str
    at: datetime
    text: str
    source: str
    link: str | None


def told(session: Session, incident: Incident) -> list[Told]:
    """Everything on or around an incident, the oldest first; a constant number of statements."""
    found = [
        *_milestones(incident),
        *_reopenings(incident),
        *_duplicates(session, incident),
        *_notes(session, incident),
        *_roles(session, incident),
        *_releases(session, incident),
        *_alerts(session, incident),
        *_degradations(session, incident),
        *_pipelines(session, incident),
        *_checks(session, incident),
        *_evaluations(session, incident),
        *_messages(session, incident),
    ]
    return sorted(found, key=lambda each: (each.at, each.origin))


def _milestones(incident: Incident) -> Iterator[Told]:
    for field, words in MILESTONES.items():
        at = getattr(incident, field)
        if at is None or (field == "resolved_at" and at == incident.restored_at):
            continue
        by = f": {_spoken(incident.mitigation)}" if field == "mitigated_at" and incident.mitigation else ""
        yield Told(f"incident:{field}", at, f"{words}{by}", incident.source, incident.url)


def _reopenings(incident: Incident) -> Iterator[Told]:
    for number, again in enumerate(reopenings(incident), start=1):
        broke, mended = ("broke", again.began_at, "Broke again"), ("mended", again.restored_at, "Restored again")
        for word, at, said in (broke, mended):
            if at is not None:
                yield Told(f"incident:{word} again {number}", at, said, incident.source, incident.url)


def _notes(session: Session, incident: Incident) -> Iterator[Told]:
    for note in notes(session, incident.id or 0):
        link = f"/incidents/{incident.id}#note-{note.id}"
        yield Told(f"note:{note.id}", note.made_at, note.text[:LONGEST_LINE], note.made_by, link)


def _roles(session: Session, incident: Incident) -> Iterator[Told]:
    link = f"/incidents/{incident.id}#roles"
    for held in roles(session, incident.id or 0):
        word = _spoken(held.role).capitalize()
        yield Told(f"role:{held.id}", held.from_at, f"{word}: {held.person}", CONSOLE, link)
        if held.until_at is not None:
            yield Told(f"role end:{held.id}", held.until_at, f"{word} until here: {held.person}", CONSOLE, link)


def _duplicates(session: Session, incident: Incident) -> Iterator[Told]:
    for each in duplicates(session, incident)[:MOST]:
        if each.began_at is not None:
            yield _of(each, "duplicate", each.began_at, f"Also reported as {each.external_id}: {each.title}")


def _releases(session: Session, incident: Incident) -> Iterator[Told]:
    began, ended = _around(incident)
    linked = select(col(IncidentLink.release_id)).where(col(IncidentLink.incident_id) == incident.id)
    near = (col(Release.entry_id) == incident.entry_id) & col(Release.live_at).between(began, ended)
    wanted = select(Release).where(
        or_(near, col(Release.id).in_(linked)),
        col(Release.environment) == PRODUCTION,
        col(Release.live_at).is_not(None),
    )
    for each in session.scalars(wanted.order_by(col(Release.live_at)).limit(MOST)):
        if each.live_at is not None:
            text = f"{_spoken(each.kind).capitalize()} {each.version} live in production"
            yield Told(
                _origin("release", each.kind, each.version), each.live_at, text, CONSOLE, f"/deployments/{each.id}"
            )


def _alerts(session: Session, incident: Incident) -> Iterator[Told]:
    began, ended = _around(incident)
    near = (col(Alert.entry_id) == incident.entry_id) & col(Alert.started_at).between(began, ended)
    named = (col(Alert.source) == incident.source) & (col(Alert.incident) == incident.external_id)
    real = (col(Alert.deleted_at).is_(None), col(Alert.test).is_(False), col(Alert.silenced).is_(False))
    for each in session.scalars(
        select(Alert).where(or_(near, named), *real).order_by(col(Alert.started_at)).limit(MOST)
    ):
        yield _of(each, "alert", each.started_at, f"Alert fired: {each.name}")


def _degradations(session: Session, incident: Incident) -> Iterator[Told]:
    began, ended = _around(incident)
    seen = col(Degradation.detected_at).between(began, ended)
    wanted = select(Degradation).where(col(Degradation.entry_id) == incident.entry_id, seen)
    real = (col(Degradation.deleted_at).is_(None), col(Degradation.dismissed).is_(False))
    for each in session.scalars(wanted.where(*real).order_by(col(Degradation.detected_at)).limit(MOST)):
        yield _of(each, "degradation", each.detected_at, f"{_spoken(each.signal).capitalize()} detected")
        if each.onset_at is not None:
            yield _of(each, "onset", each.onset_at, f"{_spoken(each.signal).capitalize()} began")


def _pipelines(session: Session, incident: Incident) -> Iterator[Told]:
    began, ended = _around(incident)
    failed = (col(PipelineRun.status) == RunStatus.FAILED, col(PipelineRun.finished_at).between(began, ended))
    wanted = select(PipelineRun).where(col(PipelineRun.entry_id) == incident.entry_id, *failed)
    for each in session.scalars(wanted.where(col(PipelineRun.deleted_at).is_(None)).limit(MOST)):
        if each.finished_at is not None:
            yield _of(each, "run", each.finished_at, f"Pipeline {each.pipeline} failed")


def _checks(session: Session, incident: Incident) -> Iterator[Told]:
    began, ended = _around(incident)
    bad = col(QualityCheck.outcome).in_([CheckOutcome.FAILED, CheckOutcome.ERRORED])
    wanted = select(QualityCheck).where(col(QualityCheck.entry_id) == incident.entry_id, bad)
    seen = (col(QualityCheck.checked_at).between(began, ended), col(QualityCheck.deleted_at).is_(None))
    for each in session.scalars(wanted.where(*seen).limit(MOST)):
        of = f" of {each.dataset}" if each.dataset else ""
        yield _of(each, "check", each.checked_at, f"Data check {each.name}{of} {each.outcome}")


def _evaluations(session: Session, incident: Incident) -> Iterator[Told]:
    began, ended = _around(incident)
    wanted = select(Evaluation).where(
        col(Evaluation.entry_id) == incident.entry_id, col(Evaluation.regressed).is_(True)
    )
    seen = (col(Evaluation.evaluated_at).between(began, ended), col(Evaluation.deleted_at).is_(None))
    for each in session.scalars(wanted.where(*seen).limit(MOST)):
        yield _of(each, "evaluation", each.evaluated_at, f"Evaluation of {each.version}: {each.metric} regressed")


def _messages(session: Session, incident: Incident) -> Iterator[Told]:
    """All of them: each was chosen by a person."""
    mine = select(IncidentMessage).where(col(IncidentMessage.incident_id) == incident.id)
    for each in session.scalars(mine):
        yield Told(each.origin, each.at, each.text, each.source, each.link)


def _around(incident: Incident) -> tuple[datetime, datetime]:
    began = incident.began_at or incident.restored_at or incident.ingested_at
    ended = [at for each in reopenings(incident) for at in (each.began_at, each.restored_at) if at is not None]
    return began - BEFORE, max([incident.restored_at or began, *ended]) + AFTER


def _of(row: Envelope, kind: str, at: datetime, text: str) -> Told:
    return Told(_origin(kind, row.source, row.external_id), at, text, row.source, row.url)


def _origin(kind: str, *names: str) -> str:
    """Short, and the same whenever the fact is read again."""
    digest = hashlib.sha256("\x1f".join(names).encode()).hexdigest()
    return f"{kind}:{digest[:32]}"


def _spoken(word: str | None) -> str:
    return (word or "").replace("_", " ")
