"""What is there already: the newest points, and the KPIs that were computed."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from sqlalchemy import CompoundSelect, func, literal, select, union_all
from sqlmodel import Session, col

from ops_console.core.periods import Grain
from ops_console.kpis import CATALOGUE
from ops_console.measures.scopes import WORKSPACE
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard.points import windows
from ops_console.scorecard.reach import Reach
from ops_console.scorecard.wanted import of_scope

Window = tuple[Grain, str]
Newest = Mapping[tuple[str, str, str], datetime]


def newest(session: Session) -> Newest:
    """Where the newest point of the workspace begins, by KPI, grain and window, of those that move on with time: each
    found at the end of its index, however long the history is.
    """
    asked = tuple(
        (key, grain.value, window)
        for key, definition in CATALOGUE.items()
        for grain in Grain
        for window in windows(definition)
        if Reach.of(definition, window).moves_on
    )
    return {(key, grain, window): at for key, grain, window, at in session.execute(_ends(asked)) if at is not None}


@lru_cache(maxsize=4)
def _ends(asked: tuple[tuple[str, str, str], ...]) -> CompoundSelect[str, str, str, datetime]:
    return union_all(
        *(
            select(literal(key), literal(grain), literal(window), func.max(ScorecardPoint.starts_at)).where(
                col(ScorecardPoint.kpi) == key,
                of_scope(WORKSPACE),
                col(ScorecardPoint.grain) == grain,
                col(ScorecardPoint.window) == window,
            )
            for key, grain, window in asked
        )
    )


def computed(session: Session) -> set[str]:
    """The KPIs with points under the definition in force: not one that was just added, or means something else now."""
    points = select(col(ScorecardPoint.id))
    found = (
        select(literal(definition.key)).where(
            points.where(
                col(ScorecardPoint.kpi) == definition.key, col(ScorecardPoint.definition_version) == definition.version
            ).exists()
        )
        for definition in CATALOGUE.values()
    )
    return set(session.scalars(union_all(*found)))
