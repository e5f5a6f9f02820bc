"""Surveys compared with their wave before, wherever that lies: never with themselves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col

from ops_console.core.periods import Grain, Period, containing
from ops_console.measures.scopes import Scope
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard.compute import PERIOD
from ops_console.scorecard.judge import Case
from ops_console.scorecard.points import Key, Point, load
from ops_console.scorecard.wanted import of_grain, of_scopes

Waves = tuple[str, timedelta, Period]
"""The waves of one KPI that lie so far back from the end of a period."""


def with_other_waves(session: Session, cases: Sequence[Case]) -> list[Case]:
    """A survey is compared with its wave before, wherever that lies, or with that of a year ago: never with itself."""
    asked: defaultdict[Waves, set[Scope]] = defaultdict(set)
    for case in cases:
        if waves := _waves_of(case):
            asked[waves].add(case.scope)
    found = {waves: _wave_points(session, *waves, scopes) for waves, scopes in asked.items()}
    return [_with_other_wave(case, found[waves]) if (waves := _waves_of(case)) else case for case in cases]


def _waves_of(case: Case) -> Waves | None:
    if not case.definition.lasting or case.point is None or case.previous_period is None:
        return None
    return case.definition.key, timedelta(days=3 * (case.definition.window_days or 0)), case.previous_period


def _wave_points(session: Session, key: str, back: timedelta, until: Period, scopes: set[Scope]) -> Mapping[Key, Point]:
    wanted = of_grain(until.grain, [key], until.end - back, until.end) & of_scopes(scopes)
    return load(session, wanted & (col(ScorecardPoint.window) == PERIOD))


def _with_other_wave(case: Case, points: Mapping[Key, Point]) -> Case:
    waves = [
        (starts_at, point.figure)
        for (_, scope, _, starts_at), point in points.items()
        if scope == case.scope
        and point.figure.detail.get("wave") != case.figure.detail.get("wave")
        and point.figure.value is not None
    ]
    if not waves:
        return replace(case, previous=None)
    starts_at, figure = max(waves, key=lambda wave: wave[0])
    wave = containing(starts_at, case.period.grain or Grain.MONTH, ZoneInfo(case.period.zone))
    return replace(case, previous=figure, previous_period=wave, previous_until=wave.end)
