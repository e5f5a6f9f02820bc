"""Rows that arrive late and later, and polls in between, cut short or not: every row counts once."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from integrations.gcp_cost import MANIFEST, collector
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.settings import Settings
from ops_console.ingest import sources, sync, tables
from ops_console.records.sources import SyncRun
from tests.emptying import empty
from tests.examples import examples
from tests.ingest.deliveries import kept
from tests.integrations.gcp_cost.cloud import BEGAN, Cloud

ROW, LATE, POLL, CUT = "a row", "a row exported a day ago", "poll", "poll cut short"
STEPS = st.lists(
    st.tuples(
        st.sampled_from([ROW, LATE, POLL, CUT]),
        st.sampled_from(["2026-08", "2026-09", "2026-10"]),
        st.integers(-99, 99),
        st.sampled_from(["EUR", "USD"]),
    ),
    max_size=12,
)


class Console:
    """A console that asks one account, in an emptied database."""

    def __init__(self, engine: Engine, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GCP_KEY", cloud.key)
        self._engine = engine
        parts = Parts({MANIFEST.key: MANIFEST}, collectors={MANIFEST.key: collector})
        self._office = Office(engine, parts, Settings(private_addresses="127.0.0.0/8, ::1/128"))
        with transaction(engine) as session:
            empty(session.connection())
            places = {"service_account": "GCP_KEY"}
            made = sources.add(session, MANIFEST, "gcp", cloud.settings(), places, BEGAN, "ana")
            self._source = made.id or 0

    def poll(self, seconds: float | None = None) -> SyncRun:
        return sync.sync(self._office, self._source, "timetable", seconds=seconds)

    def billed(self) -> dict[tuple[str, str], Decimal]:
        found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for period, currency, amount in kept(self._engine, tables.costs, "billing_period", "currency", "billed"):
            found[period, currency] += amount
        return dict(found)


@pytest.fixture
def begun(sqlite: Engine, monkeypatch: pytest.MonkeyPatch, cloud: Cloud) -> Callable[[], tuple[Cloud, Console]]:
    def begin() -> tuple[Cloud, Console]:
        cloud.lines.clear()
        return cloud, Console(sqlite, cloud, monkeypatch)

    return begin


@given(steps=STEPS)
@settings(
    max_examples=examples(8),
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_interleaving_ends_in_the_same_records(
    begun: Callable[[], tuple[Cloud, Console]], steps: list[tuple[str, str, int, str]]
) -> None:
    cloud, console = begun()
    expected: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    with time_machine.travel(datetime(2026, 11, 4, 12, tzinfo=UTC), tick=False) as clock:
        for step, month, amount, currency in steps:
            clock.shift(timedelta(minutes=7))
            if step in (POLL, CUT):
                console.poll(seconds=0 if step == CUT else None)
                continue
            exported = now() - (timedelta(days=1) if step == LATE else timedelta(0))
            cloud.spend(f"{month}-05T18:00:00", str(amount), exported.isoformat(), currency=currency)
            expected[month, currency] += amount
        clock.shift(timedelta(hours=1))
        assert console.poll().state == "done"
        assert console.billed() == expected
        assert console.poll().rows == 0


def test_what_one_row_says_is_a_cost_with_its_credit_and_without_the_secret(
    sqlite: Engine, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.spend("2026-10-05T18:00:00", "10", credits=(Decimal(-4),), labels={"team": "search", "purpose": "train"})
    console = Console(sqlite, cloud, monkeypatch)
    assert console.poll().changed == 2
    rows = kept(sqlite, tables.costs, "charge_category", "billed", "team", "purpose", "sub_account", "currency")
    assert sorted(rows) == [
        ("Credit", Decimal(-4), "search", "training", "Acme Models", "EUR"),
        ("Usage", Decimal(10), "search", "training", "Acme Models", "EUR"),
    ]
    cloud.fields = ("nothing",)
    cloud.spend("2026-10-05T18:00:00", "1", exported="2026-11-02T00:00:00+00:00")
    failed = console.poll()
    assert failed.state == "rejected" and "PRIVATE KEY" not in str(failed.error)
