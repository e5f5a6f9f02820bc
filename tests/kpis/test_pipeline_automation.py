"""Pipeline automation: the steps there were, whichever the register lists today, and what their runs say of them."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ops_console.contracts.vocabulary import CORE_FLOWS
from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.core.periods import parse
from ops_console.ingest.outdated import mark
from ops_console.measures.readings import DataState, Status
from ops_console.measures.scopes import WORKSPACE
from ops_console.scorecard.refresh import rebuild, refresh
from ops_console.scorecard.rows import records
from tests.kpis.governance_records import live_model, run, step
from tests.kpis.records import NOW, at
from tests.scorecard.changing import points
from tests.scorecard.measuring import UTC_ZONE, books, figure, read_one

KEY = "pipeline_automation"
SINCE = at("02-01")


def test_automated_steps_are_a_share_of_all_steps_of_the_core_flows(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        for flow in CORE_FLOWS:
            step(written, model, flow=flow.value, automated_since=SINCE)
        step(written, model, flow="deploy")

        found = figure(written.session, KEY)
        assert (found.k, found.n, found.value) == (5, 6, pytest.approx(5 / 6))
        assert found.detail["by_flow"]["deploy"] == {"k": 1, "n": 2}
        assert set(found.detail["by_flow"]) == set(CORE_FLOWS)


def test_a_human_approval_is_no_manual_step(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        step(written, model, automated_since=SINCE)
        step(written, model, flow="promote", human_approval=True)

        found = figure(written.session, KEY)
        assert (found.value, found.n, found.excluded) == (1, 1, {"human approval": 1})


@pytest.mark.parametrize("flow", ["feature", "score"])
def test_steps_of_other_flows_are_left_out(sqlite: Engine, flow: str) -> None:
    with books(sqlite) as written:
        step(written, live_model(written), flow=flow)

        found = figure(written.session, KEY)
        assert (found.value, found.excluded) == (None, {"not a core flow": 1})


def test_steps_of_models_that_are_not_in_production_do_not_count(sqlite: Engine) -> None:
    with books(sqlite) as written:
        idea = written.entry("idea")
        written.stood(idea, EPOCH, FOREVER, lifecycle="experimental")
        step(written, idea)
        step(written, live_model(written), automated_since=SINCE)

        assert figure(written.session, KEY).value == 1


def test_taking_manual_steps_off_the_register_does_not_mend_the_past(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        step(written, model, automated_since=SINCE)
        step(written, model, removed_at=at("10-20"))
        step(written, model, deleted_at=at("10-20"))

        assert figure(written.session, KEY, "2026-09").value == pytest.approx(1 / 3)
        assert figure(written.session, KEY, "2026-10").value == 1


def test_an_automated_step_that_nothing_proves_is_counted_beside(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        step(written, model, automated_since=SINCE, evidence=None)
        step(written, model, automated_since=SINCE)
        step(written, model, evidence=None)

        assert figure(written.session, KEY).detail["without_evidence"] == 1


def test_a_step_that_never_runs_weighs_nothing(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        step(written, model, flow="train", automated_since=SINCE)
        step(written, model, flow="deploy")
        step(written, model, flow="rollback", automated_since=SINCE)
        for day in range(3):
            run(written, model, at("10-10") + timedelta(days=day), flow="deploy")
        run(written, model, at("10-10"), flow="train")
        run(written, model, at("09-10"), flow="train")

        found = figure(written.session, KEY)
        assert found.value == pytest.approx(2 / 3)
        assert (found.detail["weighted_by_runs"]["k"], found.detail["weighted_by_runs"]["n"]) == (1, 4)


def test_automated_steps_that_somebody_started_are_counted_beside(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        step(written, model, flow="train", automated_since=SINCE)
        step(written, model, flow="deploy", automated_since=SINCE)
        step(written, model, flow="validate", automated_since=SINCE)
        run(written, model, at("10-10"), flow="train")
        run(written, model, at("10-11"), flow="train", trigger="manual")
        run(written, model, at("10-11"), flow="deploy", trigger="event")

        beside = figure(written.session, KEY).detail["started_by_hand"]
        assert (beside["k"], beside["n"], beside["value"]) == (1, 2, 0.5)


def test_an_attempt_repeated_by_hand_is_no_start_by_hand(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = live_model(written)
        step(written, model, automated_since=SINCE)
        run(written, model, at("10-10"), run="r1", attempt=1, status="failed")
        run(written, model, at("10-10"), run="r1", attempt=2, trigger="manual")

        detail = figure(written.session, KEY).detail
        assert (detail["started_by_hand"]["k"], detail["weighted_by_runs"]["n"]) == (0, 1)


def test_freshness_is_how_long_ago_each_model_was_last_trained_with_success(database: Engine) -> None:
    with books(database) as written:
        ranker, fraud, idle = (live_model(written, slug) for slug in ("ranker", "fraud", "idle"))
        step(written, ranker)
        end = parse("2026-10", UTC_ZONE).end
        run(written, ranker, end - timedelta(days=2))
        run(written, ranker, end - timedelta(days=1), status="failed")
        run(written, ranker, end + timedelta(days=1))
        run(written, fraud, end - timedelta(days=40))
        run(written, idle, end - timedelta(days=1), flow="score")

        found = figure(written.session, KEY).detail["freshness"]
        assert (found["n"], found["excluded"]) == (2, {"no successful training run": 1})
        assert found["median"] == pytest.approx(21 * 86_400, abs=1)
        assert (found["longest_of"], found["longest"]) == ("fraud", pytest.approx(40 * 86_400, abs=1))


def test_above_85_percent_is_on_target_and_under_ten_steps_are_too_few(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = live_model(written)
        for _ in range(9):
            step(written, model, automated_since=SINCE)
        assert read_one(written.session, KEY).data_state is DataState.TOO_FEW

        step(written, model, automated_since=SINCE)
        step(written, model)
        assert read_one(written.session, KEY).status is Status.ON_TARGET
        step(written, model)
        assert read_one(written.session, KEY).status is Status.OFF_TARGET


def test_a_census_of_steps_has_no_margin_of_chance(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = live_model(written)
        for number in range(12):
            step(written, model, automated_since=SINCE if number else None)

        assert read_one(written.session, KEY).interval_low is None


def test_manual_steps_stand_first_among_the_records(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        step(written, model, automated_since=SINCE)
        step(written, model, flow="deploy", name="copy", evidence=None)
        step(written, model, automated_since=SINCE, evidence=None)
        month = parse("2026-10", UTC_ZONE)

        rows = records(written.session, KEY, WORKSPACE, month.start, month.end).rows
        assert [(row.label, row.measure, row.note) for row in rows] == [
            ("deploy: copy", 0, "by hand"),
            ("train: build", 1, "automated, without evidence"),
            ("train: build", 1, "automated"),
        ]


def test_runs_reported_late_refresh_to_what_a_rebuild_gives(database: Engine) -> None:
    with books(database) as written:
        model = live_model(written)
        step(written, model, automated_since=SINCE)
        rebuild(written.session, NOW)
        run(written, model, at("05-10"), trigger="manual")
        mark(written.session, "pipeline_runs", [(at("05-10"), at("05-10"))])
        refresh(written.session, NOW)
        refreshed = points(written.session)
        rebuild(written.session, NOW)

        assert refreshed == points(written.session)
