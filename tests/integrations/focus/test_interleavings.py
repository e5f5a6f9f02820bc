"""Files changed, changed back and laid beside each other, and polls in between: what the files say now counts, once."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from integrations.focus import MANIFEST, collector
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.db import transaction
from ops_console.core.settings import Settings
from ops_console.ingest import sources, sync, tables
from ops_console.records.sources import SyncRun
from tests.conftest import samples
from tests.emptying import empty
from tests.examples import examples
from tests.ingest.deliveries import kept
from tests.integrations.aws_cost.cloud import month
from tests.integrations.focus.shelf import NOW, Shelf

SERVED, LAID, POLL, CUT = "served", "laid", "poll", "poll cut short"
NAMES, PERIODS = ("a.csv.gz", "b.csv.gz"), ("2026-09", "2026-10")
STEPS = st.lists(
    st.tuples(
        st.sampled_from([SERVED, LAID, POLL, CUT]),
        st.sampled_from(NAMES),
        st.sampled_from(PERIODS),
        st.lists(st.integers(-99, 99), min_size=1, max_size=3),
    ),
    max_size=9,
)


class Console:
    """A console that reads one server and one folder, in an emptied database."""

    def __init__(self, engine: Engine, shelf: Shelf, *names: str, files: str = "*") -> None:
        self._engine = engine
        parts = Parts({MANIFEST.key: MANIFEST}, collectors={MANIFEST.key: collector})
        given = Settings(private_addresses="127.0.0.0/8, ::1/128", files_folder=str(shelf.folder))
        self._office = Office(engine, parts, given)
        said = dict(shelf.setup(*names, files=[files]).settings)
        with transaction(engine) as session:
            empty(session.connection())
            self._source = sources.add(session, MANIFEST, "focus", said, {}, NOW, "ana").id or 0

    def poll(self, seconds: float | None = None) -> SyncRun:
        return sync.sync(self._office, self._source, "timetable", seconds=seconds)

    def billed(self) -> dict[tuple[str, str], Decimal]:
        partitions = kept(self._engine, tables.partitions, "part", "billing_period", "billed")
        found = {(part, period): billed for part, period, billed in partitions}
        assert sum(kept(self._engine, tables.costs, "billed"), Decimal(0)) == sum(found.values(), Decimal(0))
        return found


@pytest.fixture
def begun(sqlite: Engine, shelf: Shelf) -> Callable[[], tuple[Shelf, Console]]:
    def begin() -> tuple[Shelf, Console]:
        for name in NAMES:
            shelf.serve(name, month("2026-08", 0))
            shelf.lay(name, month("2026-08", 0))
        return shelf, Console(sqlite, shelf, *NAMES)

    return begin


@given(steps=STEPS)
@settings(
    max_examples=examples(8),
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_interleaving_ends_in_the_same_records(
    begun: Callable[[], tuple[Shelf, Console]], steps: list[tuple[str, str, str, list[int]]]
) -> None:
    shelf, console = begun()
    last: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    with time_machine.travel(NOW, tick=False) as clock:
        for number, (step, name, period, amounts) in enumerate([*steps, (POLL, "", "", [])]):
            clock.shift(timedelta(hours=1))
            if step in (POLL, CUT):
                console.poll(seconds=0 if step == CUT else None)
                continue
            at = NOW + timedelta(minutes=60 * number)
            (shelf.serve if step == SERVED else shelf.lay)(name, *(month(period, each) for each in amounts), at=at)
            last[step, name][period] = sum(amounts)
            console.poll()
        expected = {
            (f"localhost/{name}" if step == SERVED else name, period): total
            for (step, name), periods in last.items()
            for period, total in periods.items()
        }
        found = {key: billed for key, billed in console.billed().items() if key[1] != "2026-08"}
        assert found == expected
        assert console.poll().rows == 0


def test_a_month_a_file_says_nothing_of_any_more_stands(sqlite: Engine, shelf: Shelf) -> None:
    shelf.serve("latest.csv.gz", month("2026-09", 9))
    console = Console(sqlite, shelf, "latest.csv.gz", files="none")
    console.poll()
    shelf.serve("latest.csv.gz", month("2026-10", 10))
    console.poll()
    assert sorted(console.billed().values()) == [9, 10]


def test_a_file_that_is_no_cost_file_is_for_a_person(sqlite: Engine, shelf: Shelf) -> None:
    shelf.write("rates.csv", b"ContractId,BillingCurrency\nc,USD\n")
    failed = Console(sqlite, shelf).poll()
    assert failed.state == "rejected" and "No column gives provider" in str(failed.error)


@pytest.mark.samples
@pytest.mark.skipif(not samples().exists(), reason="the samples folder is absent")
def test_real_files_arrive_by_themselves_and_add_up(sqlite: Engine, shelf: Shelf) -> None:
    for name in ("focus_1_0_real_multicloud_1000.csv.gz", "focus_1_3_synth_aws_2000.csv.gz"):
        shelf.write(name, (samples() / "focus" / name).read_bytes())
    done = Console(sqlite, shelf).poll()
    assert (done.state, done.rows, done.refused) == ("done", 3000, 0)
