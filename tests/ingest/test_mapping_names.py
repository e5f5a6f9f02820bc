"""Unknown names wait, with everything told under them, until a person says what they mean."""

import pytest
from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput, NotFound
from ops_console.ingest.mapping_names import map_name, register, unmap_name, unmapped
from ops_console.ingest.resolve import Names
from tests.ingest.story import Story, at, change, deployment, incident


@pytest.fixture
def story(database: Engine) -> Story:
    """A registered ranker, and facts under a name nobody knows."""
    told = Story(database)
    with transaction(database) as session:
        register(session, "ranker", "ada", tier=1, team="search", owner="ada")
    told.deployed(deployment("1", "v1", 0), deployment("2", "v2", 30, subject="ranker-prod"))
    told.tell("incidents", incident("a", 31, subject="ranker-prod"))
    told.tell("changes", change("c", 20, subject="Ranker-Prod", deployment="2"))
    return told


def test_an_unknown_name_is_kept_counted_and_listed(story: Story) -> None:
    with reading(story.engine) as session:
        (name,) = unmapped(session)
    assert (name.slug, name.facts, name.total) == ("ranker-prod", {"deployments": 1, "changes": 1, "incidents": 1}, 3)
    assert name.suggestions == ("ranker",)


def test_mapping_a_name_moves_its_facts_and_concludes_again(story: Story) -> None:
    story.clear_marks()
    with transaction(story.engine) as session:
        map_name(session, "RANKER-prod", "Ranker", by="ada")
    assert story.kinds() == [("v1", "release"), ("v2", "release")]
    assert {release.entry_id for release in story.releases()} == {story.entry("ranker").id}
    assert story.change("c").release_id == story.link("a").release_id == story.release("v2").id
    assert story.marks("deployments")[0][0] == at(30)
    with reading(story.engine) as session:
        assert unmapped(session) == []


def test_the_next_import_lands_where_the_name_was_mapped(story: Story) -> None:
    with transaction(story.engine) as session:
        map_name(session, "ranker-prod", "ranker", by="ada")
    story.deployed(deployment("3", "v3", 60, subject="Ranker-PROD"))
    assert story.release("v3").entry_id == story.entry("ranker").id


def test_a_mapping_taken_back_lets_later_facts_wait_again(story: Story) -> None:
    with transaction(story.engine) as session:
        map_name(session, "ranker-prod", "ranker", by="ada")
        unmap_name(session, "ranker-prod", "ada")
    story.deployed(deployment("3", "v3", 60, subject="ranker-prod"))
    assert story.entry("ranker-prod").provisional


def test_registering_a_name_makes_it_real_for_all_time(story: Story) -> None:
    with transaction(story.engine) as session:
        register(session, "ranker-prod", "grace", tier=2, team="search", owner="grace")
    entry = story.entry("ranker-prod")
    assert (entry.provisional, entry.tier, entry.owner) == (False, 2, "grace")


def test_a_registered_entry_cannot_be_mapped_away(story: Story) -> None:
    with transaction(story.engine) as session, pytest.raises(BadInput, match="registered"):
        map_name(session, "ranker", "ranker-prod", by="ada")


def test_an_unheard_name_cannot_be_mapped(story: Story) -> None:
    with transaction(story.engine) as session, pytest.raises(NotFound):
        map_name(session, "unheard", "ranker", by="ada")


def test_names_differ_by_more_than_case_and_spaces(story: Story) -> None:
    with transaction(story.engine) as session:
        found = Names(session).entries(["ranker", " RANKER ", "classifier"])
    assert found["ranker"] == found[" RANKER "] != found["classifier"]
