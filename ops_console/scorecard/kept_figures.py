"""Figures of one period as the scorecard keeps them: of everything, and of each model."""

from collections.abc import Mapping

from sqlmodel import Session

from ops_console.core.periods import Period
from ops_console.measures.figures import Figure
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.scorecard.compute import PERIOD
from ops_console.scorecard.points import load
from ops_console.scorecard.wanted import beginning, of_kind, of_scope


def kept_figures(session: Session, key: str, period: Period) -> Mapping[Scope, Figure]:
    """None are kept of a stretch that is no week, month or quarter."""
    if not period.grain:
        return {}
    wanted = beginning(period.grain, [key], [period.start]) & (of_kind(ScopeKind.MODEL) | of_scope(WORKSPACE))
    return {scope: point.figure for (_, scope, window, _), point in load(session, wanted).items() if window == PERIOD}
