"""When an incident must be reviewed, and by when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import IncidentKind, Mitigation, Severity
from ops_console.core.columns import shifted
from ops_console.records.catalog import CatalogInterval
from ops_console.records.incidents import Incident, is_real
from ops_console.records.reviews import IncidentReview

DUE, LATE = timedelta(hours=48), timedelta(hours=72)
"""After the restoration."""
KNOWN_WITHIN = timedelta(days=14)
"""History that is imported later than this after its restoration demands no reviews."""
REPEATS, REPEATS_WITHIN = 3, timedelta(days=30)

SEVERE, FIRST_TIER, ROLLED_BACK = "severity", "tier_1", "rollback"
EXPOSED, REPEATED = "security", "repeated"
RULES = {
    SEVERE: "SEV1 or SEV2",
    FIRST_TIER: "a tier 1 model",
    ROLLED_BACK: "mitigated by a rollback",
    EXPOSED: "security or exposure of data",
    REPEATED: f"{REPEATS} incidents of one kind within {REPEATS_WITHIN.days} days",
}


@dataclass(frozen=True, slots=True)
class Case:
    """An incident as the rules see it."""

    severity: str | None
    kind: str | None
    mitigation: str | None
    tier: int | None
    alike: int
    """Incidents of its kind on its model within the time that makes a repetition, itself included."""


def reasons(case: Case) -> list[str]:
    """The rules that demand a review; none where nobody must write one."""
    demanded = {
        SEVERE: case.severity in (Severity.SEV1, Severity.SEV2),
        FIRST_TIER: case.tier == 1,
        ROLLED_BACK: case.mitigation == Mitigation.ROLLBACK_MODEL_VERSION,
        EXPOSED: case.kind == IncidentKind.SECURITY,
        REPEATED: case.alike >= REPEATS,
    }
    return [rule for rule, applies in demanded.items() if applies]


def restored_without_review(session: Session, now: datetime) -> list[tuple[Incident, Case]]:
    """Incidents restored of late that nobody has reviewed or waived; one statement."""
    of_late = (col(Incident.restored_at) > now - KNOWN_WITHIN, col(Incident.restored_at) <= now)
    unreviewed = ~exists().where(col(IncidentReview.incident_id) == Incident.id)
    wanted = _cases().where(is_real(), *of_late, unreviewed).order_by(col(Incident.restored_at))
    return [(row[0], _case(row)) for row in session.execute(wanted)]


def case_of(session: Session, incident_id: int) -> Case:
    """One incident as the rules see it."""
    return _case(session.execute(_cases().where(col(Incident.id) == incident_id)).one())


def _case(row: Row[*tuple[Any, ...]]) -> Case:
    incident: Incident = row[0]
    return Case(incident.severity, incident.kind, incident.mitigation, tier=row[1], alike=row[2])


def _cases() -> Select[*tuple[Any, ...]]:
    other = aliased(Incident)
    alike = (
        select(func.count())
        .select_from(other)
        .where(
            col(other.entry_id) == Incident.entry_id,
            col(other.kind) == Incident.kind,
            col(other.began_at) <= Incident.began_at,
            col(other.began_at) > shifted(Incident.began_at, -REPEATS_WITHIN),
            is_real(other),
        )
        .scalar_subquery()
    )
    stood = and_(
        col(CatalogInterval.entry_id) == Incident.entry_id,
        col(CatalogInterval.valid_from) <= Incident.began_at,
        col(CatalogInterval.valid_to) > Incident.began_at,
    )
    return select(Incident, col(CatalogInterval.tier), alike).outerjoin(CatalogInterval, stood)
