"""How do I get value in ten minutes? Which KPIs each kind of facts lights up, and what is there already."""

from dataclasses import dataclass

from ops_console.ingest.freshness import NOT_CONNECTED, freshness
from ops_console.kpis import CATALOGUE
from ops_console.web.access import Access, Pages
from ops_console.web.database import read
from ops_console.web.filters import filters
from ops_console.web.view import render

pages = Pages("setup")

STEPS = {
    "models": "Who owns what: models and services with tier and team. Everything else is counted by them.",
    "deployments": "What went live, when: from a registry, a pipeline or serving.",
    "changes": "Commits and pull requests behind deployments.",
    "incidents": "What broke, and when it was restored.",
    "slos": "What was promised.",
    "sli_slices": "Whether the promises were kept, by the hour.",
    "costs": "The cloud bill, as FOCUS files.",
    "budgets": "What may be spent.",
    "survey_responses": "What data scientists think of the platform.",
}

TITLES = {"slos": "SLOs", "sli_slices": "SLO measurements"}


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    why: str
    kpis: list[str]
    is_done: bool
    sources: tuple[str, ...]

    @property
    def title(self) -> str:
        return TITLES.get(self.kind, self.kind.replace("_", " ").capitalize())


@pages.get("/setup", access=Access.VIEWER)
def setup() -> str:
    asked = filters()
    with read() as session:
        fresh = freshness(session, asked.now)
    connected = {kind for kind, each in fresh.items() if each.state != NOT_CONNECTED}
    steps = [Step(kind, why, _lights_up(kind), kind in connected, fresh[kind].sources) for kind, why in STEPS.items()]
    lit = sum(connected.issuperset(kpi.facts) for kpi in CATALOGUE.values())
    return render("setup.html", steps=steps, lit=lit, total=len(CATALOGUE))


def _lights_up(kind: str) -> list[str]:
    return [kpi.title for kpi in CATALOGUE.values() if kind in kpi.facts]
