"""How do I get value in ten minutes? Which KPIs each kind of facts lights up, and what is there already."""

from dataclasses import dataclass

from ops_console.contracts.integration import Manifest
from ops_console.ingest.freshness import NOT_CONNECTED, freshness
from ops_console.kpis import CATALOGUE
from ops_console.web.access import Access, Pages
from ops_console.web.console import console
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
    "alerts": "What fired, and whether it was worth waking somebody.",
    "shifts": "Who was on call, and when.",
    "quality_checks": "Whether data passed its checks before models saw it.",
    "degradations": "When a model became worse, and when that was mended.",
    "evaluations": "Whether a new version is as good as the one it replaces.",
    "reproductions": "Whether a version can be built again.",
    "steps": "Which steps of training and release run by themselves.",
    "documents": "Model cards, and when somebody last read them.",
    "findings": "Exceptions, policy violations and vulnerabilities, with their due dates.",
    "requests": "What teams asked for, and when they had it.",
    "experiments": "Questions tried out, to see which reach production.",
    "outcomes": "What models changed in the business.",
    "initiatives": "Improvement work, with the metric before and after.",
    "toil": "Manual work, by day.",
    "capacity": "The hours there are to work.",
    "positions": "Hiring against plan.",
    "skills": "What the team masters, and what it needs to.",
    "usage": "Inferences and GPU hours, for unit costs.",
}

TITLES = {"slos": "SLOs", "sli_slices": "SLO measurements"}


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    why: str
    kpis: list[str]
    is_done: bool
    sources: tuple[str, ...]
    tools: list[Manifest]

    @property
    def title(self) -> str:
        return TITLES.get(self.kind, self.kind.replace("_", " ").capitalize())


@pages.get("/setup", access=Access.VIEWER)
def setup() -> str:
    asked = filters()
    with read() as session:
        fresh = freshness(session, asked.now)
    connected = {kind for kind, each in fresh.items() if each.state != NOT_CONNECTED}
    steps = [
        Step(kind, why, _lights_up(kind), kind in connected, fresh[kind].sources, _tools(kind))
        for kind, why in STEPS.items()
    ]
    lit = sum(connected.issuperset(kpi.facts) for kpi in CATALOGUE.values())
    return render("setup.html", steps=steps, lit=lit, total=len(CATALOGUE))


def _tools(kind: str) -> list[Manifest]:
    """The integrations that bring this kind of fact by themselves."""
    return [each for each in console().parts.manifests.values() if kind in each.facts]


def _lights_up(kind: str) -> list[str]:
    return [kpi.title for kpi in CATALOGUE.values() if kind in kpi.facts]
