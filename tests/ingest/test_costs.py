"""Cost files are summed to days, to the last digit, and replace their billing period whole."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, Table
from sqlmodel import Session

from ops_console.contracts.readers import read_decimal
from ops_console.contracts.rows import Row
from ops_console.core.clock import milliseconds
from ops_console.core.errors import BadInput
from ops_console.ingest import cost_ledger, costs, tables
from ops_console.ingest.bulk import insert_rows
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_file, import_rows
from ops_console.ingest.focus import COLUMNS, purpose_of, read_tags, tagged
from ops_console.ingest.mapping import Mapping as Document
from ops_console.ingest.rules import Rules
from ops_console.ingest.summary import Summary
from ops_console.ingest.sums import Sums
from tests.conftest import samples
from tests.ingest.deliveries import count, csv_file, deliver, kept, mapping

HEADER = (
    "ProviderName",
    "BillingPeriodStart",
    "BillingPeriodEnd",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
    "ChargeClass",
    "ChargeFrequency",
    "BillingCurrency",
    "BilledCost",
    "EffectiveCost",
    "ListCost",
    "ServiceName",
    "InvoiceIssuerName",
    "Tags",
)


def charge(**changes: Any) -> dict[str, Any]:
    return {
        "ProviderName": "AWS",
        "BillingPeriodStart": "2026-10-01T00:00:00Z",
        "BillingPeriodEnd": "2026-11-01T00:00:00Z",
        "ChargePeriodStart": "2026-10-05T09:00:00Z",
        "ChargePeriodEnd": "2026-10-05T10:00:00Z",
        "ChargeCategory": "Usage",
        "ChargeClass": "",
        "ChargeFrequency": "Usage-Based",
        "BillingCurrency": "USD",
        "BilledCost": "1.5",
        "EffectiveCost": "1.25",
        "ListCost": "2",
        "ServiceName": "AmazonEC2",
        "InvoiceIssuerName": "AWS Inc.",
        "Tags": '{"model": "ranker"}',
    } | changes


def focus_file(folder: Path, *charges: dict[str, Any], name: str = "focus.csv") -> Path:
    def quoted(cell: Any) -> str:
        text = str(cell).replace('"', '""')
        return f'"{text}"'

    return csv_file(
        folder, ",".join(HEADER), *(",".join(quoted(row[column]) for column in HEADER) for row in charges), name=name
    )


def carried(engine: Engine, folder: Path, *charges: dict[str, Any], **options: Any) -> Summary:
    path = focus_file(folder, *(charge(**row) for row in charges))
    return import_file(engine, path, Delivery("costs", **({"source": "bill"} | options)))


def billed(engine: Engine) -> Decimal:
    return sum(kept(engine, tables.costs, "billed"), Decimal(0))


def warned(summary: Summary, words: str) -> bool:
    return any(words in warning for warning in summary.warnings)


NEXT_DAY = {"ChargePeriodStart": "2026-10-06T00:00:00Z", "ChargePeriodEnd": "2026-10-07T00:00:00Z"}


def test_charges_are_summed_to_days(database: Engine, tmp_path: Path) -> None:
    later = {"ChargePeriodStart": "2026-10-05T10:00:00Z", "BilledCost": "0.00000000001"}
    summary = carried(database, tmp_path, {}, later, NEXT_DAY)
    assert (summary.rows, summary.new) == (3, 3)
    rows = kept(database, tables.costs, "charge_day", "rows", "billed", "effective", "listed", "provider")
    assert rows == [
        (date(2026, 10, 5), 2, Decimal("1.50000000001"), Decimal("2.50"), Decimal(4), "AWS"),
        (date(2026, 10, 6), 1, Decimal("1.5"), Decimal("1.25"), Decimal(2), "AWS"),
    ]
    partition = kept(database, tables.partitions, "billing_period", "rows", "billed", "currency", "previous_billed")
    assert partition == [("2026-10", 3, Decimal("3.00000000001"), "USD", None)]


def test_the_same_charges_again_change_nothing(database: Engine, tmp_path: Path) -> None:
    rows: list[dict[str, str]] = [{}, {"BilledCost": "2"}, {"ServiceName": "S3"}]
    carried(database, tmp_path, *rows)
    again = carried(database, tmp_path, *reversed(rows))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)


def test_a_later_file_replaces_the_billing_period_and_leaves_others(database: Engine, tmp_path: Path) -> None:
    september = {"BillingPeriodStart": "2026-09-01T00:00:00Z", "ChargePeriodStart": "2026-09-30T09:00:00Z"}
    carried(database, tmp_path, {}, {}, september)
    again = carried(database, tmp_path, {"BilledCost": "7"})
    assert (again.changed, again.unchanged) == (1, 0)
    rows = kept(database, tables.partitions, "billing_period", "billed", "previous_billed")
    assert sorted(rows) == [("2026-09", Decimal("1.5"), None), ("2026-10", Decimal(7), Decimal("3.0"))]
    assert billed(database) == Decimal("8.5")


def test_a_part_of_its_own_stands_beside_the_others(sqlite: Engine, tmp_path: Path) -> None:
    carried(sqlite, tmp_path, {}, part="eu")
    carried(sqlite, tmp_path, {"BilledCost": "2"}, part="us")
    carried(sqlite, tmp_path, {"BilledCost": "3"}, part="us")
    assert sorted(kept(sqlite, tables.partitions, "part", "billed")) == [("eu", Decimal("1.5")), ("us", Decimal(3))]
    assert billed(sqlite) == Decimal("4.5")


def test_currencies_are_kept_apart_and_replaced_together(sqlite: Engine, tmp_path: Path) -> None:
    both = carried(sqlite, tmp_path, {}, {"BillingCurrency": "EUR"})
    assert warned(both, "2 currencies (EUR, USD)")
    assert kept(sqlite, tables.partitions, "part", "currency") == [("/EUR", "EUR"), ("/USD", "USD")]
    carried(sqlite, tmp_path, {"BillingCurrency": "EUR", "BilledCost": "4"})
    assert kept(sqlite, tables.partitions, "part", "currency", "billed") == [("", "EUR", Decimal(4))]
    assert billed(sqlite) == 4


def test_totals_are_exact_beyond_the_digits_python_computes_with(database: Engine, tmp_path: Path) -> None:
    tiny = "0.000000000000000000000000000001"
    carried(database, tmp_path, {"BilledCost": "123456789.5"}, {"BilledCost": tiny})
    exact = Decimal("123456789.500000000000000000000000000001")
    assert kept(database, tables.costs, "billed") == kept(database, tables.partitions, "billed") == [exact]
    assert carried(database, tmp_path, {"BilledCost": "123456789.5"}, {"BilledCost": "0"}).changed == 2


@pytest.mark.parametrize("cell", ["+1.50", "1.5e0", ".15e1", " 1.5 ", "001.5"])
def test_an_amount_may_be_written_in_any_plain_way(sqlite: Engine, tmp_path: Path, cell: str) -> None:
    carried(sqlite, tmp_path, {"BilledCost": cell})
    assert billed(sqlite) == Decimal("1.5")


@pytest.mark.parametrize("cell", ["1_000", "1,5", "NaN", "Infinity", "-", "1.", "1e99", "1.5 USD"])
def test_an_amount_is_read_as_everywhere_else(sqlite: Engine, tmp_path: Path, cell: str) -> None:
    try:
        read_decimal(cell)
        refused = 0
    except ValueError:
        refused = 1
    assert carried(sqlite, tmp_path, {"BilledCost": cell}).refused == refused


class _Cells(list[str]):
    """Cells that can be watched."""


def test_a_refused_row_is_let_go() -> None:
    rules = Rules("costs", Document(), HEADER, synonyms=COLUMNS)
    watched = []
    with costs.CostIntake("bill", "") as intake:
        for line in range(3):
            cells = _Cells(str(cell) for cell in charge(BillingCurrency="gold").values())
            watched.append(ref(cells))
            intake.take(Row(line, cells), rules)
            del cells
        assert [each() for each in watched] == [None] * 3
        assert len(intake.refusals) == 3


def test_sums_hold_no_more_than_they_are_allowed_to(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    spill = Sums._spill

    def noted(self: Sums) -> None:
        held.append(len(self._held))
        spill(self)

    monkeypatch.setattr(Sums, "_spill", noted)
    with Sums(most_keys=10) as sums:
        for number in range(100):
            sums.add((str(number % 35),), (Decimal(1),))
        assert len(list(sums)) == 35
    assert max(held) == 10


def test_days_enter_the_database_in_batches(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def noted(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> int:
        sizes.append(len(rows))
        return insert_rows(session, table, rows)

    monkeypatch.setattr(cost_ledger, "BATCH", 4)
    monkeypatch.setattr(cost_ledger, "insert_rows", noted)
    carried(sqlite, tmp_path, *({"ServiceName": f"s{number}"} for number in range(10)))
    assert sizes == [4, 4, 2]
    assert count(sqlite, tables.costs) == 10


def test_a_charge_without_amount_or_period_is_refused_and_the_sum_still_adds_up(sqlite: Engine, tmp_path: Path) -> None:
    summary = carried(
        sqlite,
        tmp_path,
        {},
        {"BilledCost": "NULL"},
        {"ChargePeriodStart": "", "BilledCost": "2"},
        {"BilledCost": "1,5"},
    )
    assert (summary.new, summary.refused) == (1, 3)
    assert warned(summary, "Refused rows hold 2 USD")
    assert billed(sqlite) == Decimal("1.5")


def test_a_file_without_charges_is_no_cost_file(sqlite: Engine, tmp_path: Path) -> None:
    path = csv_file(tmp_path, "ContractId,BillingCurrency", "c1,USD")
    with pytest.raises(BadInput, match="No column gives provider, billing_period_start"):
        import_file(sqlite, path, Delivery("costs", source="bill"))


def test_models_teams_and_purposes_come_from_tags(sqlite: Engine, tmp_path: Path) -> None:
    deliver(sqlite, "models")
    tags = '{" ML-Model": "Ranker", "Owner": "search", "stage": "train", "valid": true, "n": 1.5}'
    summary = carried(sqlite, tmp_path, {"Tags": tags}, {"Tags": '{"stage": "prod"}'}, {"Tags": "NULL"})
    entry = kept(sqlite, tables.entries, "id", slug="ranker")[0]
    rows = kept(sqlite, tables.costs, "entry_id", "team", "purpose")
    assert sorted(rows, key=str) == sorted([(entry, "search", "training"), (None, None, None)], key=str)
    assert warned(summary, "stray spaces in 1 rows")
    assert warned(summary, "1 row without tags: 1.5 USD of 4.5")


def test_a_model_may_come_from_a_column_of_its_own(sqlite: Engine, tmp_path: Path) -> None:
    document = mapping("costs", fields={"model": "ServiceName", "purpose": {"constant": "inference"}})
    summary = carried(sqlite, tmp_path, {}, mapping=document)
    assert summary.unmapped == ["AmazonEC2"]
    assert kept(sqlite, tables.costs, "purpose") == ["inference"]


def test_an_unknown_purpose_is_refused_with_the_way_out(sqlite: Engine, tmp_path: Path) -> None:
    document = mapping("costs", fields={"purpose": "ServiceName"})
    assert carried(sqlite, tmp_path, {}, mapping=document).refused == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"EffectiveCost": "0"}, "EffectiveCost is not usable for AWS in this file: it is 0"),
        ({"ChargePeriodStart": "2026-09-30T09:00:00Z"}, "1 row for days outside their billing period"),
        ({"ChargeCategory": "Credit", "BilledCost": "-3"}, "1 row of credit"),
        ({"ChargeClass": "Correction"}, "1 row of correction to an earlier invoice"),
        ({"ChargeFrequency": "Usage-based"}, "ChargeFrequency is spelled 'Usage-based' in 1 rows"),
        ({"ChargePeriodStart": "2026-10-05 09:00:00"}, "Times carry no offset in 1 rows"),
        ({"Tags": "team:search"}, "Tags are no flat JSON object in 1 rows"),
    ],
)
def test_what_is_odd_is_told(sqlite: Engine, tmp_path: Path, changes: dict[str, str], words: str) -> None:
    assert warned(carried(sqlite, tmp_path, changes), words)


def test_effective_cost_in_whole_units_is_told(sqlite: Engine, tmp_path: Path) -> None:
    rows = [{"EffectiveCost": "0"}] * 2 + [{"EffectiveCost": "3"}]
    assert warned(carried(sqlite, tmp_path, *rows), "rounded to whole units (2 of 3 billed rows show 0)")


def test_several_invoice_issuers_of_a_provider_are_told(sqlite: Engine, tmp_path: Path) -> None:
    summary = carried(sqlite, tmp_path, {}, {"InvoiceIssuerName": "AWS Canada"})
    assert warned(summary, "AWS bills through 2 invoice issuers: AWS Canada; AWS Inc.")


def test_clean_charges_are_not_warned_about(sqlite: Engine, tmp_path: Path) -> None:
    assert carried(sqlite, tmp_path, {}).warnings == []


OURS = {
    "provider": "GCP",
    "billing_period_start": "2026-10-01T00:00:00Z",
    "billing_period_end": "2026-11-01T00:00:00Z",
    "charge_period_start": datetime(2026, 10, 5, tzinfo=UTC),
    "charge_period_end": datetime(2026, 10, 6, tzinfo=UTC),
    "charge_category": "Usage",
    "billing_currency": "EUR",
    "billed_cost": Decimal("2.50"),
    "tags": {"team": "search"},
}


def test_rows_at_hand_may_use_our_own_names(database: Engine) -> None:
    summary = import_rows(database, [OURS, OURS | {"billed_cost": None}], Delivery("costs", source="api"))
    assert (summary.new, summary.refused) == (1, 1)
    assert [(each.row, each.result) for each in summary.results] == [(2, "refused")]
    assert kept(database, tables.costs, "team", "billed", "effective") == [("search", Decimal("2.50"), None)]


@pytest.mark.parametrize("nested", [{"provider": {"name": "AWS"}}, {"charge_period_start": []}, {"tags": ["ml"]}])
def test_a_charge_that_nests_where_it_may_not_is_refused_alone(sqlite: Engine, nested: dict[str, Any]) -> None:
    summary = import_rows(sqlite, [OURS, OURS | nested], Delivery("costs", source="api"))
    assert (summary.new, summary.refused) == (1, 1)
    assert str(summary.results[0].reason).startswith(next(iter(nested)))


def test_a_charge_day_is_a_day_of_the_workspaces_calendar(sqlite: Engine, tmp_path: Path) -> None:
    carried(sqlite, tmp_path, {})
    assert kept(sqlite, tables.costs, "charged_at") == [milliseconds(datetime(2026, 10, 5, tzinfo=UTC))]


def test_a_dry_run_leaves_the_costs_as_they_were(database: Engine, tmp_path: Path) -> None:
    assert carried(database, tmp_path, {}, dry_run=True).new == 1
    assert count(database, tables.costs) == count(database, tables.partitions) == 0


def test_replaced_days_are_computed_again(sqlite: Engine, tmp_path: Path) -> None:
    carried(sqlite, tmp_path, {})
    assert kept(sqlite, tables.outdated, "kind") == ["costs"]


def test_a_big_file_spills_and_says_the_same(
    sqlite: Engine, sqlite_template: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random.seed(3)
    rows = [
        {"ServiceName": f"s{random.randrange(40)}", "BilledCost": f"{random.randrange(10**6)}e-7"} for _ in range(500)
    ]
    carried(sqlite, tmp_path, *rows)
    usual = kept(sqlite, tables.partitions, "content_hash", "billed")
    monkeypatch.setattr(costs, "Sums", lambda: Sums(most_keys=7))
    assert carried(sqlite, tmp_path, *rows).unchanged == 500
    assert kept(sqlite, tables.partitions, "content_hash", "billed") == usual


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.decimals(-9, 9, places=5), st.none() | st.decimals(0, 9, places=2))
    ),
    st.integers(1, 4),
)
def test_sums_are_exact_wherever_they_wait(rows: list[tuple[str, Decimal, Decimal | None]], most: int) -> None:
    with Sums(most) as small, Sums() as large:
        for key, *amounts in rows:
            for sums in (small, large):
                sums.add((key,), tuple(amounts))
        told = [[(key, total.rows, total.amounts) for key, total in sums] for sums in (small, large)]
    assert told[0] == told[1]
    assert sum(total[2][0] or 0 for total in told[0]) == sum(amount for _, amount, _ in rows)


def test_tags_are_read_by_trimmed_key() -> None:
    assert read_tags('{" org": "a", "org": "b", "on": true, "n": null}') == (
        {"org": "b", "on": "true", "n": None},
        True,
    )
    assert read_tags(None) == ({}, False)
    assert tagged({"Team ": "x", "OWNER": " y "}, ("team", "owner")) == "y"
    assert (purpose_of("Serving"), purpose_of("prod"), purpose_of(None)) == ("inference", None, None)


@pytest.mark.samples
@pytest.mark.skipif(not samples().exists(), reason="the samples folder is absent")
def test_the_real_file_adds_up_and_every_quirk_is_told(database: Engine) -> None:
    path = samples() / "focus" / "focus_1_0_real_multicloud_1000.csv.gz"
    summary = import_file(database, path, Delivery("costs", source="focus"))
    assert (summary.new, summary.refused) == (1000, 0)
    assert billed(database) == Decimal("20.52022672899")
    periods = dict(kept(database, tables.partitions, "billing_period", "billed"))
    assert periods == {"2024-09": Decimal("20.28022672899"), "2024-10": Decimal("0.24")}
    for words in (
        "not usable for AWS",
        "not usable for Oracle",
        "'Usage-based'",
        "outside their billing period",
        "stray spaces",
        "no offset in 1,000 rows",
        "3 invoice issuers",
        "289 rows without tags: -1.7023496992 USD",
        "not used: Id",
        "1 row of credit",
    ):
        assert warned(summary, words), words
