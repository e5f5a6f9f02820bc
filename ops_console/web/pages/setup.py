"""How do I get value in ten minutes? Which KPIs each kind of facts lights up, and what is there already."""

from dataclasses import dataclass

from ops_console.contracts import kind_words
from ops_console.contracts.integration import Manifest
from ops_console.ingest.freshness import NOT_CONNECTED, freshness
from ops_console.kpis import CATALOGUE
from ops_console.web.access import Access, Pages
from ops_console.web.console import console
from ops_console.web.database import read
from ops_console.web.filters import filters
from ops_console.web.setup_words import STEPS, TITLES
from ops_console.web.view import render

pages = Pages("setup")


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
        return TITLES.get(self.kind, kind_words.title(self.kind))


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
