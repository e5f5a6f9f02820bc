"""The sections of the governance report, each from a snapshot: what is not documented, reproducible or closed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from ops_console.contracts.document import Block, Note, Table
from ops_console.measures.readings import DataState
from ops_console.reporting.composing import document
from ops_console.reporting.evidence import Evidence
from ops_console.reporting.governed import CARDS, EXCEPTIONS, PAVED, REPRODUCED, Governed, GovernedRow
from ops_console.reporting.snapshot import Snapshot, from_data
from reports.quarterly_governance import REPORT
from tests.reporting import snapshots
from tests.reporting.shown import reading

BARE = GovernedRow("bidder", "bidder", "no card", True)
FINE = GovernedRow("ranker", "ranker", "complete", False)


def quarter(*governed: Governed, **told: object) -> Snapshot:
    taken = snapshots.snapshot(evidence=replace(Evidence(), governed=governed))
    facts = replace(taken.facts, period="2026-Q3", report=REPORT.key, title=REPORT.title)
    counted = {"k": Decimal(12), "n": Decimal(14)} | told
    return replace(
        taken, facts=facts, readings=tuple(reading(key, **counted) for key in (CARDS, PAVED, REPRODUCED, EXCEPTIONS))
    )


def blocks(of: Snapshot, key: str) -> list[Block]:
    parts = document(REPORT, of, "https://console.example/reports/runs/7").sections
    return next(list(part.blocks) for part in parts if part.key == key)


def tables(of: Snapshot, key: str) -> list[Table]:
    return [block for block in blocks(of, key) if isinstance(block, Table)]


def test_models_without_a_complete_card_say_what_they_lack_and_the_others_are_not_listed() -> None:
    (table,) = tables(quarter(Governed(CARDS, (BARE, FINE), 14)), "documentation")
    assert (table.caption, table.columns) == ("Models without a complete card", ("Model", "Lacks"))
    assert table.rows == (("bidder", "no card"),)
    assert table.note.startswith("+1 more") and "/kpis/model_card_completeness?period=2026-Q3" in table.note


def test_what_the_paved_road_lacks_is_said_once() -> None:
    row = GovernedRow("bidder", "bidder", "lacks: Has a runbook", True)
    (table,) = tables(quarter(Governed(PAVED, (row,), 14)), "documentation")
    assert table.rows == (("bidder", "Has a runbook"),)


def test_versions_that_could_not_be_built_again_are_named() -> None:
    row = GovernedRow("ranker", "v3.7", "", True)
    (table,) = tables(quarter(Governed(REPRODUCED, (row,), 14)), "reproducibility")
    assert table.rows == (("ranker", "v3.7"),)


def test_every_open_exception_stands_there_with_its_days_and_the_overdue_are_marked() -> None:
    late = GovernedRow("bidder", "no owner", "overdue", True, date(2026, 8, 19))
    waived = GovernedRow("", "policy", "waived", False, None, date(2026, 12, 1))
    (table,) = tables(quarter(Governed(EXCEPTIONS, (late, waived), 2)), "audit")
    assert table.rows == (
        ("no owner", "bidder", "■ overdue", "19 Aug 2026", ""),
        ("policy", "none", "waived", "no day", "1 Dec 2026"),
    )
    assert table.note == ""


def test_where_all_is_well_there_is_no_list() -> None:
    calm = quarter(Governed(CARDS, (FINE,), 14))
    assert tables(calm, "documentation") == [] and tables(calm, "audit") == []


def test_what_nobody_delivers_says_which_facts_it_needs() -> None:
    empty = quarter(value=None, k=None, n=None, data_state=DataState.NOT_CONNECTED)
    (_, *notes) = blocks(empty, "documentation")
    assert len(notes) == 2 and all(isinstance(note, Note) and "Not connected" in note.text for note in notes)


def test_a_quarters_snapshot_comes_back_as_it_was() -> None:
    late = GovernedRow("bidder", "no owner", "overdue", True, date(2026, 8, 19))
    data = quarter(Governed(EXCEPTIONS, (late,), 2)).as_data()
    assert from_data(data).as_data() == data
