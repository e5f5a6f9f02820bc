"""What a period that still runs says so far."""

from dataclasses import replace

from ops_console.measures.attainment import attained
from ops_console.scorecard.judge import Case


def so_far(case: Case) -> Case:
    """Objectives are judged on the time that has passed, not on the whole period."""
    if case.point is None or "slos" not in case.point.figure.detail:
        return case
    until = min(case.now, case.coverage.covers_until or case.now)
    passed = max(0, int((until - case.period.start).total_seconds()))
    detail = case.point.figure.detail
    figure = attained(detail["slos"], passed, tier=detail["tier"])
    return replace(case, point=replace(case.point, figure=figure))
