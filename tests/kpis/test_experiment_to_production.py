"""Experiment to production: by the cohort in which they started."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.core.periods import parse
from ops_console.measures.readings import Status
from ops_console.measures.scopes import WORKSPACE
from ops_console.records.experiments import Experiment
from ops_console.scorecard import read, refresh
from tests.ingest.deliveries import deliver
from tests.kpis.records import NOW, Books, at
from tests.scorecard.measuring import HEALTHY, UTC_ZONE, books, figure, read_one

BEGAN = at("01-14")
DAY = timedelta(days=1)
QUARTER = "2026-Q1"


def tried(written: Books, model: int | None, **changes: Any) -> None:
    written.put(Experiment, **({"name": "Try", "entry_id": model, "started_at": BEGAN} | changes))


def test_the_share_is_of_those_that_started_in_the_period(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        tried(written, model)
        tried(written, None)
        written.release(model, BEGAN + 100 * DAY)

        found = figure(written.session, "experiment_to_production", QUARTER)
        assert (found.value, found.k, found.n) == (0.5, 1, 2)


@pytest.mark.parametrize(("days", "k"), [(-1, 0), (0, 1), (180, 1), (180.01, 0)])
def test_a_release_counts_for_half_a_year_after_the_start(sqlite: Engine, days: float, k: int) -> None:
    with books(sqlite) as written:
        model = written.model()
        tried(written, model)
        written.release(model, BEGAN + days * DAY)

        assert figure(written.session, "experiment_to_production", QUARTER).k == k


def test_a_named_version_must_be_the_one_that_went_live(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        tried(written, model, version="v9")
        written.release(model, BEGAN + DAY, version="v8")
        assert figure(written.session, "experiment_to_production", QUARTER).k == 0

        written.release(model, BEGAN + 2 * DAY, version="v9")
        assert figure(written.session, "experiment_to_production", QUARTER).k == 1


def test_one_release_proves_the_experiment_that_began_first(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        for days in (3, 0, 5):
            tried(written, model, name=f"Try {days}", started_at=BEGAN + days * DAY)
        written.release(model, BEGAN + 9 * DAY)

        found = figure(written.session, "experiment_to_production", QUARTER)
        assert (found.k, found.n, found.excluded) == (1, 1, {"another experiment led to its release": 2})
        rows = read.records(written.session, "experiment_to_production", WORKSPACE, BEGAN, BEGAN + 9 * DAY).rows
        assert [row.label for row in rows if not row.excluded] == ["Try 0"]


def test_the_experiment_that_names_the_version_goes_before_an_earlier_one(database: Engine) -> None:
    with books(database) as written:
        model = written.model()
        tried(written, model, name="Vague")
        tried(written, model, name="Exact", started_at=BEGAN + DAY, version="v9")
        tried(written, model, name="Again", started_at=BEGAN + 2 * DAY, version="v9")
        written.release(model, BEGAN + 9 * DAY, version="v9")

        found = figure(written.session, "experiment_to_production", QUARTER)
        assert (found.k, found.n, found.excluded) == (1, 2, {"another experiment led to its release": 1})
        rows = read.records(written.session, "experiment_to_production", WORKSPACE, BEGAN, BEGAN + 9 * DAY).rows
        assert [row.label for row in rows if row.measure and not row.excluded] == ["Exact"]


def test_two_releases_prove_two_experiments(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        tried(written, model)
        tried(written, model, version="v9")
        written.release(model, BEGAN + 9 * DAY, version="v9")
        written.release(model, BEGAN + 20 * DAY, version="v10")

        found = figure(written.session, "experiment_to_production", QUARTER)
        assert (found.k, found.n) == (2, 2)


def test_a_deleted_experiment_claims_no_release(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        tried(written, model, deleted_at=NOW)
        tried(written, model, started_at=BEGAN + DAY)
        written.release(model, BEGAN + 9 * DAY)

        found = figure(written.session, "experiment_to_production", QUARTER)
        assert (found.k, found.n, found.excluded) == (1, 1, {"deleted": 1})


def test_an_earlier_experiment_told_later_moves_the_quarter_of_the_one_it_displaces(sqlite: Engine) -> None:
    deliver(sqlite, "deployments", {"finished_at": "2026-05-01T09:00:00Z"})
    deliver(sqlite, "experiments", {"external_id": "e2", "model": "ranker", "started_at": "2026-04-20T09:00:00Z"})
    with transaction(sqlite) as session:
        refresh.refresh(session, NOW)
    deliver(sqlite, "experiments", {"external_id": "e1", "model": "ranker", "started_at": "2026-02-01T09:00:00Z"})
    with transaction(sqlite) as session:
        refresh.refresh(session, NOW)
        spring = parse("2026-Q2", UTC_ZONE)
        found = read.reading(session, "experiment_to_production", WORKSPACE, spring, now=NOW, fresh=HEALTHY)
    assert (found.n, found.excluded) == (0, {"another experiment led to its release": 1})


@pytest.mark.parametrize("kind", ["rollback", "restart", "config"])
def test_what_is_no_new_version_reaches_nothing(sqlite: Engine, kind: str) -> None:
    with books(sqlite) as written:
        model = written.model()
        tried(written, model)
        written.release(model, BEGAN + DAY, kind=kind)

        assert figure(written.session, "experiment_to_production", QUARTER).k == 0


def test_a_deleted_experiment_is_left_out(sqlite: Engine) -> None:
    with books(sqlite) as written:
        tried(written, None, deleted_at=NOW)

        assert figure(written.session, "experiment_to_production", QUARTER).excluded == {"deleted": 1}


def test_there_is_no_target_and_so_no_status(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for _ in range(12):
            tried(written, None)

        found = read_one(written.session, "experiment_to_production", QUARTER)
        assert (found.value, found.target, found.status) == (0, None, Status.NONE)


def test_experiments_that_may_still_get_there_are_counted_beside(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for days in (20, 400):
            tried(written, None, started_at=NOW - days * DAY)
        young = read_one(written.session, "experiment_to_production", "2026-Q4")
        assert young.detail["maturing"] == 1


def test_a_release_months_later_changes_the_quarter_in_which_the_experiment_began(database: Engine) -> None:
    deliver(database, "experiments", {"model": "ranker", "started_at": "2026-02-01T09:00:00Z"})
    deliver(database, "deployments", {"finished_at": "2026-06-01T09:00:00Z"})
    with reading(database) as session:
        assert figure(session, "experiment_to_production", QUARTER).k == 1
