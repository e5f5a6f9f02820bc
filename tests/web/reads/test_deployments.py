"""The deployments page lists what the filter asks for, and says what does not count and why."""

from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.contracts.vocabulary import DeploymentKind
from ops_console.core.db import reading, transaction
from ops_console.kpis.model_deployments import model_deployments
from ops_console.web.reads.deployments import COLUMNS, NEWEST_FIRST, Wanted, environments, newest, releases, tally
from ops_console.web.reads.release import release
from tests.web.pages.builders import DAY, HOUR, NOON, Workspace


def versions(engine: Engine, order: Any = NEWEST_FIRST, **wanted: object) -> list[str]:
    with reading(engine) as session:
        return [row.release.version for row in releases(session, Wanted(**wanted), order)]  # type: ignore[arg-type]


def test_the_newest_release_comes_first(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        world.release(ranker, "1", NOON - DAY)
        world.release(ranker, "2", NOON)
    assert versions(database) == ["2", "1"]
    assert versions(database, COLUMNS["live_at"].asc()) == ["1", "2"]


def test_other_environments_are_shown_when_asked_for(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        world.release(ranker, "1")
        world.release(ranker, "2", environment="staging")
    assert versions(database) == ["1"]
    assert versions(database, environment="staging") == ["2"]
    with reading(database) as session:
        assert environments(session) == ["production", "staging"]


def test_team_and_tier_are_those_of_the_day_it_went_live(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model(team="Search", tier=2)
        world.release(ranker, "1", NOON - DAY)
        world.moved(ranker, NOON, team="Ads", tier=1)
        world.release(ranker, "2", NOON + HOUR)
    assert versions(database, team="Search", tier=2) == ["1"]
    assert versions(database, team="Ads", tier=1) == ["2"]


def test_total_counts_what_the_filter_lets_through(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        world.release(ranker, "1")
        world.release(ranker, "2", NOON + DAY, environment="staging")
    with reading(database) as session:
        assert (tally(session, Wanted()).total, tally(session, Wanted(environment=None)).total) == (1, 2)
        assert newest(session) == NOON


def test_a_period_is_half_open(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        world.release(ranker, "inside", NOON)
        world.release(ranker, "after", NOON + DAY)
    assert versions(database, start=NOON, end=NOON + DAY) == ["inside"]


def test_a_release_that_never_went_live_stands_where_it_began(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        world.release(world.model(), "failed", None, started_at=NOON, status="failed")
    assert versions(database, start=NOON, end=NOON + DAY) == ["failed"]


def test_a_confirmed_incident_makes_a_release_failed(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        world.link(world.incident(ranker), world.release(ranker, "bad"))
        world.link(world.incident(ranker), world.release(ranker, "suspect"), confirmed=False, method="suggestion")
    assert versions(database, failed=True) == ["bad"]
    assert versions(database, failed=False) == ["suspect"]


def test_a_false_positive_makes_no_release_failed(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        world.link(world.incident(ranker, false_positive=True), world.release(ranker))
    assert versions(database, failed=True) == []


def test_a_release_that_was_rolled_back_failed(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        bad = world.release(ranker, "2")
        world.release(ranker, "1", NOON + HOUR, kind="rollback", rolls_back_id=bad.id)
    assert versions(database, failed=True) == ["2"]


def test_what_is_no_model_deployment_is_counted_with_its_reason(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        world.release(ranker, "1")
        world.release(ranker, "1", is_first_of_version=False)
        world.release(ranker, "1", kind="restart")
        world.release(ranker, "1", kind="restart")
        world.release(ranker, "2", None, started_at=NOON, status="running")
    with reading(database) as session:
        assert tally(session, Wanted()).uncounted == {
            "restart of a live version": 2,
            "not live yet": 1,
            "same version again": 1,
        }


@pytest.mark.parametrize("text", ["RANK", "v1_0", "%"])
def test_search_looks_into_versions_and_models_and_takes_signs_as_they_are(sqlite: Engine, text: str) -> None:
    with transaction(sqlite) as session:
        world = Workspace(session)
        world.release(world.model("ranker"), "v1_0%")
        world.release(world.model("fraud"), "v1x0")
    assert versions(sqlite, search=text) == ["v1_0%"]


def test_the_number_of_statements_does_not_grow_with_the_rows(sqlite: Engine, statements: list[str]) -> None:
    with transaction(sqlite) as session:
        world = Workspace(session)
        ranker = world.model()
        for number in range(20):
            world.link(world.incident(ranker), world.release(ranker, str(number)))
    statements.clear()
    assert len(versions(sqlite)) == 20
    assert len(statements) == 2


def test_one_release_shows_every_witness_and_change(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        shown = world.release(world.model(), "2")
        world.witness(shown, "github")
        world.witness(shown, "argocd", finished_at=NOON + HOUR)
        world.change(shown)
        number = shown.id or 0
    with reading(database) as session:
        detail = release(session, number)
        assert detail is not None
        assert [seen.source for seen in detail.witnesses] == ["github", "argocd"]
        assert detail.changes_total == len(detail.changes) == 1


def test_a_rollback_and_what_it_undid_name_each_other(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        bad = world.release(ranker, "2")
        undo = world.release(ranker, "1", NOON + HOUR, kind="rollback", rolls_back_id=bad.id)
        ids = bad.id or 0, undo.id or 0
    with reading(database) as session:
        detail, other = release(session, ids[0]), release(session, ids[1])
        assert detail is not None and [later.id for later in detail.undone_by] == [ids[1]]
        assert other is not None and other.undoes is not None and other.undoes.id == ids[0]


def test_a_release_nobody_knows_is_none(sqlite: Engine) -> None:
    with reading(sqlite) as session:
        assert release(session, 7) is None


def test_the_page_counts_what_the_kpi_counts(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        for number, kind in enumerate(DeploymentKind):
            world.release(ranker, f"{kind}", NOON + number * HOUR, kind=kind.value)
        world.release(ranker, "again", is_first_of_version=False)
        world.release(ranker, "broken", None, status="failed", last_at=NOON)
        world.release(ranker, "elsewhere", environment="staging")
    with reading(database) as session:
        kpi = [row for each in model_deployments().rows for row in session.execute(each)]
        shown = releases(session, Wanted(environment=None))
    counted = {row.release.version for row in shown if row.why_not_counted is None}
    assert (
        counted
        == {row.label for row in kpi if row.anchor is not None and row.excluded is None}
        == {"release", "hotfix"}
    )
