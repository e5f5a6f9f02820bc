"""A collector's charges: read as a file is that somebody uploads, kept with the cursor, counted once."""

import gzip
import itertools
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from weakref import ref

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from ops_console.contracts.facts import CostFact
from ops_console.contracts.integration import Unavailable
from ops_console.contracts.sources import Charges
from ops_console.core.db import reading, transaction
from ops_console.ingest import bills, sources, tables
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_file
from ops_console.ingest.freshness import freshness
from ops_console.ingest.saved_mappings import save_mapping
from ops_console.records.imports import Import, Refusal
from tests.examples import examples
from tests.forked import begun, killed
from tests.ingest.deliveries import count, kept, mapping
from tests.ingest.killed import october, read_a_bill
from tests.ingest.test_costs import charge, focus_file
from tests.ingest.till import Row, Till, brought, opened, synced
from tests.ingest.vendor import deployment, source

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def till(database: Engine) -> Till:
    return opened(database)


def billed(engine: Engine) -> Decimal:
    return sum(kept(engine, tables.costs, "billed"), Decimal(0))


def last_import(engine: Engine) -> Import:
    with reading(engine) as session:
        mine = select(Import).where(Import.kind == "costs").order_by(Import.id.desc())  # type: ignore[union-attr]  # a column
        return session.scalars(mine).first()  # type: ignore[return-value]  # there is one


SEPTEMBER = charge(
    BillingPeriodStart="2026-09-01T00:00:00Z",
    BillingPeriodEnd="2026-10-01T00:00:00Z",
    ChargePeriodStart="2026-09-05T00:00:00Z",
    ChargePeriodEnd="2026-09-06T00:00:00Z",
)


def test_charges_arrive_with_the_cursor_and_stand_among_the_imports(database: Engine, till: Till) -> None:
    done = brought(database, till, charge(), charge(BilledCost="2"))
    assert (done.state, done.rows, done.changed, done.refused) == ("done", 2, 2, 0)
    assert source(database, "till").cursor == {"parts": 1}
    assert kept(database, tables.costs, "charge_day", "rows", "billed") == [(date(2026, 10, 5), 2, Decimal("3.5"))]
    row = last_import(database)
    assert (row.state, row.rows, row.new, row.origin, row.made_by) == (
        "done",
        2,
        2,
        "sync of till: october",
        "timetable",
    )


def test_a_part_read_again_changes_nothing_and_one_restated_counts_once(database: Engine, till: Till) -> None:
    brought(database, till, charge(), charge(BilledCost="2"))
    again = brought(database, till, charge(BilledCost="2"), charge())
    assert (again.rows, again.changed, billed(database)) == (2, 0, Decimal("3.5"))
    restated = brought(database, till, charge(BilledCost="9"))
    assert (restated.changed, billed(database)) == (1, 9)
    assert kept(database, tables.partitions, "billed", "previous_billed") == [(Decimal(9), Decimal("3.5"))]


def test_parts_stand_side_by_side(database: Engine, till: Till) -> None:
    brought(database, till, charge(), part="a")
    brought(database, till, charge(), part="b")
    assert billed(database) == 3


def test_a_period_that_a_whole_part_says_nothing_of_any_more_is_taken_back(database: Engine, till: Till) -> None:
    brought(database, till, charge(), SEPTEMBER)
    brought(database, till, SEPTEMBER)
    assert kept(database, tables.partitions, "billing_period") == ["2026-09"]
    brought(database, till)
    assert count(database, tables.partitions) == count(database, tables.costs) == 0


def test_a_part_without_a_name_can_be_taken_back_as_well(sqlite: Engine) -> None:
    till = opened(sqlite)
    brought(sqlite, till, charge(), charge(BillingCurrency="EUR"), part="")
    brought(sqlite, till, part="")
    assert count(sqlite, tables.partitions) == 0


def test_a_part_that_is_not_whole_leaves_what_it_does_not_mention(sqlite: Engine) -> None:
    till = opened(sqlite)
    brought(sqlite, till, SEPTEMBER, is_whole=False)
    brought(sqlite, till, charge(), is_whole=False)
    assert sorted(kept(sqlite, tables.partitions, "billing_period")) == ["2026-09", "2026-10"]


def test_days_taken_back_are_computed_again(sqlite: Engine) -> None:
    till = opened(sqlite)
    brought(sqlite, till, charge())
    before = count(sqlite, tables.outdated)
    brought(sqlite, till)
    assert count(sqlite, tables.outdated) >= before > 0


def packed(path: Path) -> Path:
    into = path.with_name(f"{path.name}.gz")
    into.write_bytes(gzip.compress(path.read_bytes()))
    return into


def test_a_focus_file_passes_as_if_somebody_uploaded_it(database: Engine, till: Till, tmp_path: Path) -> None:
    rows = [
        charge(EffectiveCost="0", Tags="NULL"),
        charge(ChargePeriodStart="2026-10-05 09:00:00", BilledCost="1,5"),
        charge(ChargeCategory="Credit", BilledCost="-1", BillingCurrency="EUR"),
    ]
    path = focus_file(tmp_path, *rows)
    uploaded = import_file(database, path, Delivery("costs", source="upload"))
    done = brought(database, till, packed(path))
    row = last_import(database)
    said = (uploaded.rows, uploaded.new + uploaded.changed, uploaded.refused)
    assert (done.rows, done.changed, done.refused) == said == (3, 2, 1)
    assert row.warnings == uploaded.warnings != []
    assert (row.first_at, row.last_at) == (uploaded.first_at, uploaded.last_at)
    with reading(database) as session:
        refused = session.scalars(select(Refusal).order_by(Refusal.id)).all()  # type: ignore[arg-type]  # a column
    assert [(each.line, each.column, each.reason) for each in refused] == [
        (refused[0].line, refused[0].column, refused[0].reason)
    ] * 2


def test_several_files_and_rows_make_up_one_part(sqlite: Engine, tmp_path: Path) -> None:
    till = opened(sqlite)
    first = focus_file(tmp_path, charge(), name="1.csv")
    second = focus_file(tmp_path, charge(BilledCost="2"), name="2.csv")
    assert brought(sqlite, till, first, None, packed(second), charge(BilledCost="4")).changed == 3
    assert billed(sqlite) == Decimal("7.5")


def test_a_file_is_read_before_the_next_one_is_asked_for(sqlite: Engine, tmp_path: Path) -> None:
    till = opened(sqlite)

    def one_at_a_time() -> Iterator[Path]:
        for number in range(3):
            path = focus_file(tmp_path, charge(BilledCost=number), name="only.csv")
            yield path
            path.unlink()

    till.parts = [Charges("october", one_at_a_time())]
    assert synced(sqlite, till).rows == 3
    assert billed(sqlite) == 3


def test_the_mapping_saved_for_the_source_holds(sqlite: Engine) -> None:
    till = opened(sqlite)
    document = mapping("costs", fields={"model": "ServiceName"})
    with transaction(sqlite) as session:
        save_mapping(session, "till", "costs", document, "ana")
    brought(sqlite, till, charge(x_Odd=1))
    assert last_import(sqlite).unmapped == 1
    assert any("not used: x_Odd" in warning for warning in last_import(sqlite).warnings)


def test_notes_are_told_beside_the_import(sqlite: Engine) -> None:
    brought(sqlite, opened(sqlite), charge(), notes=("These are estimates.",))
    assert last_import(sqlite).warnings == ["These are estimates."]


def test_a_row_that_nests_is_refused_alone(sqlite: Engine) -> None:
    done = brought(sqlite, opened(sqlite), charge(), charge(ProviderName={"a": 1}), charge(ServiceName="a\0"))
    assert (done.changed, done.refused) == (1, 2)


def test_trouble_within_a_part_leaves_what_stood_and_keeps_what_came_before(database: Engine, till: Till) -> None:
    brought(database, till, charge(BilledCost="7"))

    def broken() -> Iterator[Row]:
        yield charge()
        raise Unavailable("The till is shut.", retry_after=900)

    till.facts = [deployment(1)]
    till.parts = [Charges("september", [SEPTEMBER]), Charges("october", broken()), Charges("never", ())]
    failed = synced(database, till)
    assert (failed.state, failed.error, failed.rows) == ("unavailable", "The till is shut.", 2)
    assert source(database, "till").cursor == {"parts": 1}
    assert source(database, "till").due_at == NOON + timedelta(minutes=15)
    assert sorted(kept(database, tables.partitions, "part", "billed")) == [
        ("october", Decimal(7)),
        ("september", Decimal("1.5")),
    ]


def test_a_file_that_was_cut_short_replaces_nothing(sqlite: Engine, tmp_path: Path) -> None:
    till = opened(sqlite)
    brought(sqlite, till, charge(BilledCost="7"))
    whole = packed(focus_file(tmp_path, *(charge(BilledCost=number) for number in range(500))))
    whole.write_bytes(whole.read_bytes()[:-40])
    failed = brought(sqlite, till, whole)
    assert failed.state == "unavailable" and "ends early" in str(failed.error)
    assert billed(sqlite) == 7


def test_a_file_without_charges_is_for_a_person(sqlite: Engine, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("ContractId,BillingCurrency\nc1,USD\n")
    failed = brought(sqlite, opened(sqlite), path)
    assert failed.state == "rejected" and "No column gives provider" in str(failed.error)


def test_who_reads_a_long_bill_keeps_the_claim(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = itertools.count(step=30)
    monkeypatch.setattr(bills, "monotonic", lambda: next(ticks))
    till, claims = opened(sqlite), []

    def slow(clock: time_machine.Traveller) -> Iterator[Row]:
        for _ in range(3):
            clock.shift(timedelta(minutes=2))
            yield None
            claims.append(source(sqlite, "till").claimed_until)
        yield charge()

    with time_machine.travel(NOON, tick=False) as traveller:
        till.parts = [Charges("october", slow(traveller))]
        assert synced(sqlite, till).state == "done"
    assert claims == [NOON + timedelta(minutes=2 * number) + sources.LEASE for number in (1, 2, 3)]


def test_a_bill_taken_over_meanwhile_is_not_kept(sqlite: Engine) -> None:
    till = opened(sqlite)

    def robbed() -> Iterator[Row]:
        yield charge()
        with transaction(sqlite) as session:
            session.merge(source(sqlite, "till")).claim = "somebody else"

    till.parts = [Charges("october", robbed())]
    with pytest.raises(sources.Busy):
        synced(sqlite, till)
    assert count(sqlite, tables.costs) == 0


def test_costs_reach_as_far_as_the_newest_charge(sqlite: Engine) -> None:
    till = opened(sqlite)
    brought(sqlite, till, charge())
    with reading(sqlite) as session:
        found = freshness(session, NOON)
    assert CostFact.told_late
    assert (found["costs"].covers_from, found["costs"].covers_until) == (
        datetime(2026, 10, 5, tzinfo=UTC),
        datetime(2026, 10, 5, 23, 59, 59, 999000, tzinfo=UTC),
    )
    assert found["deployments"].covers_until == NOON


RESTATEMENTS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.lists(st.tuples(st.sampled_from(["2026-09", "2026-10"]), st.integers(-50, 50)), max_size=4),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def emptied() -> Callable[[Engine], None]:
    def empty(engine: Engine) -> None:
        with transaction(engine) as session:
            for table in (tables.costs, tables.partitions):
                session.execute(table.delete())

    return empty


@given(told=RESTATEMENTS)
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_restated_the_last_word_of_each_part_counts(
    sqlite: Engine, emptied: Callable[[Engine], None], told: list[tuple[str, list[tuple[str, int]]]]
) -> None:
    emptied(sqlite)
    with reading(sqlite) as session:
        till = Till() if sources.every(session) else None
    till = till or opened(sqlite)
    for part, rows in told:
        brought(sqlite, till, *(dated(period, amount) for period, amount in rows), part=part)
    expected = sum(amount for rows in dict(told).values() for _, amount in rows)
    assert billed(sqlite) == expected
    assert sum(kept(sqlite, tables.partitions, "billed"), Decimal(0)) == expected


def dated(period: str, amount: int) -> dict[str, Any]:
    day = f"{period}-05T00:00:00Z"
    return charge(BillingPeriodStart=f"{period}-01T00:00:00Z", ChargePeriodStart=day, BilledCost=amount)


class _Watched(dict[str, Any]):
    """A row that can be watched."""


def test_rows_are_let_go_as_they_stream_by(sqlite: Engine) -> None:
    watched: list[ref[_Watched]] = []

    def rows() -> Iterator[Row]:
        for number in range(1000):
            row = _Watched(charge(BilledCost=number))
            watched.append(ref(row))
            yield row
            del row
            assert sum(each() is not None for each in watched) <= 2

    till = opened(sqlite)
    till.parts = [Charges("long", rows())]
    assert synced(sqlite, till).rows == 1000
    assert count(sqlite, tables.costs) == 1


@pytest.mark.parametrize("milliseconds", [40, 160])
def test_a_bill_whose_reader_is_killed_is_whole_or_not_there_and_the_next_finishes(
    sqlite: Engine, milliseconds: int
) -> None:
    till = opened(sqlite)
    child = begun(read_a_bill, str(sqlite.url))
    time.sleep(milliseconds / 1000)
    killed(child)
    assert set(kept(sqlite, tables.partitions, "billed")) <= {Decimal(200)}
    assert billed(sqlite) == 200 * count(sqlite, tables.partitions)
    with transaction(sqlite) as session:
        sources.named(session, "till").claimed_until = NOON
    till.parts = [Charges(f"part {number}", october(200)) for number in range(8)]
    assert synced(sqlite, till).state == "done"
    assert (billed(sqlite), count(sqlite, tables.partitions)) == (1600, 8)
