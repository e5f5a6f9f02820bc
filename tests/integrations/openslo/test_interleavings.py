"""However often files change, whenever they are read, and whatever goes wrong: the records are those of the files."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine, select
from werkzeug import Response

from integrations.openslo import MANIFEST, collector
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import sources, sync
from ops_console.records.slos import Slo
from tests.emptying import empty
from tests.examples import examples
from tests.integrations.openslo.shelf import TOKEN, Shelf
from tests.integrations.openslo.test_collector import SINCE
from tests.integrations.openslo.test_reader import slo

FATES = ("read", "killed", "refused", "limited", "read again")
TROUBLES = {"refused": Response("", 401), "limited": Response("", 429, headers={"Retry-After": "900"})}
VERSIONS = ("0.9", "0.95", "99")
"""The last is no objective."""


def objective(name: str, target: str) -> str:
    return f"{slo(f'{name}1', objectives=f'[{{target: {target}}}]')}---\n{slo(f'{name}2')}"


class World:
    def __init__(self, shelf: Shelf, engine: Engine) -> None:
        self.shelf = shelf
        parts = Parts({"openslo": MANIFEST}, collectors={"openslo": collector})
        self.office = Office(engine, parts, Settings(private_addresses="127.0.0.0/8,::1/128"))
        with transaction(engine) as session:
            empty(session.connection())
            asked = {"addresses": [shelf.server.url_for(f"/{name}.yaml") for name in "abc"]}
            made = sources.add(session, MANIFEST, "openslo", asked, {"token": "SHELF_TOKEN"}, SINCE, "ana")
        self.number = made.id or 0

    def reads(self, fate: str) -> None:
        self.shelf.troubles = [None, TROUBLES[fate]] if fate in TROUBLES else []
        since = SINCE if fate == "read again" else None
        sync.sync(self.office, self.number, "test", since=since, seconds=0 if fate == "killed" else None)
        self.shelf.troubles = []

    def records(self) -> list[dict[str, Any]]:
        with reading(self.office.engine) as session:
            rows = session.scalars(select(Slo).order_by(Slo.external_id))
            return [row.model_dump(include={"external_id", "objective_ppm", "deleted_at"}) for row in rows]


def test_any_interleaving_ends_in_the_same_records(
    httpserver: HTTPServer, sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELF_TOKEN", TOKEN)
    change = st.tuples(st.sampled_from("abc"), st.sampled_from(VERSIONS), st.sampled_from(FATES))

    @settings(max_examples=examples(8), deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(change, max_size=8), st.tuples(*[st.sampled_from(VERSIONS[:2])] * 3))
    def interleaved(changes: list[tuple[str, str, str]], last: tuple[str, str, str]) -> None:
        httpserver.clear()
        shelf = Shelf(httpserver, {f"/{name}.yaml": objective(name, "0.5") for name in "abc"})
        here = World(shelf, sqlite)
        for name, target, fate in changes:
            shelf.files[f"/{name}.yaml"] = objective(name, target)
            here.reads(fate)
        shelf.files = {f"/{name}.yaml": objective(name, target) for name, target in zip("abc", last, strict=True)}
        here.reads("read")
        told = {f"{name}1": target for name, target in zip("abc", last, strict=True)} | {f"{x}2": "0.99" for x in "abc"}
        assert here.records() == [
            {"external_id": name, "objective_ppm": round(float(told[name]) * 1_000_000), "deleted_at": None}
            for name in sorted(told)
        ]

    interleaved()
