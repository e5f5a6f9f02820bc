"""What stands in place of a value: missing is never zero, and stale is never fresh."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from ops_console.measures.readings import DataState, Status
from tests.kpis.records import NOW, at, minutes
from tests.scorecard.measuring import Kind, books, read_one, released


def test_without_a_source_nothing_is_claimed(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, 12)
        missing = {"incidents": Kind(sources=(), state="not_connected", covers_from=None, covers_until=None)}

        found = read_one(written.session, "change_failure_rate", fresh=missing)
        assert (found.data_state, found.value, found.status) == (DataState.NOT_CONNECTED, None, Status.NONE)
        assert found.status_reason == "No source delivers incidents."


def test_a_kind_that_never_came_is_called_as_people_call_it(sqlite: Engine) -> None:
    with books(sqlite) as written:
        missing = {"sli_slices": Kind(sources=(), state="not_connected", covers_from=None, covers_until=None)}

        found = read_one(written.session, "slo_attainment", fresh=missing)
        assert found.status_reason == "No source delivers SLI slices."


def test_a_source_whose_only_delivery_could_not_be_read_has_told_nothing(sqlite: Engine) -> None:
    """An empty file is not the news that there were no incidents."""
    with books(sqlite) as written:
        broken = {"incidents": Kind(state="failed", last_good=None, covers_from=None, covers_until=None)}

        found = read_one(written.session, "mttr", fresh=broken)
        assert (found.data_state, found.value) == (DataState.NOT_CONNECTED, None)


def test_while_facts_arrive_for_the_first_time_nothing_is_claimed(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, 3)
        arriving = {"deployments": Kind(state="first_sync", reason="The first sync is under way.", last_good=None)}

        found = read_one(written.session, "model_deployments", fresh=arriving)
        assert (found.data_state, found.value, found.status) == (DataState.FIRST_SYNC, None, Status.NONE)
        assert found.data_reason == "The first sync is under way."


def test_a_count_of_nothing_is_zero_once_the_month_is_over_and_covered(database: Engine) -> None:
    with books(database) as written:
        found = read_one(written.session, "model_deployments")

        assert (found.data_state, found.value, found.status) == (DataState.REAL_ZERO, 0, Status.OFF_TARGET)


@pytest.mark.parametrize("key", ["lead_time", "change_failure_rate", "mttr", "slo_attainment"])
def test_a_share_or_a_time_of_nothing_is_no_number(sqlite: Engine, key: str) -> None:
    with books(sqlite) as written:
        found = read_one(written.session, key)

        assert (found.data_state, found.value, found.status) == (DataState.NO_CASES, None, Status.NONE)
        assert found.status_reason.endswith("in the period.")


def test_a_month_before_the_facts_began_is_unknown(sqlite: Engine) -> None:
    with books(sqlite) as written:
        later = {"deployments": Kind(covers_from=at("10-10"))}

        found = read_one(written.session, "model_deployments", "2026-09", fresh=later)
        assert (found.value, found.data_state) == (None, DataState.PARTIAL)
        assert found.data_reason == "facts begin on 10 Oct 2026"


def test_a_month_on_whose_first_day_the_facts_began_is_whole(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, 3)
        on_the_first = {"deployments": Kind(covers_from=at("10-01 10:30"))}
        a_day_later = {"deployments": Kind(covers_from=at("10-02 10:30"))}

        whole = read_one(written.session, "model_deployments", fresh=on_the_first)
        assert (whole.value, whole.data_state) == (3, DataState.COMPLETE)
        assert whole.previous is None
        in_part = read_one(written.session, "model_deployments", fresh=a_day_later)
        assert (in_part.value, in_part.data_state) == (3, DataState.PARTIAL)
        assert in_part.data_reason == "facts begin on 2 Oct 2026"


def test_a_month_that_the_facts_cover_in_part_is_stale_and_gets_no_status(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, 3)
        stopped = {"deployments": Kind(covers_until=at("10-20"))}

        found = read_one(written.session, "model_deployments", fresh=stopped)
        assert (found.value, found.data_state, found.status) == (3, DataState.STALE, Status.NONE)
        assert found.as_of == at("10-20")
        assert found.data_reason == "Facts are complete up to 20 Oct 2026; the period ends on 31 Oct 2026."


def test_a_month_after_the_last_facts_is_never_zero(sqlite: Engine) -> None:
    with books(sqlite) as written:
        stopped = {"deployments": Kind(covers_until=at("09-20"))}

        found = read_one(written.session, "model_deployments", fresh=stopped)
        assert (found.value, found.data_state) == (None, DataState.STALE)


def test_too_few_cases_are_named_and_shown_themselves(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        for length in (72, 22):
            written.incident(model, at("10-14"), at("10-14") + minutes(length))

        found = read_one(written.session, "mttr")
        assert (found.data_state, found.n, found.status) == (DataState.TOO_FEW, 2, Status.NONE)
        assert found.detail["each"] == [22 * 60, 72 * 60]


def test_too_few_cases_of_a_month_in_which_the_facts_began_are_no_figure(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, 8, failed=4)
        later = {"deployments": Kind(covers_from=at("10-10"))}

        found = read_one(written.session, "change_failure_rate", fresh=later)
        assert (found.data_state, found.n, found.status) == (DataState.TOO_FEW, 8, Status.NONE)
        assert found.data_reason == "A status needs 10 or more; facts begin on 10 Oct 2026."


def test_partial_coverage_joins_the_value(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, 6, ready_at=at("10-10"))
        released(written, 2)

        found = read_one(written.session, "lead_time")
        assert (found.data_state, found.coverage_known, found.coverage_expected) == (DataState.PARTIAL, 6, 8)
        assert found.value is not None and found.status is Status.ON_TARGET


@pytest.mark.parametrize(("now", "state"), [(NOW, DataState.ESTIMATED), (at("11-15 00:00"), DataState.COMPLETE)])
def test_a_bill_is_an_estimate_until_the_15th(sqlite: Engine, now: datetime, state: DataState) -> None:
    with books(sqlite) as written:
        written.cost(at("10-14"), "90")
        written.budget("2026-10", "100")

        fresh = {"costs": Kind(covers_until=now)}
        assert read_one(written.session, "cost_vs_budget", now=now, fresh=fresh).data_state is state


def test_hidden_answers_are_hidden_and_not_missing(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.answers([9, 9, 9])

        found = read_one(written.session, "stakeholder_satisfaction")
        assert (found.value, found.data_state) == (None, DataState.COMPLETE)
        assert found.status_reason.startswith("Hidden to protect answers")


def test_a_survey_stands_until_the_next_wave(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.answers([9] * 6)
        stopped = {"survey_responses": Kind(covers_until=at("09-30"))}

        found = read_one(written.session, "stakeholder_satisfaction", fresh=stopped)
        assert (found.value, found.status, found.window_days) == (9, Status.ON_TARGET, 365)
