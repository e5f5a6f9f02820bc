"""Deployments become releases: merged across sources, and told apart by what was live before."""

import pytest
from sqlalchemy import Engine

from tests.ingest.story import Story, at, deployment


def test_two_sources_of_one_roll_out_are_one_release(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 10), deployment("m1", "v1", 11, source="registry"))
    (release,) = story.releases()
    assert (release.version, release.witnesses, release.live_at) == ("v1", 2, at(10))


def test_sources_that_name_the_same_commit_saw_the_same_release(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "1.4", 10, git_sha="abc"), deployment("m1", "abc", 11, source="serving"))
    assert [(release.version, release.witnesses) for release in story.releases()] == [("1.4", 2)]


def test_one_source_that_numbers_two_builds_of_one_commit_means_two_releases(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "12", 10, git_sha="abc"), deployment("2", "13", 11, git_sha="abc"))
    assert [release.version for release in story.releases()] == ["12", "13"]


def test_what_a_source_calls_by_its_commit_goes_by_the_version_it_gives_that_commit(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "abc", 10, git_sha="abc"), deployment("release-7", "v1", 11, git_sha="abc"))
    (release,) = story.releases()
    assert (release.version, release.live_at, release.witnesses) == ("v1", at(10), 1)
    assert story.release_of("1") == story.release_of("release-7") is not None


def test_a_commit_goes_by_the_nearest_of_the_versions_built_of_it(sqlite: Engine) -> None:
    story = Story(sqlite)
    builds = (deployment(version, version, hours, git_sha="abc") for version, hours in (("12", 10), ("13", 14)))
    story.deployed(*builds, deployment("bare", "abc", 13, git_sha="abc"))
    assert [release.version for release in story.releases()] == ["12", "13"]
    assert story.release_of("bare") == story.release_of("13")


def test_a_commit_that_was_named_long_ago_or_by_others_goes_by_itself(sqlite: Engine) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 10, git_sha="abc"), deployment("2", "abc", 60, git_sha="abc"))
    story.deployed(deployment("3", "v2", 100, git_sha="def"), deployment("4", "def", 101, git_sha="def", source="x"))
    assert [release.version for release in story.releases()] == ["v1", "abc", "v2"]


def test_going_back_to_a_commit_after_another_version_is_a_second_event(sqlite: Engine) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 10, git_sha="abc"), deployment("2", "v2", 11, git_sha="def"))
    story.deployed(deployment("3", "abc", 12, git_sha="abc"))
    assert [release.version for release in story.releases()] == ["v1", "v2", "abc"]


def test_several_runs_of_one_roll_out_are_one_release(database: Engine) -> None:
    story = Story(database)
    story.deployed(*(deployment(region, "v1", hours) for region, hours in (("eu", 1), ("us", 2), ("ap", 20))))
    (release,) = story.releases()
    assert (release.witnesses, release.live_at, release.last_at) == (1, at(1), at(20))


def test_a_failed_run_before_a_success_is_the_same_release(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 1, status="failed"), deployment("2", "v1", 2))
    (release,) = story.releases()
    assert (release.status, release.live_at, release.first_at) == ("succeeded", at(2), at(1))


@pytest.mark.parametrize("status", ["failed", "running", "cancelled"])
def test_what_did_not_succeed_is_never_live(sqlite: Engine, status: str) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 1, status=status))
    assert (story.release("v1").live_at, story.release("v1").status) == (None, status)


def test_the_same_version_elsewhere_is_another_release(sqlite: Engine) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 1), deployment("2", "v1", 0, environment="staging"))
    story.deployed(deployment("3", "v1", 1, subject="classifier"))
    assert len(story.releases()) == 3


def test_a_late_witness_joins_the_release_that_is_there(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 10))
    before = story.release("v1").id
    story.deployed(deployment("s", "v1", 9, source="serving"))
    assert (story.release("v1").id, story.release("v1").live_at) == (before, at(9))


def test_a_deleted_deployment_takes_its_release_along(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 30))
    story.deployed(deployment("2", "v2", 30, deleted=True))
    assert story.kinds() == [("v1", "release")]
    assert story.release_of("2") is None


def test_a_bridge_that_falls_away_parts_the_release(database: Engine) -> None:
    story = Story(database)
    story.deployed(*(deployment(str(hours), "v1", hours) for hours in (0, 20, 40)))
    kept = story.release("v1").id
    story.deployed(deployment("20", "v1", 20, deleted=True))
    assert story.kinds() == [("v1", "release"), ("v1", "restart")]
    assert story.releases()[0].id == kept


def test_a_deployment_that_moves_to_another_model_moves_its_release(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0))
    story.deployed(deployment("1", "v1", 0, subject="classifier"))
    (release,) = story.releases()
    assert release.entry_id == story.entry("classifier").id


def test_a_deployment_without_any_time_belongs_to_no_release(sqlite: Engine) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", None))
    assert story.releases() == []


def test_telling_the_same_again_changes_no_row(database: Engine) -> None:
    story = Story(database)
    facts = [deployment("1", "v1", 0), deployment("2", "v2", 30), deployment("3", "v1", 31)]
    story.deployed(*facts)
    before = story.releases()
    story.clear_marks()
    story.deployed(*facts)
    assert story.releases() == before
    assert story.marks("deployments") == []


def test_a_release_marks_where_it_was_and_where_it_is(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0))
    story.clear_marks()
    story.deployed(deployment("1", "v1", 24 * 40))
    assert [began for began, _ in story.marks("deployments")] == [at(0), at(24 * 40)]


def test_ready_is_what_the_deployment_says_else_what_the_registry_says(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 30), deployment("2", "v2", 60, ready_at=at(50)))
    story.tell("model_versions", version("a", "v1", created_at=at(2)), version("b", "v2", ready_at=at(40)))
    assert [release.ready_at for release in story.releases()] == [at(2), at(50)]
    story.tell("model_versions", version("a", "v1", created_at=at(2), ready_at=at(5)))
    assert (story.release("v1").ready_at, story.release("v1").ready_reason) == (at(5), "approved in the registry")


def version(external_id: str, name: str, **changes: object) -> dict[str, object]:
    return {"external_id": external_id, "source": "registry", "subject": "ranker", "version": name} | changes
