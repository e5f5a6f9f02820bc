"""What the KPIs say of a row: taken from their own selects, so that a list and a figure cannot disagree."""

from functools import cache

from sqlalchemy import ColumnElement, FromClause, and_, case, union_all
from sqlmodel import col

from ops_console.contracts.vocabulary import PRODUCTION
from ops_console.kpis.change_failure_rate import change_failure_rate
from ops_console.kpis.model_deployments import model_deployments, new_in_production
from ops_console.kpis.mttr import mttr
from ops_console.measures.aggregates import Aggregate
from ops_console.records.deployments import Release
from ops_console.records.incidents import Incident


@cache
def failed() -> ColumnElement[bool]:
    """The release is one that the change failure rate counts as failed."""
    return and_(new_in_production(), _column(change_failure_rate(), 0, "hit") == 1)


@cache
def why_no_deployment() -> ColumnElement[str]:
    """Why a release is no model deployment; null where it is one."""
    counted = model_deployments()
    elsewhere = (col(Release.environment) != PRODUCTION, "not in production")
    never = col(Release.live_at).is_(None)
    return case(elsewhere, (never, _column(counted, 1, "excluded")), else_=_column(counted, 0, "excluded"))


def verdicts(*conditions: ColumnElement[bool], name: str = "verdict") -> FromClause:
    """`record_id` and `excluded` of the incidents that meet the conditions, as the time to restore sees them."""
    restored, *waiting = mttr().rows
    closed = restored.where(col(Incident.restored_at).is_not(None), *conditions)
    return union_all(closed, *(arm.where(*conditions) for arm in waiting)).subquery(name)


def _column(aggregate: Aggregate, place: int, name: str) -> ColumnElement[object]:
    found: ColumnElement[object] = aggregate.rows[place].selected_columns[name]
    return getattr(found, "element", found)
