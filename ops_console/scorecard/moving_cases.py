"""Which figures of a case move with the clock."""

from ops_console.scorecard.judge import Case
from ops_console.scorecard.moving import Aspect, Moving


def as_it_is(case: Case) -> Moving | None:
    """How things stand now, in place of how they will stand at the end of a running period if nothing happens."""
    stands = case.is_running and (case.definition.snapshot or case.definition.so_far)
    return Moving(case.definition, Aspect.NOW, case.period) if stands else None


def so_far(case: Case) -> Moving | None:
    """As much of the period compared with as has passed of a running one; a trailing window is as long at any time."""
    if case.previous_period is None or not case.is_running or case.span.days is not None:
        return None
    return Moving(case.definition, Aspect.SO_FAR, case.period, case.previous_period, case.reached)


def still_young(case: Case) -> Moving | None:
    aspect = Aspect.YOUNG if case.span.days is None else Aspect.YOUNG_OF_WINDOW
    return Moving(case.definition, aspect, case.period) if case.is_unripe else None
