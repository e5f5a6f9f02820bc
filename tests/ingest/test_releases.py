"""Deployments become releases: merged across sources, and told apart by what was live before."""

from sqlalchemy import Engine

from tests.ingest.story import Story, at, deployment


def test_two_sources_of_one_roll_out_are_one_release(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 10), deployment("m1", "v1", 11, source="registry"))
    (release,) = story.releases()
    assert (release.version, release.witnesses, release.live_at) == ("v1", 2, at(10))


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
