"""The KPI statuses of the models on one page: the same judgement as their cards, for many models at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from ops_console.core.periods import Period
from ops_console.ingest.freshness import freshness
from ops_console.kpis import CATALOGUE
from ops_console.measures.comparison import Compare
from ops_console.measures.definition import Definition
from ops_console.measures.readings import Reading, Status
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.reporting import words
from ops_console.scorecard.compute import PERIOD, TRAILING
from ops_console.scorecard.judge import judged
from ops_console.scorecard.shelf import Shelf, remembering, shelf_of_today
from ops_console.scorecard.wanted import of_scopes

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
    periods, fresh = [period], freshness(session, now)
    places = [(Scope(ScopeKind.MODEL, slug), definition) for slug in slugs for definition in definitions]
    wanted = of_scopes({scope for scope, _ in places})
    kept = shelf_of_today(session, definitions, periods, wanted, now=now, fresh=fresh, compare=Compare.NONE)
    found = {place: _judged(kept, *place, period) for place in places}
    # The past can put at risk what is on target, nothing else, and it is what takes time.
    on_target = [place for place, reading in found.items() if reading.status is Status.ON_TARGET]
    wanted = of_scopes({scope for scope, _ in on_target})
    remembered = dict.fromkeys(definition for _, definition in on_target)
    kept = remembering(session, kept, remembered, periods, wanted, whole=False)
    found |= {place: _judged(kept, *place, period) for place in on_target}
    marks: defaultdict[str, list[Mark]] = defaultdict(list)
    for (scope, _), reading in found.items():
        marks[scope.key].append(_mark(reading))
    return marks


def _judged(kept: Shelf, scope: Scope, definition: Definition, period: Period) -> Reading:
    window = TRAILING if definition.window_days else PERIOD
    return judged(kept.case(definition, scope, period, window))


def _mark(reading: Reading) -> Mark:
    title = reading.definition.title
    told = f"{title}: {words.value(reading)}, {words.status(reading).lower()}"
    return Mark(reading.key, title, words.icon(reading), words.tone(reading).value, told)
