"""Regression rate: releases that made a model worse, of those that were evaluated."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from ops_console.measures.readings import DataState, Status
from ops_console.records.evaluations import Evaluation
from tests.kpis.records import Books, at
from tests.scorecard.measuring import books, figure, read_one

LIVE = at("10-14")
DAY = timedelta(days=1)


def released(written: Books, model: int, *verdicts: bool | None, after: timedelta = DAY, **changes: Any) -> None:
    """A release with an evaluation for each verdict."""
    release = written.release(model, LIVE, **changes)
    for verdict in verdicts:
        written.put(
            Evaluation,
            entry_id=model,
            version=release.version,
            metric="ndcg",
            evaluated_at=LIVE + after,
            regressed=verdict,
        )


def test_one_bad_evaluation_of_many_makes_a_release_a_regression_once(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        released(written, model, True, True, False)
        released(written, model, False)

        found = figure(written.session, "regression_rate")
        assert (found.value, found.k, found.n) == (0.5, 1, 2)


def test_a_release_nobody_evaluated_is_no_pass(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        released(written, model, False)
        released(written, model)

        found = figure(written.session, "regression_rate")
        assert (found.n, found.excluded) == (1, {"not evaluated": 1})
        assert (found.coverage_known, found.coverage_expected) == (1, 2)


def test_an_evaluation_without_a_verdict_evaluates_nothing(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, written.model(), None)

        assert figure(written.session, "regression_rate").excluded == {"not evaluated": 1}


@pytest.mark.parametrize(("after", "k"), [(-3 * DAY, 1), (14 * DAY, 1), (14 * DAY + timedelta(seconds=1), 0)])
def test_what_is_found_within_two_weeks_counts(sqlite: Engine, after: timedelta, k: int) -> None:
    with books(sqlite) as written:
        model = written.model()
        released(written, model, True, after=after)
        released(written, model, False)

        assert figure(written.session, "regression_rate").k == k


def test_a_rollback_alone_is_no_regression(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        released(written, model, False, version="v7")
        failed = written.release(model, LIVE + DAY, version="v8")
        written.release(model, LIVE + 2 * DAY, version="v7", kind="rollback", rolls_back_id=failed.id)

        found = figure(written.session, "regression_rate")
        assert (found.k, found.n) == (0, 1)


def test_a_deleted_evaluation_says_nothing(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        released(written, model, True)
        written.session.execute(update(Evaluation).values(deleted_at=LIVE))

        assert figure(written.session, "regression_rate").n == 0


def test_the_same_version_of_another_model_is_another_release(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, written.model("ranker"), True, version="v1")
        released(written, written.model("fraud"), False, version="v1")

        assert figure(written.session, "regression_rate", scope="model:fraud").k == 0


def test_few_evaluated_releases_get_no_status_and_ten_do(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        for _ in range(9):
            released(written, model, False)
        found = read_one(written.session, "regression_rate")
        assert (found.data_state, found.status) == (DataState.TOO_FEW, Status.NONE)

        released(written, model, True)
        assert read_one(written.session, "regression_rate").status is Status.OFF_TARGET


def test_it_is_never_shown_without_the_deployments_it_is_a_share_of(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, written.model(), False)

        assert "model_deployments" in read_one(written.session, "regression_rate").definition.read_with
