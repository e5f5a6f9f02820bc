"""Experiment to production: by the cohort in which they started."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.core.db import reading
from ops_console.measures.readings import Status
from ops_console.records.experiments import Experiment
from tests.ingest.deliveries import deliver
from tests.kpis.records import NOW, Books, at
from tests.scorecard.measuring import books, figure, read_one

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


def test_several_experiments_behind_one_release_are_several(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        tried(written, model)
        tried(written, model)
        written.release(model, BEGAN + DAY)

        assert figure(written.session, "experiment_to_production", QUARTER).k == 2


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
