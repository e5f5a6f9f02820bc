"""What contributes most to incidents."""

from collections import Counter

from sqlalchemy import select
from sqlmodel import Session, col

from ops_console.core.periods import Period
from ops_console.records.incidents import Incident, is_real
from ops_console.records.reviews import IncidentReview, ReviewFactor


def factors(session: Session, quarter: Period) -> list[tuple[str, int]]:
    """How many incidents of a quarter each factor contributed to, the most frequent first."""
    began = (col(Incident.began_at) >= quarter.start, col(Incident.began_at) < quarter.end)
    named = (
        select(col(ReviewFactor.factor), col(IncidentReview.incident_id))
        .join(IncidentReview, col(IncidentReview.id) == ReviewFactor.review_id)
        .join(Incident, col(Incident.id) == IncidentReview.incident_id)
        .where(*began, is_real())
        .distinct()
    )
    found = Counter(factor for factor, _ in session.execute(named))
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))
