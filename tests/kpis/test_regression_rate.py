"""Regression rate: releases that made a model worse, of those that were evaluated."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col

from ops_console.core.db import transaction
from ops_console.core.periods import parse
from ops_console.measures.readings import DataState, Status
from ops_console.measures.scopes import WORKSPACE
from ops_console.records.catalog import CatalogInterval
from ops_console.records.deployments import Release
from ops_console.records.evaluations import Evaluation
from ops_console.scorecard import read, refresh
from tests.ingest.deliveries import deliver
from tests.kpis.records import NOW, Books, at
from tests.scorecard.measuring import HEALTHY, UTC_ZONE, books, figure, read_one

LIVE = at("10-14")
DAY = timedelta(days=1)


def watched(written: Books, slug: str = "ranker") -> int:
    """A model of which the catalog says what it is judged by."""
    model = written.model(slug)
    held = update(CatalogInterval).where(col(CatalogInterval.entry_id) == model)
    written.session.execute(held.values(primary_metric="ndcg"))
    return model


def released(written: Books, model: int, *verdicts: bool | None, after: timedelta = DAY, **changes: Any) -> Release:
    """A release with an evaluation for each verdict."""
    release = written.release(model, LIVE, **changes)
    for verdict in verdicts:
        evaluated(written, release, regressed=verdict, evaluated_at=LIVE + after)
    return release


def evaluated(written: Books, release: Release, **changes: Any) -> None:
    about = {"entry_id": release.entry_id, "version": release.version, "evaluated_at": LIVE + DAY}
    written.put(Evaluation, **(about | {"metric": "ndcg", "regressed": True} | changes))


def test_one_bad_evaluation_of_many_makes_a_release_a_regression_once(database: Engine) -> None:
    with books(database) as written:
        model = watched(written)
        released(written, model, True, True, False)
        released(written, model, False)

        found = figure(written.session, "regression_rate")
        assert (found.value, found.k, found.n) == (0.5, 1, 2)


def test_a_release_nobody_evaluated_is_no_pass(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = watched(written)
        released(written, model, False)
        released(written, model)

        found = figure(written.session, "regression_rate")
        assert (found.n, found.excluded) == (1, {"not evaluated": 1})
        assert (found.coverage_known, found.coverage_expected) == (1, 2)


def test_an_evaluation_without_a_verdict_evaluates_nothing(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, watched(written), None)

        assert figure(written.session, "regression_rate").excluded == {"not evaluated": 1}


@pytest.mark.parametrize(
    ("changes", "k", "n"),
    [
        ({}, 1, 2),
        ({"metric": "latency"}, 0, 1),
        ({"slice": "country=DE"}, 0, 1),
        ({"guardrail": True, "metric": "latency"}, 1, 2),
        ({"guardrail": True, "slice": "country=DE"}, 1, 2),
        ({"guardrail": True, "metric": "latency", "regressed": False}, 0, 1),
    ],
)
def test_the_primary_metric_and_guardrails_decide(database: Engine, changes: dict[str, Any], k: int, n: int) -> None:
    with books(database) as written:
        model = watched(written)
        released(written, model, False)
        evaluated(written, released(written, model), **changes)

        found = figure(written.session, "regression_rate")
        assert (found.k, found.n, found.coverage_expected) == (k, n, 2)


def test_a_worse_slice_of_many_makes_no_regression_of_a_good_release(sqlite: Engine) -> None:
    with books(sqlite) as written:
        release = released(written, watched(written), False)
        for country in ("DE", "FR", "ES"):
            evaluated(written, release, slice=f"country={country}")

        found = figure(written.session, "regression_rate")
        assert (found.k, found.n) == (0, 1)


def test_without_an_agreed_metric_a_release_is_not_evaluated_and_says_why(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, written.model(), False)

        assert figure(written.session, "regression_rate").excluded == {"not evaluated": 1}
        (row,) = read.records(written.session, "regression_rate", WORKSPACE, LIVE - DAY, LIVE + DAY).rows
        assert row.note == "the catalog names no primary metric"


def test_agreeing_on_another_metric_judges_what_follows_and_leaves_the_past(database: Engine) -> None:
    deliver(database, "models", {"primary_metric": "ndcg", "updated_at": "2026-01-01T00:00:00Z"})
    for version, day in (("1", "05"), ("2", "12")):
        deliver(database, "deployments", {"version": version, "finished_at": f"2026-10-{day}T09:00:00Z"})
        worse = {"metric": "latency", "verdict": "regressed", "evaluated_at": f"2026-10-{day}T10:00:00Z"}
        deliver(database, "evaluations", {"version": version} | worse)
    assert measured(database) == (None, 0)
    deliver(database, "models", {"primary_metric": "latency", "updated_at": "2026-10-10T00:00:00Z"})
    assert measured(database) == (1, 1)


def test_a_metric_first_named_after_a_release_holds_for_it_too(sqlite: Engine) -> None:
    deliver(sqlite, "deployments", {"version": "1", "finished_at": "2026-10-05T09:00:00Z"})
    worse = {"metric": "latency", "verdict": "regressed", "evaluated_at": "2026-10-06T09:00:00Z"}
    deliver(sqlite, "evaluations", {"version": "1"} | worse)
    deliver(sqlite, "models", {"primary_metric": "latency", "updated_at": "2026-10-20T00:00:00Z"})
    assert measured(sqlite) == (1, 1)


def measured(engine: Engine) -> tuple[Any, Any]:
    """Regressed and evaluated in October, after what was marked was computed again."""
    with transaction(engine) as session:
        refresh.refresh(session, NOW)
        found = read.reading(session, "regression_rate", WORKSPACE, parse("2026-10", UTC_ZONE), now=NOW, fresh=HEALTHY)
    return found.k or None, found.n


@pytest.mark.parametrize(("after", "k"), [(-3 * DAY, 1), (14 * DAY, 1), (14 * DAY + timedelta(seconds=1), 0)])
def test_what_is_found_within_two_weeks_counts(sqlite: Engine, after: timedelta, k: int) -> None:
    with books(sqlite) as written:
        model = watched(written)
        released(written, model, True, after=after)
        released(written, model, False)

        assert figure(written.session, "regression_rate").k == k


def test_a_rollback_alone_is_no_regression(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = watched(written)
        released(written, model, False, version="v7")
        failed = written.release(model, LIVE + DAY, version="v8")
        written.release(model, LIVE + 2 * DAY, version="v7", kind="rollback", rolls_back_id=failed.id)

        found = figure(written.session, "regression_rate")
        assert (found.k, found.n) == (0, 1)


def test_a_deleted_evaluation_says_nothing(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = watched(written)
        released(written, model, True)
        written.session.execute(update(Evaluation).values(deleted_at=LIVE))

        assert figure(written.session, "regression_rate").n == 0


def test_the_same_version_of_another_model_is_another_release(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, watched(written, "ranker"), True, version="v1")
        released(written, watched(written, "fraud"), False, version="v1")

        assert figure(written.session, "regression_rate", scope="model:fraud").k == 0


def test_few_evaluated_releases_get_no_status_and_ten_do(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = watched(written)
        for _ in range(9):
            released(written, model, False)
        found = read_one(written.session, "regression_rate")
        assert (found.data_state, found.status) == (DataState.TOO_FEW, Status.NONE)

        released(written, model, True)
        assert read_one(written.session, "regression_rate").status is Status.OFF_TARGET


def test_it_is_never_shown_without_the_deployments_it_is_a_share_of(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, watched(written), False)

        assert "model_deployments" in read_one(written.session, "regression_rate").definition.read_with
