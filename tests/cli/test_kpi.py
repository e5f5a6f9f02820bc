"""`ops-console measure` and `ops-console kpi`."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from ops_console.cli import kpi, measure
from ops_console.contracts.parts import Parts
from ops_console.core.db import transaction
from ops_console.core.errors import OpsConsoleError
from ops_console.records.imports import Import
from tests.kpis.records import NOW, Books, at


@pytest.fixture
def filled(command_line: Engine) -> Engine:
    with transaction(command_line) as session:
        written = Books(session)
        model = written.model("ranker", tier=1, team="Search")
        for hour in ("01", "02", "03"):
            written.release(model, at(f"10-14 {hour}:00"))
        written.release(model, at("10-15"), kind="rollback")
        kinds = ("deployments", "incidents")
        session.add_all(_covering(kind) for kind in kinds)
    return command_line


def _covering(kind: str) -> Import:
    return Import(
        kind=kind,
        source="cd",
        origin="cd.csv",
        state="done",
        started_at=NOW,
        finished_at=NOW,
        rows=4,
        first_at=at("01-01"),
        last_at=at("11-01"),
        covers_until=at("11-02"),
    )


def run(*words: str) -> Result:
    command = {"kpi": kpi.command, "measure": measure.command}[words[0]]
    return CliRunner().invoke(command, words[1:], obj=Parts(), catch_exceptions=False)


def test_measure_brings_the_scorecard_up_to_date(filled: Engine) -> None:
    assert run("measure", "--rebuild").output.startswith("The scorecard is up to date: ")
    assert run("measure", "--since", "2026-10-01").exit_code == 0
    assert run("measure").exit_code == 0


def test_measure_refuses_what_is_no_day(filled: Engine) -> None:
    with pytest.raises(OpsConsoleError, match="no day"):
        run("measure", "--since", "yesterday")


def test_measure_takes_one_of_two_options(filled: Engine) -> None:
    assert run("measure", "--since", "2026-10-01", "--rebuild").exit_code == 2


def test_a_figure_is_printed_with_status_target_and_source(filled: Engine) -> None:
    run("measure", "--rebuild")
    said = run("kpi", "model_deployments", "--period", "2026-10").output

    assert said.startswith("Model deployments: 3")
    assert "● On target" in said
    assert "Left out: 1 rollback" in said
    assert "Source: cd" in said


def test_a_figure_for_scripts_holds_everything(filled: Engine) -> None:
    run("measure", "--rebuild")
    told = json.loads(run("kpi", "model_deployments", "--period", "2026-10", "--json", "--rows").output)

    assert (told["value"], told["period"], told["status"]) == (3, "2026-10", "on_target")
    assert [row["label"] for row in told["rows"] if row["excluded"] is None] == ["v3", "v2", "v1"]
    assert told["rows_excluded"] == {"rollback": 1}


def test_rows_are_printed_for_people_too(filled: Engine) -> None:
    run("measure", "--rebuild")
    said = run("kpi", "model_deployments", "--period", "2026-10", "--scope", "model:ranker", "--rows").output

    assert "2026-10-14 03:00" in said
    assert "rollback" in said


def test_the_latest_complete_period_of_a_grain_is_the_default(filled: Engine) -> None:
    told = json.loads(run("kpi", "change_failure_rate", "--grain", "quarter", "--json").output)

    assert "-Q" in told["period"]


def test_a_trailing_figure_may_be_read_over_its_period(filled: Engine) -> None:
    run("measure", "--rebuild")
    words = ("kpi", "change_failure_rate", "--period", "2026-10", "--json")

    assert json.loads(run(*words).output)["window_days"] is not None
    assert json.loads(run(*words, "--window", "period").output)["window_days"] is None


@pytest.mark.parametrize(("compare", "label"), [("previous", "2026-09"), ("year", "2025-10"), ("none", None)])
def test_it_says_what_the_figure_is_compared_with(filled: Engine, compare: str, label: str | None) -> None:
    run("measure", "--rebuild")
    words = ("kpi", "model_deployments", "--period", "2026-10", "--compare", compare)

    assert json.loads(run(*words, "--json").output)["previous_period"] == label
    assert ("Compared with Sep 0" in run(*words).output) == (compare == "previous")


def test_latest_is_the_newest_complete_period(filled: Engine) -> None:
    words = ("kpi", "model_deployments", "--grain", "week", "--json")

    assert run(*words, "--period", "latest").output == run(*words).output


@pytest.mark.parametrize("words", [("--period", "October"), ("--scope", "planet:earth")])
def test_what_names_nothing_is_refused_with_a_remedy(filled: Engine, words: tuple[str, ...]) -> None:
    with pytest.raises(OpsConsoleError) as refused:
        run("kpi", "lead_time", *words)

    assert refused.value.remedy


def test_an_unknown_kpi_lists_the_known_ones(filled: Engine) -> None:
    said = run("kpi", "happiness")

    assert said.exit_code == 2
    assert "lead_time" in said.output
