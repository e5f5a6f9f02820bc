"""What contributes most to incidents."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import func, select
from sqlmodel import Session, col

from ops_console.core.periods import Period
from ops_console.records.incidents import Incident, is_real
from ops_console.records.reviews import IncidentReview, ReviewFactor


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An incident whose review names a factor."""

    incident_id: int
    external_id: str
    title: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """One factor and the incidents it contributed to; `together` is the share of all namings down to this one."""

    factor: str
    incidents: tuple[Reviewed, ...]
    together: float


@dataclass(frozen=True, slots=True)
class Pareto:
    """`began` incidents of the quarter count; the reviews of `reviewed` of them name a factor."""

    contributions: Sequence[Contribution]
    reviewed: int
    began: int


def pareto(session: Session, quarter: Period) -> Pareto:
    """The factors of the incidents that began in a quarter, the most frequent first; each once for an incident."""
    of_quarter = (col(Incident.began_at) >= quarter.start, col(Incident.began_at) < quarter.end, is_real())
    named = (
        select(col(ReviewFactor.factor), col(Incident.id), col(Incident.external_id), col(Incident.title))
        .join(IncidentReview, col(IncidentReview.id) == ReviewFactor.review_id)
        .join(Incident, col(Incident.id) == IncidentReview.incident_id)
        .where(*of_quarter)
        .distinct()
        .order_by(col(Incident.id))
    )
    found: dict[str, list[Reviewed]] = defaultdict(list)
    for factor, *incident in session.execute(named):
        found[factor].append(Reviewed(*incident))
    began = session.scalar(select(func.count(col(Incident.id))).where(*of_quarter)) or 0
    reviewed = {each.incident_id for incidents in found.values() for each in incidents}
    return Pareto(_ordered(found), len(reviewed), began)


def _ordered(found: dict[str, list[Reviewed]]) -> list[Contribution]:
    order = sorted(found.items(), key=lambda each: (-len(each[1]), each[0]))
    namings = list(accumulate(len(incidents) for _, incidents in order))
    return [
        Contribution(factor, tuple(incidents), so_far / namings[-1])
        for (factor, incidents), so_far in zip(order, namings, strict=True)
    ]
