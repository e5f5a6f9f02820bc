"""Reviews of the story's incidents, written, approved and closed a week after the restoration at the latest; a few are
waived, and the newest waits for somebody to approve it.

Younger incidents are left to the console itself, which opens their reviews as it would anywhere.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlmodel import Session, col

from ops_console.contracts.decisions import Factor, ReviewState
from ops_console.contracts.vocabulary import IncidentKind
from ops_console.demo import company
from ops_console.demo.story import Story
from ops_console.practices.review_import import import_lines
from ops_console.practices.review_prefill import prefilled
from ops_console.practices.review_rules import DUE, LATE, case_of, reasons
from ops_console.practices.review_text import PARTS
from ops_console.practices.review_versions import content, hash_of
from ops_console.practices.reviews import CONSOLE
from ops_console.records import audit
from ops_console.records.audit import Decision
from ops_console.records.incidents import Incident, is_real
from ops_console.records.reviews import IncidentReview, ReviewFactor, ReviewSection, ReviewVersion

TOLD_SINCE = timedelta(days=270)
CLOSED_WITHIN = timedelta(days=7)
LATE_SHARE = 0.25
"""One review in four is handed in after 72 h (assumed)."""
WAIVED_SHARE = 0.06
"""And so many need not be written (assumed)."""
F, K, R = Factor, IncidentKind, ReviewState
FACTORS: dict[str, tuple[Factor, ...]] = {
    K.SERVICE: (F.CAPACITY, F.DEPENDENCY, F.CONFIGURATION),
    K.MODEL: (F.MODEL_RELEASE, F.MISSING_TEST_OR_GATE, F.MISSING_ROLLBACK),
    K.DATA_PIPELINE: (F.DATA_QUALITY, F.MISSING_ALERT, F.DEPENDENCY),
    K.DRIFT_OR_QUALITY: (F.DATA_OR_CONCEPT_DRIFT, F.MISSING_ALERT, F.TRAINING_SERVING_SKEW),
    K.TRAINING: (F.INFRASTRUCTURE, F.PROCESS_OR_DOCUMENTATION),
    K.COST: (F.CONFIGURATION, F.MISSING_ALERT),
}


def tell(session: Session, story: Story) -> list[tuple[Incident, list[Factor]]]:
    """Every review the story has told by now and that is not there yet: its incident and what contributed."""
    since, until = story.anchor - TOLD_SINCE, story.until - CLOSED_WITHIN
    mine = (col(Incident.source) == company.PAGER, is_real())
    told = (col(Incident.restored_at) > since, col(Incident.restored_at) <= until)
    unreviewed = ~exists().where(col(IncidentReview.incident_id) == Incident.id)
    wanted = select(Incident).where(*mine, *told, unreviewed).order_by(col(Incident.restored_at), col(Incident.id))
    found = [(incident, reasons(case_of(session, incident.id or 0))) for incident in session.scalars(wanted).all()]
    demanded = [pair for pair in found if pair[1]]
    newest = [each for each, _ in demanded if (each.restored_at or since) <= story.anchor - CLOSED_WITHIN][-1:]
    reviewed = []
    for incident, because in demanded:
        is_waived = story.dice("waived", incident.external_id).random() < WAIVED_SHARE
        state = R.IN_REVIEW if incident in newest else R.WAIVED if is_waived else R.CLOSED
        reviewed.append((incident, _told(session, story, incident, because, state)))
    return reviewed


def address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@quillmark.example"


def _told(session: Session, story: Story, incident: Incident, because: list[str], state: ReviewState) -> list[Factor]:
    dice = story.dice("review", incident.external_id)
    author, approver = (address(name) for name in dice.sample([*company.PEOPLE], 2))
    restored = incident.restored_at or story.anchor
    hours = dice.uniform(73, 110) if dice.random() < LATE_SHARE else dice.uniform(18, 70)
    held = restored + timedelta(minutes=round(hours * 60))
    factors = dice.sample(FACTORS.get(incident.kind or "", (F.OTHER,)), 2 if dice.random() < 0.6 else 1)
    review = IncidentReview(
        incident_id=incident.id or 0,
        state=state,
        required_because=because,
        restored_at=restored,
        due_at=restored + DUE,
        late_at=restored + LATE,
        made_at=restored,
        **_fate(state, author, approver, held),
    )
    session.add(review)
    session.flush()
    if state is R.WAIVED:
        factors = []
    _write(session, review, incident, factors, held)
    if state is R.CLOSED:
        _freeze(session, review)
    said = {R.CLOSED: "approved", R.WAIVED: "waived", R.IN_REVIEW: "handed in"}[state]
    by, why = author if state is R.IN_REVIEW else approver, review.waived_reason
    audit.record(session, Decision(said, "review", audit.number(review), by, after={"state": state}, reason=why))
    return factors


def _fate(state: ReviewState, author: str, approver: str, held: datetime) -> dict[str, Any]:
    """Who did what with it, and when."""
    if state is R.WAIVED:
        return {"waived_by": approver, "waived_at": held, "waived_reason": "Its cause was reviewed a week before"}
    written = {"author": author, "held_at": held, "submitted_by": author}
    if state is R.IN_REVIEW:
        return written
    approved = {"approved_by": approver, "approved_at": held + timedelta(hours=20)}
    return written | approved | {"closed_at": held + timedelta(hours=44)}


def _write(session: Session, review: IncidentReview, incident: Incident, factors: list[Factor], held: datetime) -> None:
    """What facts filled in, and below it what people wrote where it was not waived."""
    number, author = audit.number(review), review.author or CONSOLE
    texts = {"impact": prefilled(session, incident).get("impact", "")} | (_texts(incident, factors) if factors else {})
    for place, part in enumerate(PARTS):
        section = ReviewSection(
            review_id=number, key=part.key, place=place, title=part.title, changed_by=author, changed_at=held
        )
        section.text = texts.get(part.key, "")
        session.add(section)
    for factor in factors:
        session.add(ReviewFactor(review_id=number, factor=factor, made_by=author, made_at=held))
    import_lines(session, review)


def _freeze(session: Session, review: IncidentReview) -> None:
    said = content(session, review)
    version = ReviewVersion(
        review_id=audit.number(review),
        number=1,
        content=said,
        content_hash=hash_of(said),
        approved_by=review.approved_by or "",
        approved_at=review.approved_at or review.made_at,
    )
    session.add(version)


def _texts(incident: Incident, factors: list[Factor]) -> dict[str, str]:
    named = " and ".join(factor.replace("_", " ") for factor in factors)
    return {
        "summary": f"{incident.title}. Two things came together: {named}."
        if len(factors) > 1
        else f"{incident.title}. What contributed most: {named}.",
        "what_happened": "The first sign was there before the alert; nothing watched for it.",
        "well": "The way back was known and took effect at once.",
        "lucky": "A second failure at the same time would have hidden it.",
    }
