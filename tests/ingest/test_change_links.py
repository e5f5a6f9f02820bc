"""A change went out with the first successful production release that holds it."""

from sqlalchemy import Engine

from tests.ingest.story import Story, at, change, deployment


def shipped(story: Story, external_id: str) -> str | None:
    versions = {
        release.id: f"{release.version}@{release.live_at:%d}" for release in story.releases() if release.live_at
    }
    return versions.get(story.change(external_id).release_id)


def test_a_change_went_out_with_the_deployment_it_names(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 48))
    story.tell("changes", change("c", 40, deployment="2"))
    assert shipped(story, "c") == "v2@03"


def test_a_change_went_out_with_its_commit(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0, git_sha="abc"), deployment("2", "def", 48))
    story.tell("changes", change("a", 0, git_sha="abc"), change("d", 40, git_sha="def"))
    assert (shipped(story, "a"), shipped(story, "d")) == ("v1@01", "def@03")


def test_changes_of_a_failed_deployment_go_out_with_the_next_success(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0, status="failed"), deployment("2", "v2", 48), deployment("3", "v3", 96))
    story.tell("changes", change("c", 0, deployment="1"))
    assert shipped(story, "c") == "v2@03"


def test_a_success_told_late_takes_over_from_a_later_one(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0, status="failed"), deployment("3", "v3", 96))
    story.tell("changes", change("c", 0, deployment="1"))
    assert shipped(story, "c") == "v3@05"
    story.deployed(deployment("2", "v2", 48))
    assert shipped(story, "c") == "v2@03"


def test_a_rollback_ships_nothing_new(sqlite: Engine) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 30))
    story.deployed(deployment("f", "v3", 60, status="failed"), deployment("3", "v1", 61))
    story.tell("changes", change("c", 50, deployment="f"))
    assert shipped(story, "c") is None


def test_a_change_in_staging_waits_for_its_version_in_production(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("s", "v1", 0, environment="staging"))
    story.tell("changes", change("c", 0, deployment="s"))
    assert shipped(story, "c") is None
    story.deployed(deployment("p", "v1", 48))
    assert shipped(story, "c") == "v1@03"


def test_a_change_told_before_its_deployment_waits(database: Engine) -> None:
    """apache/incubator-devlake#4853: lead time without any deployment."""
    story = Story(database)
    story.tell("changes", change("c", 0, deployment="1"))
    assert shipped(story, "c") is None
    story.deployed(deployment("1", "v1", 48))
    assert shipped(story, "c") == "v1@03"


def test_a_second_deployment_of_a_commit_takes_nothing_over(sqlite: Engine) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 0, git_sha="abc"), deployment("2", "v1", 96, git_sha="abc"))
    story.tell("changes", change("c", 0, git_sha="abc", deployment="2"))
    assert shipped(story, "c") == "v1@01"


def test_the_same_number_in_another_source_is_another_deployment(sqlite: Engine) -> None:
    """apache/incubator-devlake#7193: all changes tied to one deployment."""
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 0, source="git"), deployment("1", "v2", 96))
    story.deployed(deployment("1", "v9", 48, source="other", subject="classifier"))
    story.tell("changes", change("c", 0, deployment="1"), change("d", 0, deployment="1", source="hub"))
    assert (shipped(story, "c"), shipped(story, "d")) == ("v1@01", "v1@01")


def test_a_release_knows_its_oldest_commit(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 48))
    story.tell("changes", change("a", 5, deployment="1"), change("b", 2, deployment="1"))
    assert story.release("v1").first_commit_at == at(2)
    story.tell("changes", change("b", 2, deployment="1", deleted=True))
    assert story.release("v1").first_commit_at == at(5)


def test_a_change_marks_the_release_that_ships_it(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 48), deployment("2", "v2", 24 * 50))
    story.tell("changes", change("a", 5, deployment="1"))
    story.clear_marks()
    story.tell("changes", change("a", 5, deployment="2"))
    assert [began for began, _ in story.marks("changes")] == [at(48), at(24 * 50)]


def test_a_change_waits_again_when_the_deployment_of_its_commit_is_called_otherwise(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "abc", 0, status="failed"), deployment("2", "v2", 10))
    story.tell("changes", change("c", 0, git_sha="abc"))
    assert shipped(story, "c") == "v2@01"
    story.deployed(deployment("1", "v3", 80))
    assert shipped(story, "c") is None
