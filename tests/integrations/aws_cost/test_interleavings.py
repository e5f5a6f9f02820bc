"""Exports written over and beside each other, and polls in between: the last whole word counts, and counts once."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from integrations.aws_cost import MANIFEST, collector
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.db import reading, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import sources, sync, tables
from ops_console.records.costs import Budget
from ops_console.records.sources import SyncRun
from tests.emptying import empty
from tests.examples import examples
from tests.ingest.deliveries import kept
from tests.integrations.aws_cost.cloud import KEYS, Cloud, month
from tests.integrations.aws_cost.reading import BEGAN

PERIODS = ("2026-09", "2026-10")
WRITE, BESIDE, HALF, POLL, CUT = "over the last one", "beside it", "half of it", "poll", "poll cut short"
STEPS = st.lists(
    st.tuples(
        st.sampled_from([WRITE, BESIDE, HALF, POLL, CUT]),
        st.sampled_from(PERIODS),
        st.lists(st.lists(st.integers(-99, 99), max_size=3), min_size=1, max_size=3),
    ),
    max_size=7,
)


class Console:
    """A console that asks one account, in an emptied database."""

    def __init__(self, engine: Engine, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
        for name in KEYS:
            monkeypatch.setenv(name.upper(), KEYS[name])
        self._engine = engine
        parts = Parts({MANIFEST.key: MANIFEST}, collectors={MANIFEST.key: collector})
        self._office = Office(engine, parts, Settings(private_addresses="127.0.0.0/8"))
        with transaction(engine) as session:
            empty(session.connection())
            places = {name: name.upper() for name in KEYS}
            made = sources.add(session, MANIFEST, "aws", cloud.settings(**changes), places, BEGAN, "ana")
            self._source = made.id or 0

    def poll(self, seconds: float | None = None) -> SyncRun:
        return sync.sync(self._office, self._source, "timetable", seconds=seconds)

    def billed(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = defaultdict(Decimal)
        for period, amount in kept(self._engine, tables.costs, "billing_period", "billed"):
            found[period] += amount
        return dict(found)


def files_of(period: str, amounts: list[list[int]]) -> list[list[dict[str, Any]]]:
    return [[month(period, amount) for amount in each] for each in amounts]


@pytest.fixture
def begun(sqlite: Engine, monkeypatch: pytest.MonkeyPatch, moto: str) -> Callable[[], tuple[Cloud, Console]]:
    def begin() -> tuple[Cloud, Console]:
        cloud = Cloud(moto)
        return cloud, Console(sqlite, cloud, monkeypatch)

    return begin


@given(steps=STEPS)
@settings(
    max_examples=examples(6),
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_interleaving_ends_in_the_same_records(
    begun: Callable[[], tuple[Cloud, Console]],
    clock: time_machine.Traveller,
    steps: list[tuple[str, str, list[list[int]]]],
) -> None:
    cloud, console = begun()
    cloud.write("2026-08", [month("2026-08", 5)])
    said: dict[str, set[int]] = {period: {0} for period in PERIODS}
    last: dict[str, int] = dict.fromkeys(PERIODS, 0)
    unfinished: dict[str, list[str]] = {}
    for number, (step, period, amounts) in enumerate(steps):
        clock.shift(timedelta(minutes=10))
        if step in (POLL, CUT):
            console.poll(seconds=0 if step == CUT else None)
            found = console.billed()
            assert all(found.get(each, 0) in said[each] for each in PERIODS), "a mix of versions was kept"
            continue
        version = f"v{number}" if step == BESIDE else ""
        keys = cloud.write_files(period, *files_of(period, amounts), version=version)
        last[period] = sum(sum(each) for each in amounts)
        unfinished[period] = keys
        if step != HALF:
            cloud.write_manifest(period, keys, version=version)
            del unfinished[period]
            said[period].add(last[period])
    clock.shift(timedelta(minutes=10))
    for period, keys in unfinished.items():
        cloud.write_manifest(period, keys)
    assert console.poll().state == "done"
    assert {period: console.billed().get(period, Decimal(0)) for period in (*PERIODS, "2026-08")} == last | {
        "2026-08": 5
    }
    assert console.poll().rows == 0


def test_a_budget_changed_in_aws_is_changed_here(
    sqlite: Engine, cloud: Cloud, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.budget("ml")
    console = Console(sqlite, cloud, monkeypatch, export="", budgets=["ml purpose:training"])
    assert console.poll().changed == 1
    assert console.poll().changed == 0
    clock.shift(timedelta(days=1))
    cloud.client("budgets").delete_budget(AccountId="123456789012", BudgetName="ml")
    cloud.budget("ml", "7000")
    assert console.poll().changed == 1
    with reading(sqlite) as session:
        budget = session.scalars(select(Budget)).one()
    assert (budget.scope, budget.period, budget.amount, budget.source) == ("purpose:training", "2026-11", 7000, "aws")


def test_what_cannot_be_read_is_said_without_the_secret(
    sqlite: Engine, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    console = Console(sqlite, cloud, monkeypatch, export=f"s3://{KEYS['secret_access_key']}/focus")
    failed = console.poll()
    assert (failed.state, "•••" in str(failed.error), KEYS["secret_access_key"] in str(failed.error)) == (
        "rejected",
        True,
        False,
    )
