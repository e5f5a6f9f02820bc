"""Release, rollback, restart, canary, hotfix: told by a source, or seen from what was live before."""

import pytest
from sqlalchemy import Engine

from tests.ingest.story import Story, deployment, incident


def test_going_back_within_the_hour_is_a_rollback_of_what_was_live(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 1), deployment("3", "v1", 1.5))
    assert story.kinds() == [("v1", "release"), ("v2", "release"), ("v1", "rollback")]
    assert story.releases()[2].rolls_back_id == story.release("v2").id


def test_a_version_that_is_live_already_is_restarted(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v1", 72))
    assert story.kinds() == [("v1", "release"), ("v1", "restart")]
    assert [release.is_first_of_version for release in story.releases()] == [True, False]


def test_a_rollback_of_a_rollback_is_no_failure_of_the_version_it_replaces(database: Engine) -> None:
    story = Story(database)
    story.deployed(*(deployment(str(n), v, n) for n, v in enumerate(("v1", "v2", "v1", "v2"))))
    assert [kind for _, kind in story.kinds()] == ["release", "release", "rollback", "release"]
    assert story.releases()[3].rolls_back_id is None
    assert story.releases()[3].kind_reason == "live again after it had been replaced"


def test_what_a_source_says_wins_over_what_we_derive(sqlite: Engine) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 30), deployment("3", "v1", 60, kind="release"))
    assert story.releases()[2].kind == "release"
    assert story.releases()[2].kind_reason == "told by its source: release"


def test_a_named_target_makes_a_rollback_even_when_it_is_told_first(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("9", "v3", 50, rolls_back="1"))
    story.deployed(deployment("1", "v2", 20))
    assert story.release("v3").kind == "rollback"
    assert story.release("v3").rolls_back_id == story.release("v2").id


def test_a_canary_becomes_a_release_when_it_takes_all_traffic(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 30, traffic_percent=10))
    assert story.kinds() == [("v1", "release"), ("v2", "canary")]
    story.deployed(deployment("3", "v2", 31, traffic_percent=50), deployment("4", "v2", 32, traffic_percent=100))
    assert story.kinds() == [("v1", "release"), ("v2", "release")]


def test_a_canary_that_was_given_up_is_no_release_and_its_end_no_rollback(sqlite: Engine) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 30, strategy="canary"), deployment("3", "v1", 60))
    assert [kind for _, kind in story.kinds()] == ["release", "canary", "restart"]


@pytest.mark.parametrize("kind", ["config", "shadow"])
def test_configuration_and_shadow_stand_for_themselves(sqlite: Engine, kind: str) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v1", 1, kind=kind), deployment("3", "v2", 30))
    assert story.kinds() == [("v1", "release"), ("v1", kind), ("v2", "release")]


def test_a_deployment_that_names_an_incident_is_a_hotfix(sqlite: Engine) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 30, remediates="INC-1"))
    assert story.kinds() == [("v1", "release"), ("v2", "hotfix")]


def test_a_late_deployment_changes_what_came_after_it(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("3", "v1", 100))
    assert story.kinds() == [("v1", "release"), ("v1", "restart")]
    story.deployed(deployment("2", "v2", 50))
    assert story.kinds() == [("v1", "release"), ("v2", "release"), ("v1", "rollback")]
    story.deployed(deployment("2", "v2", 50, deleted=True))
    assert story.kinds() == [("v1", "release"), ("v1", "restart")]


def test_an_incident_changes_no_kind(sqlite: Engine) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 0))
    story.tell("incidents", incident("INC-1", 1))
    assert story.kinds() == [("v1", "release")]
