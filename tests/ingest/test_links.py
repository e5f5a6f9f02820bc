"""A person's word on what caused an incident."""

import pytest
from sqlalchemy import Engine

from ops_console.core.db import transaction
from ops_console.core.errors import NotFound
from ops_console.ingest.links import confirm_link, withdraw_link
from tests.ingest.story import Story, at, deployment, incident


@pytest.fixture
def story(database: Engine) -> Story:
    """Two releases, and an incident after the second."""
    told = Story(database)
    told.deployed(deployment("1", "v1", 0), deployment("2", "v2", 30))
    told.tell("incidents", incident("a", 31))
    return told


def say(story: Story, version: str | None) -> None:
    with transaction(story.engine) as session:
        release = story.release(version).id if version else None
        confirm_link(session, story.link("a").incident_id, release, by="ada", reason="Seen in the logs.")


def test_a_confirmed_link_counts_and_says_who_confirmed_it(story: Story) -> None:
    say(story, "v2")
    link = story.link("a")
    assert (link.method, link.confirmed, link.made_by, link.reason) == ("person", True, "ada", "Seen in the logs.")


def test_a_persons_word_survives_everything_that_comes_later(story: Story) -> None:
    say(story, "v1")
    story.tell("incidents", incident("a", 31, caused_by="2"))
    story.deployed(deployment("3", "v3", 30.5, remediates="a"))
    assert story.link("a").release_id == story.release("v1").id


def test_a_person_may_say_that_no_change_caused_it(story: Story) -> None:
    say(story, None)
    assert (story.link("a").release_id, story.link("a").confirmed) == (None, True)


def test_a_word_taken_back_leaves_what_we_would_have_concluded(story: Story) -> None:
    say(story, "v1")
    with transaction(story.engine) as session:
        withdraw_link(session, story.link("a").incident_id, by="grace")
    assert (story.link("a").method, story.link("a").release_id) == ("suggestion", story.release("v2").id)


def test_both_releases_are_computed_again(story: Story) -> None:
    story.clear_marks()
    say(story, "v1")
    assert [began for began, _ in story.marks("deployments")] == [at(0), at(30)]


def test_a_link_follows_its_release_when_two_become_one(story: Story) -> None:
    story.deployed(deployment("10", "v9", 100), deployment("11", "v9", 140))
    last = story.releases()[-1].id
    with transaction(story.engine) as session:
        confirm_link(session, story.link("a").incident_id, last, by="ada")
    story.deployed(deployment("12", "v9", 120))
    assert story.link("a").release_id == story.release("v9").id


def test_nobody_can_confirm_what_does_not_exist(story: Story) -> None:
    with transaction(story.engine) as session, pytest.raises(NotFound):
        confirm_link(session, 999, None, by="ada")
