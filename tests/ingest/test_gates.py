"""The gate of a run says what its first evaluation said, whatever was run again."""

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.ingest import tables
from ops_console.ingest.tables import outdated
from tests.examples import examples
from tests.ingest.deliveries import count, deliver, kept

GATE = ("run", "checks", "failed", "errored", "passed")


def gates(engine: Engine) -> list[Any]:
    return kept(engine, tables.gates, *GATE)


def check(number: int, **changes: Any) -> dict[str, Any]:
    return {"external_id": f"q{number}", "name": f"check {number}"} | changes


def test_a_run_whose_blocking_checks_all_passed_passed(database: Engine) -> None:
    deliver(database, "quality_checks", check(1), check(2))
    assert gates(database) == [("run-1", 2, 0, 0, True)]


def test_a_failure_and_an_error_both_stop_a_run(sqlite: Engine) -> None:
    deliver(sqlite, "quality_checks", check(1), check(2, outcome="failed"), check(3, outcome="errored"))
    assert gates(sqlite) == [("run-1", 3, 1, 1, False)]


def test_warnings_and_skipped_checks_say_nothing(sqlite: Engine) -> None:
    deliver(
        sqlite,
        "quality_checks",
        check(1, blocking=False, outcome="failed"),
        check(2, outcome="skipped"),
    )
    assert gates(sqlite) == []


def test_a_second_attempt_that_passes_hides_no_failure(database: Engine) -> None:
    deliver(
        database,
        "pipeline_runs",
        {"external_id": "run-1", "run": "nightly", "attempt": 1, "status": "failed"},
        {"external_id": "run-2", "run": "nightly", "attempt": 2},
    )
    same = {"dataset": "clicks", "column": "user", "name": "not_null"}
    deliver(
        database,
        "quality_checks",
        check(1, outcome="failed", checked_at="2026-10-05T08:00:00Z", **same),
        check(2, pipeline_run="run-2", checked_at="2026-10-05T09:00:00Z", **same),
    )
    assert gates(database) == [("nightly", 1, 1, 0, False)]


def test_attempts_that_are_named_later_become_one_run(database: Engine) -> None:
    same = {"dataset": "clicks", "column": "user", "name": "not_null"}
    deliver(database, "quality_checks", check(1, outcome="failed", **same), check(2, pipeline_run="run-2", **same))
    assert len(gates(database)) == 2
    deliver(
        database,
        "pipeline_runs",
        {"external_id": "run-1", "run": "nightly"},
        {"external_id": "run-2", "run": "nightly"},
    )
    assert gates(database) == [("nightly", 1, 1, 0, False)]


def test_a_check_that_moves_to_another_run_leaves_the_first(sqlite: Engine) -> None:
    deliver(sqlite, "quality_checks", check(1, updated_at="2026-10-05T09:00:00Z"))
    deliver(sqlite, "quality_checks", check(1, pipeline_run="run-9", updated_at="2026-10-06T09:00:00Z"))
    assert [run for run, *_ in gates(sqlite)] == ["run-9"]


def test_a_deleted_check_no_longer_counts(sqlite: Engine) -> None:
    deliver(sqlite, "quality_checks", check(1, outcome="failed", updated_at="2026-10-05T09:00:00Z"), check(2))
    deliver(sqlite, "quality_checks", check(1, updated_at="2026-10-06T09:00:00Z", deleted=True))
    assert gates(sqlite) == [("run-1", 1, 0, 0, True)]


def test_failures_with_a_ticket_are_counted(sqlite: Engine) -> None:
    deliver(sqlite, "quality_checks", check(1, outcome="failed", ticket="OPS-1"), check(2, outcome="failed"))
    assert kept(sqlite, tables.gates, "with_ticket") == [1]


def test_where_a_gate_was_and_where_it_is_are_computed_again(sqlite: Engine) -> None:
    deliver(sqlite, "quality_checks", check(1, updated_at="2026-01-05T09:00:00Z"))
    with transaction(sqlite) as session:
        session.execute(outdated.delete())
    deliver(sqlite, "quality_checks", check(1, checked_at="2026-11-20T09:00:00Z", updated_at="2026-11-20T09:00:00Z"))
    spans = kept(sqlite, outdated, "from_at", "to_at", kind="quality_checks")
    assert len(spans) == 2


ATTEMPTS = [{"external_id": f"run-{n}", "run": "nightly" if n < 3 else None} for n in (1, 2, 3)]
CHECKS = [
    check(
        n,
        name=f"check {n % 3}",
        pipeline_run=f"run-{n % 3 + 1}",
        outcome=("passed", "failed", "errored")[n % 3],
        checked_at=f"2026-10-05T{8 + n:02}:00:00Z",
    )
    for n in range(6)
]


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([*range(9), *range(4)]))
def test_the_order_and_repetition_of_facts_never_change_the_gates(sqlite: Engine, order: Sequence[int]) -> None:
    with transaction(sqlite) as session:
        for table in (tables.gates, tables.checks, tables.runs):
            session.execute(table.delete())
    for place in order:
        kind, row = ("pipeline_runs", ATTEMPTS[place]) if place < 3 else ("quality_checks", CHECKS[place - 3])
        deliver(sqlite, kind, row)
    assert count(sqlite, tables.gates) == 2
    assert sorted(gates(sqlite)) == [("nightly", 2, 1, 0, False), ("run-3", 1, 0, 1, False)]
