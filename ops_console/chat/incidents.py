"""Opening an incident from where people talk: by a form, or in one line."""

import hashlib

from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.chat.work import Answer, Asked, Work
from ops_console.contracts.commands import Blank, Form, Look
from ops_console.contracts.facts import IncidentFact
from ops_console.contracts.vocabulary import IncidentStatus, Severity
from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput
from ops_console.ingest import manual
from ops_console.records.catalog import CatalogEntry
from ops_console.records.incidents import Incident

FORM = "incident"
KIND = IncidentFact.kind_of_fact
LONGEST = 300


def command(work: Work, rest: str) -> Answer:
    """`ranker SEV2 Answers are slow`, or a form where that is not all there."""
    work.must_be_editor()
    words = rest.split(maxsplit=2)
    if len(words) == 3 and words[1].upper() in {*Severity}:
        return _opened(work, words[0], words[1].upper(), words[2])
    return Asked(_form(rest))


def filled(work: Work, _rest: str) -> Answer:
    work.must_be_editor()
    said = work.call.said
    return _opened(work, said.get("model", ""), said.get("severity", ""), said.get("title", ""))


def _form(title: str) -> Form:
    severities = [(each.value, each.value) for each in Severity]
    blanks = [
        Blank("title", "What is broken", value=title[:LONGEST], hint="As users see it: “Answers are slow”."),
        Blank("model", "Model or service", hint="Its short name in the console, such as ranker-v4."),
        Blank("severity", "Severity", Look.CHOICE, options=severities),
    ]
    return Form(FORM, "Open an incident", "Open", blanks)


def _opened(work: Work, model: str, severity: str, title: str) -> Answer:
    """Detected when it was asked for. Done again after a crash it finds what was entered."""
    with reading(work.engine) as session:
        entry, external_id = _entry(session, model), _id_of(work)
        is_entered = manual.standing(session, KIND, external_id) is not None
    if not is_entered:
        manual.enter(work.engine, external_id, _fact(entry, severity, title, work), work.caller.email)
    with transaction(work.engine) as session:
        mine = (col(Incident.source) == manual.SOURCE, col(Incident.external_id) == external_id)
        found = session.scalars(select(Incident).where(*mine)).one()
        said = f"Opened: {severity} {entry.name}, {found.title}".replace("  ", " ")
        return work.done(session, said, f"/incidents/{found.id}")


def _fact(entry: CatalogEntry, severity: str, title: str, work: Work) -> IncidentFact:
    subject = {"service": entry.slug} if entry.kind == "service" else {"model": entry.slug}
    try:
        return IncidentFact(
            source=manual.SOURCE,
            external_id=_id_of(work),
            updated_at=work.at,
            title=" ".join(title.split())[:LONGEST],
            severity=Severity(severity),
            status=IncidentStatus.OPEN,
            detected_at=work.at,
            **subject,
        )
    except (ValidationError, ValueError):
        raise BadInput("An incident has a title and a severity from SEV1 to SEV5.") from None


def _entry(session: Session, name: str) -> CatalogEntry:
    """Only what is registered: a slip of the pen makes no new model."""
    wanted = (col(CatalogEntry.slug) == name.strip().lower(), col(CatalogEntry.deleted_at).is_(None))
    found = session.scalars(select(CatalogEntry).where(*wanted)).first()
    if found is None:
        raise BadInput(f"No model or service is called {name.strip()!r}.", remedy="See Models in the console.")
    return found


def _id_of(work: Work) -> str:
    """The same whenever the same call is answered."""
    digest = hashlib.sha256(f"{work.integration} {work.call.call_id}".encode()).hexdigest()
    return f"hand-{digest[:8]}"
