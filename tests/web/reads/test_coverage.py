"""The coverage matrix says in words what each model has and lacks."""

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.web.reads.coverage import INPUTS, coverage, total
from tests.web.pages.builders import DAY, HOUR, NOON, Workspace

UTC = ZoneInfo("UTC")


def cell(engine: Engine, word: str, incidents_arrive: bool = True) -> tuple[str, str]:
    """Icon and words of one input of the first model."""
    with reading(engine) as session:
        row = coverage(session, NOON + HOUR, UTC, incidents_arrive=incidents_arrive)[0]
    found = row.cells[INPUTS.index(word)]
    return found.icon, found.words


def test_recent_deployments_and_their_ready_times(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        world.release(ranker, "old", NOON - 100 * DAY)
    assert cell(database, "Deployments") == ("○", "none in 91 days")
    assert cell(database, "Ready time") == ("○", "no deployment to need it")
    with transaction(database) as session:
        Workspace(session).release(ranker, "1", ready_at=NOON - DAY)
    assert cell(database, "Deployments") == ("●", "1 in 91 days")
    assert cell(database, "Ready time") == ("●", "known for all")
    with transaction(database) as session:
        Workspace(session).release(ranker, "2")
    assert cell(database, "Ready time") == ("▲", "known for 1 of 2")


def test_no_incident_is_good_only_while_a_source_works(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        Workspace(session).model()
    assert cell(sqlite, "Incidents") == ("●", "none in 91 days, the source works")
    assert cell(sqlite, "Incidents", incidents_arrive=False) == ("■", "no source of incidents works")


@pytest.mark.parametrize(("tier", "icon"), [(1, "■"), (2, "○"), (None, "○")])
def test_a_missing_objective_is_a_gap_for_tier_1(sqlite: Engine, tier: int | None, icon: str) -> None:
    with transaction(sqlite) as session:
        Workspace(session).model(tier=tier)
    assert cell(sqlite, "SLO")[0] == icon


def test_objectives_need_fresh_slices(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        fresh, stale = world.slo(ranker, "a"), world.slo(ranker, "b")
        world.slice(stale, 1, 1, NOON - 40 * DAY)
    assert cell(database, "SLO") == ("■", "no data in 35 days")
    with transaction(database) as session:
        Workspace(session).slice(fresh, 1, 1, NOON)
    assert cell(database, "SLO") == ("▲", "1 of 2 with data")


def test_cost_is_counted_in_days(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        for back in (1, 1, 2, 60):
            world.cost(ranker, (NOON - back * DAY).date(), "1")
    assert cell(database, "Cost") == ("●", "2 days of 35")


def test_tier_1_comes_first_and_retired_models_are_left_out(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        world.model("b", tier=2)
        world.model("a")
        world.model("c", tier=1)
        world.model("gone", tier=1, lifecycle="retired")
        world.model("stray", provisional=True)
    with reading(database) as session:
        rows = coverage(session, NOON, UTC, incidents_arrive=True)
        assert [row.entry.slug for row in rows] == ["c", "b", "a"]
        assert total(session) == 3
