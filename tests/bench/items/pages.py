"""Every page, signed in: server time and bytes, and the memory of the process that served them all.

A page is asked for again and again for a second; the least time is what it costs, and not what the machine did besides.
Of so many tries an estimate of the machine's pace would pick those it was wrong about: they are timed on the wall.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter

import structlog
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text
from werkzeug.routing import Rule

import integrations
import reports
from ops_console.accounts import people, sign_ins
from ops_console.accounts.roles import Role
from ops_console.contracts.parts import assemble
from ops_console.core import garbage
from ops_console.core.clock import now
from ops_console.core.db import engine_for, transaction
from ops_console.factory import create_app
from ops_console.kpis import CATALOGUE
from ops_console.scorecard import refresh
from ops_console.web.auth import COOKIE
from tests.bench import table
from tests.bench.ground import Bench
from tests.bench.process import peak_of
from tests.bench.sizes import NOW
from tests.bench.table import Figure

LONGEST_MS, LARGEST_KB, LARGEST_MB = 100, 100, 300
TRIED_FOR, FEWEST_TRIES = 1.0, 3
"""Seconds, and times, for which a page is asked for."""
SKIPPED = ("/assets/", "/favicon.ico", "/sign-in", "/imports/new/", "/healthz", "/readyz")
DEEP = {
    "/deployments": ("?page=40",),
    "/incidents": ("?page=20",),
    "/": ("?period=2026-03", "?scope=tier:1"),
    "/oncall": ("?scope=team:Search", "?grain=quarter"),
    "/cost": ("?scope=tier:1", "?period=2026-11", "?grain=quarter"),
    "/kpis/<key>": ("?grain=week", "?scope=team:Search"),
}
"""More of the same page, where asking differently may cost more."""
ANY = {
    "slug": "SELECT slug FROM catalog_entry WHERE id = 1",
    "release_id": "SELECT release_id FROM incident_link WHERE confirmed ORDER BY id DESC LIMIT 1",
    "incident_id": "SELECT incident_id FROM incident_link WHERE confirmed ORDER BY id DESC LIMIT 1",
    "import_id": "SELECT max(id) FROM import",
    "run_id": "SELECT max(id) FROM report_run",
}
SCRIPT = """
import sys
from tests.bench.items.pages import walk_all
walk_all(sys.argv[1])
"""


@dataclass(frozen=True, slots=True)
class Page:
    rule: str
    address: str
    milliseconds: float
    kilobytes: float
    statements: int
    is_html: bool
    status: int

    @property
    def note(self) -> str:
        size = f"{self.kilobytes:,.1f} kB{' over' if self.is_html and self.kilobytes > LARGEST_KB else ''}"
        return f"{size}, {self.statements} statements" + ("" if self.status == 200 else f", answers {self.status}")


def measure(bench: Bench) -> Iterator[Figure]:
    began = table.watch()
    with transaction(bench.engine) as session:
        points = refresh.rebuild(session, NOW)
    yield Figure("scorecard rebuilt from nothing", table.watch() - began, "s", note=f"{points:,} points")
    for page in walked(str(bench.engine.url)):
        yield Figure(page.address, page.milliseconds, "ms", LONGEST_MS if page.is_html else None, note=page.note)
    peak, _ = peak_of(SCRIPT, str(bench.engine.url))
    yield Figure("web process after every page", peak, "MB", LARGEST_MB)


def walk_all(url: str) -> None:
    """Every page, for a process whose memory is looked at afterwards."""
    for _ in walked(url, tried_for=0):
        pass


def walked(url: str, tried_for: float = TRIED_FOR) -> Iterator[Page]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with time_machine.travel(NOW):
        app = create_app(assemble(integrations, reports), database_url=url)
        engine = engine_for(url)
        client = _signed_in(app, engine)
        counter = _Statements(app)
        garbage.keep()  # as the server does
        for rule, address in addresses(app, engine):
            yield _page(client, counter, rule, address, tried_for)


class _Statements:
    def __init__(self, app: Flask) -> None:
        self.count = 0
        engine = app.extensions["ops_console"].engine
        event.listen(engine, "before_cursor_execute", self._seen)

    def _seen(self, *_: object) -> None:
        self.count += 1


def _signed_in(app: Flask, engine: Engine) -> FlaskClient:
    with transaction(engine) as session:
        key = sign_ins.begin(session, people.add(session, "bench@example.com", Role.ADMIN, now()), now())
    client = app.test_client()
    client.set_cookie(COOKIE, key)
    return client


def addresses(app: Flask, engine: Engine) -> Iterator[tuple[str, str]]:
    rules = sorted({rule.rule: rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}.items())
    for text_of_rule, rule in rules:
        if text_of_rule.startswith(SKIPPED) or text_of_rule.startswith("/api/"):
            continue
        for address in _filled(rule, engine):
            yield text_of_rule, address
        for more in DEEP.get(text_of_rule, ()):
            yield text_of_rule, next(_filled(rule, engine)) + more


def _filled(rule: Rule, engine: Engine) -> Iterator[str]:
    """The addresses of a route: one for each KPI, else one that has much to show."""
    if rule.rule.startswith("/kpis/"):
        yield from (_address(rule, {"key": key}) for key in CATALOGUE)
        return
    values = {}
    with engine.connect() as connection:
        for name in rule.arguments:
            if name not in ANY:
                return
            values[name] = connection.execute(text(ANY[name])).scalar()
    if all(value is not None for value in values.values()):
        yield _address(rule, values)


def _address(rule: Rule, values: dict[str, object]) -> str:
    built = rule.build(values)
    if built is None:
        raise RuntimeError(f"{rule} cannot be filled")
    return str(built[1])


def _page(client: FlaskClient, counter: _Statements, rule: str, address: str, tried_for: float) -> Page:
    response = client.get(address)
    is_html = response.mimetype == "text/html"
    counter.count = 0
    times: list[float] = []
    while len(times) < FEWEST_TRIES or (is_html and sum(times) < tried_for):
        began = perf_counter()
        response = client.get(address)
        times.append(perf_counter() - began)
    kilobytes = len(response.data) / 1000
    statements = counter.count // len(times)
    return Page(rule, address, min(times) * 1000, kilobytes, statements, is_html, response.status_code)
