"""The KPI statuses of the models on one page: the same judgement as their cards, for many models at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col

from ops_console.core.periods import Period
from ops_console.ingest.freshness import freshness
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Definition
from ops_console.measures.readings import HistoryPoint, Reading, Status
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records.scorecard import ScorecardPoint
from ops_console.reporting import words
from ops_console.scorecard.compute import PERIOD, TRAILING
from ops_console.scorecard.judge import judged
from ops_console.scorecard.points import of_kind
from ops_console.scorecard.shelf import Shelf, shelf

SHOWN = ("lead_time", "slo_attainment", "change_failure_rate", "mttr", "cost_vs_budget")
"""KPIs that may have a status for one model; the others are about a portfolio or about people."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One KPI of one model: an icon with its words."""

    key: str
    title: str
    icon: str
    tone: str
    words: str


def model_statuses(session: Session, slugs: Sequence[str], period: Period, now: datetime) -> Mapping[str, list[Mark]]:
    """Marks by slug, in catalogue order, in a constant number of statements. `period` is complete."""
    definitions = [CATALOGUE[key] for key in SHOWN if key in CATALOGUE]
    wanted = of_kind(ScopeKind.MODEL) & col(ScorecardPoint.scope_key).in_(slugs)
    kept = shelf(session, definitions, [period], wanted, now=now, fresh=freshness(session, now))
    without_past = _WithoutPast(**vars(kept))
    return {
        slug: [
            _judged(kept, without_past, definition, Scope(ScopeKind.MODEL, slug), period) for definition in definitions
        ]
        for slug in slugs
    }


class _WithoutPast(Shelf):
    def history(self, definition: Definition, scope: Scope, period: Period) -> tuple[HistoryPoint, ...]:
        return ()


def _judged(kept: Shelf, without_past: Shelf, definition: Definition, scope: Scope, period: Period) -> Mark:
    """The past can put at risk what is on target, nothing else, and it is what takes time."""
    window = TRAILING if definition.window_days else PERIOD
    reading = judged(without_past.case(definition, scope, period, window))
    if reading.status is Status.ON_TARGET:
        reading = judged(kept.case(definition, scope, period, window))
    return _mark(reading)


def _mark(reading: Reading) -> Mark:
    title = reading.definition.title
    told = f"{title}: {words.value(reading)}, {words.status(reading).lower()}"
    return Mark(reading.key, title, words.icon(reading), words.tone(reading).value, told)
