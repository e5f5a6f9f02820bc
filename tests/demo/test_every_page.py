"""Every page of the demo opens: each route once, each KPI in every month of the demo and in the running one."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient

import integrations
import reports
from ops_console import factory
from ops_console.contracts.parts import assemble
from ops_console.core.periods import sequence
from ops_console.kpis import CATALOGUE
from ops_console.web.console import EXTENSION
from tests.bench.items.pages import addresses
from tests.demo.conftest import LATEST, MONTHS, Demo
from tests.demo.stories import ANCHOR
from tests.web.conftest import sign_in

pytestmark = pytest.mark.xdist_group("demo")
WEB = Path(factory.__file__).parent / "web"


@pytest.fixture(scope="module")
def browser(demo: Demo) -> Iterator[FlaskClient]:
    made = factory.create_app(assemble(integrations, reports), database_url=str(demo.engine.url))
    with time_machine.travel(ANCHOR, tick=False):
        yield sign_in(made.test_client(), demo.engine)
    made.extensions[EXTENSION].engine.dispose()


def test_every_route_opens(browser: FlaskClient, demo: Demo) -> None:
    kpis = re.compile(r"/kpis/.+\.(png|pdf)$")  # their drawings have tests of their own
    asked = [address for _, address in addresses(browser.application, demo.engine) if not kpis.search(address)]
    assert len(asked) > 60
    assert [address for address in asked if browser.get(address).status_code != 200] == []


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_kpi_opens_in_any_month(browser: FlaskClient, key: str) -> None:
    for period in sequence(LATEST, MONTHS):
        assert browser.get(f"/kpis/{key}?period={period.label}").status_code == 200, period.label
    assert browser.get(f"/kpis/{key}").status_code == 200


def test_every_link_names_a_page_there_is(browser: FlaskClient) -> None:
    texts = [path.read_text("utf-8") for path in WEB.rglob("*") if path.suffix in (".py", ".html")]
    named = {name for text in texts for name in re.findall(r"url_for\(\s*['\"]([\w.]*\w)['\"]", text)}
    assert len(named) > 50
    assert named <= {rule.endpoint for rule in browser.application.url_map.iter_rules()}
