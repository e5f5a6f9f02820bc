"""Improvement work of a period, with what it moved, as a report tells it."""

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from ops_console.contracts.vocabulary import InitiativeStatus
from ops_console.core.periods import Period
from ops_console.kpis.reliability_improvements import CATEGORIES
from ops_console.records.initiatives import Initiative
from ops_console.reporting.efforts import InitiativeRow, Initiatives

MOST_DELIVERED = 10


def initiatives(session: Session, period: Period) -> Initiatives:
    """Reliability and platform work delivered in the period, the measured first."""
    delivered = (
        col(Initiative.deleted_at).is_(None),
        col(Initiative.status) == InitiativeStatus.DELIVERED.value,
        func.lower(Initiative.category).in_(CATEGORIES),
        and_(col(Initiative.delivered_at) >= period.start, col(Initiative.delivered_at) < period.end),
    )
    wanted = select(Initiative).where(*delivered)
    unmeasured = col(Initiative.measured_at).is_(None) | col(Initiative.after).is_(None)
    order = (unmeasured, col(Initiative.delivered_at), col(Initiative.id))
    total = session.scalar(select(func.count()).select_from(Initiative).where(*delivered)) or 0
    return Initiatives(tuple(map(_row, session.scalars(wanted.order_by(*order).limit(MOST_DELIVERED)))), total)


def _row(found: Initiative) -> InitiativeRow:
    if found.delivered_at is None:
        raise ValueError("what was delivered has a day")
    is_measured = found.measured_at is not None and found.before is not None and found.after is not None
    return InitiativeRow(
        title=found.title,
        category=found.category,
        delivered_at=found.delivered_at,
        metric=(found.metric or "") if is_measured else "",
        before=found.before if is_measured else None,
        after=found.after if is_measured else None,
    )
