"""Gate pass rate: runs, not checks, and the first evaluation, not the last."""

from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.core.db import reading
from ops_console.measures.readings import DataState
from ops_console.records.pipelines import Gate, PipelineRun
from tests.ingest.deliveries import deliver
from tests.kpis.records import Books, at
from tests.scorecard.measuring import books, figure, read_one

ATTEMPT = {"pipeline": "features", "status": "succeeded"}


def run(written: Books, model: int | None = None, **changes: Any) -> None:
    number = next(written.numbers)
    defaults = {
        "source": "flow",
        "run": f"run-{number}",
        "entry_id": model,
        "ended_at": at("10-14"),
        "checks": 4,
        "failed": 0,
        "errored": 0,
        "with_ticket": 0,
    }
    values = defaults | changes
    written.keep(Gate(**values, passed=not values["failed"] and not values["errored"]))


def test_runs_are_counted_and_not_their_checks(database: Engine) -> None:
    with books(database) as written:
        for failed in (0, 0, 0, 3):
            run(written, failed=failed)

        found = figure(written.session, "data_gate_pass_rate")
        assert (found.value, found.k, found.n) == (0.75, 3, 4)


def test_a_check_that_could_not_be_evaluated_is_no_pass_and_stands_beside(sqlite: Engine) -> None:
    with books(sqlite) as written:
        run(written)
        run(written, errored=1)

        found = figure(written.session, "data_gate_pass_rate")
        assert (found.k, found.n) == (1, 2)
        assert found.detail["runs_with_errors"]["k"] == 1


def test_failures_with_a_ticket_are_counted_among_the_failures(sqlite: Engine) -> None:
    with books(sqlite) as written:
        run(written)
        run(written, failed=1, with_ticket=1)
        run(written, failed=1)

        beside = figure(written.session, "data_gate_pass_rate").detail["failures_with_ticket"]
        assert (beside["k"], beside["n"]) == (1, 2)


def test_a_re_run_hides_no_failure_of_the_first_attempt(sqlite: Engine) -> None:
    deliver(sqlite, "pipeline_runs", {"run": "nightly"}, {"external_id": "run-2", "run": "nightly", "attempt": 2})
    same = {"dataset": "clicks", "name": "not_null"}
    deliver(sqlite, "quality_checks", {"outcome": "failed", "checked_at": "2026-10-05T08:00:00Z", **same})
    deliver(sqlite, "quality_checks", {"external_id": "q2", "pipeline_run": "run-2", **same})
    with reading(sqlite) as session:
        found = figure(session, "data_gate_pass_rate")
    assert (found.k, found.n) == (0, 1)


def test_a_backfill_of_hundreds_of_runs_drowns_no_month(database: Engine) -> None:
    with books(database) as written:
        for failed in (0, 0, 0, 1):
            run(written, failed=failed)
        for day in range(40):
            run(written, run=f"again-{day}", failed=1, errored=1, with_ticket=1)
            written.put(PipelineRun, **ATTEMPT | {"source": "flow", "run": f"again-{day}", "trigger": "backfill"})

        found = figure(written.session, "data_gate_pass_rate")
        assert (found.k, found.n, found.excluded) == (3, 4, {"backfill": 40})
        besides = found.detail["failures_with_ticket"], found.detail["runs_with_errors"]
        assert [(beside["k"], beside["n"]) for beside in besides] == [(0, 1), (0, 4)]


@pytest.mark.parametrize(("meant_for", "n"), [("2026-10-04", 1), ("2026-09-01", 1), ("2026-08-31", 0)])
def test_a_run_meant_for_long_ago_is_a_backfill_and_a_monthly_one_is_none(
    sqlite: Engine, meant_for: str, n: int
) -> None:
    deliver(sqlite, "pipeline_runs", {"external_id": "run-1", "nominal_at": f"{meant_for}T09:00:00Z"})
    deliver(sqlite, "quality_checks", {"pipeline_run": "run-1", "checked_at": "2026-10-06T08:00:00Z"})
    with reading(sqlite) as session:
        assert figure(session, "data_gate_pass_rate").n == n


def test_an_attempt_weeks_later_makes_no_backfill_of_a_run(sqlite: Engine) -> None:
    same = {"run": "nightly", "nominal_at": "2026-08-05T08:00:00Z"}
    deliver(sqlite, "pipeline_runs", {"external_id": "run-1", **same}, {"external_id": "run-2", "attempt": 2, **same})
    deliver(sqlite, "quality_checks", {"pipeline_run": "run-1", "checked_at": "2026-08-05T09:00:00Z"})
    again = {"external_id": "q2", "pipeline_run": "run-2", "checked_at": "2026-10-05T09:00:00Z"}
    deliver(sqlite, "quality_checks", again)
    with reading(sqlite) as session:
        assert figure(session, "data_gate_pass_rate", "2026-08").n == 1


def test_a_run_belongs_to_when_it_ran(sqlite: Engine) -> None:
    with books(sqlite) as written:
        run(written, ended_at=at("09-30"))

        assert figure(written.session, "data_gate_pass_rate").n is None


def test_without_a_run_there_is_no_share(sqlite: Engine) -> None:
    with books(sqlite) as written:
        found = read_one(written.session, "data_gate_pass_rate")
        assert (found.value, found.data_state) == (None, DataState.NO_CASES)


def test_thirty_runs_get_a_status(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for _ in range(29):
            run(written)
        assert read_one(written.session, "data_gate_pass_rate").data_state is DataState.TOO_FEW
        run(written)
        assert read_one(written.session, "data_gate_pass_rate").status == "on_target"
