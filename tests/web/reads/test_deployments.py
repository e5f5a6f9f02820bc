"""The deployments page lists what the filter asks for, and says what does not count and why."""

import pytest
from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.web.reads.deployments import Wanted, environments, releases, uncounted
from ops_console.web.reads.release import release
from tests.web.pages.builders import DAY, HOUR, NOON, Workspace


def versions(engine: Engine, sort: str = "-live_at", **wanted: object) -> list[str]:
    with reading(engine) as session:
        return [row.release.version for row in releases(session, Wanted(**wanted), sort).rows]  # type: ignore[arg-type]


def test_the_newest_release_comes_first(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        world.release(ranker, "1", NOON - DAY)
        world.release(ranker, "2", NOON)
    assert versions(database) == ["2", "1"]
    assert versions(database, sort="live_at") == ["1", "2"]


def test_an_unknown_sort_word_falls_back_to_the_newest_first(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        world = Workspace(session)
        ranker = world.model()
        world.release(ranker, "1", NOON - DAY)
        world.release(ranker, "2", NOON)
    assert versions(sqlite, sort="-drop table") == ["2", "1"]


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
        world.release(ranker, "2", None, started_at=NOON)
    with reading(database) as session:
        assert uncounted(session, Wanted()) == {"restart": 2, "never went live": 1, "the version was live before": 1}


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
    assert len(statements) == 3


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
