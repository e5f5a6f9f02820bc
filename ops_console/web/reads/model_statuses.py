"""The KPI statuses of the models on one page: the same judgement as their cards, for many models at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col

from ops_console.core.periods import Period
from ops_console.ingest.freshness import freshness
from ops_console.kpis import CATALOGUE
from ops_console.measures.readings import Reading
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.records.scorecard import ScorecardPoint
from ops_console.reporting import words
from ops_console.scorecard.compute import PERIOD, TRAILING
from ops_console.scorecard.judge import judged
from ops_console.scorecard.points import of_kind
from ops_console.scorecard.shelf import shelf

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
    found = {}
    for slug in slugs:
        scope = Scope(ScopeKind.MODEL, slug)
        cases = [
            kept.case(definition, scope, period, TRAILING if definition.window_days else PERIOD)
            for definition in definitions
        ]
        found[slug] = [_mark(judged(case)) for case in cases]
    return found


def _mark(reading: Reading) -> Mark:
    title = reading.definition.title
    told = f"{title}: {words.value(reading)}, {words.status(reading).lower()}"
    return Mark(reading.key, title, words.icon(reading), words.tone(reading).value, told)
