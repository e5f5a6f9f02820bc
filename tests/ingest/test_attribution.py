"""One incident, one cause: said by a person, by the incident, by what mended it, or suggested by time."""

from sqlalchemy import Engine

from tests.ingest.deliveries import deliver
from tests.ingest.story import Story, at, deployment, incident


def told(story: Story, external_id: str) -> tuple[str, bool, str | None]:
    link = story.link(external_id)
    versions = {release.id: release.version for release in story.releases()}
    return link.method, link.confirmed, versions.get(link.release_id)


def test_the_nearest_release_within_a_day_is_suggested_and_not_confirmed(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 30))
    story.tell("incidents", incident("a", 33.5))
    assert told(story, "a") == ("suggestion", False, "v2")
    assert story.link("a").reason == "It went live 3 h 30 min before the incident began."


def test_an_old_release_is_not_blamed_for_lack_of_another(database: Engine) -> None:
    """apache/incubator-devlake#8150: the latest deployment was blamed however long ago it was."""
    story = Story(database)
    story.deployed(deployment("1", "v1", 0))
    story.tell("incidents", incident("a", 24.5))
    assert told(story, "a") == ("no_change", False, None)


def test_the_deployment_of_another_service_is_not_blamed(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 10, subject="classifier"))
    story.tell("incidents", incident("a", 11))
    assert told(story, "a") == ("no_change", False, None)


def test_the_incidents_own_word_wins_over_nearness(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 30))
    story.tell("incidents", incident("a", 31, caused_by="1"), incident("b", 31, caused_by="v1"))
    assert told(story, "a") == ("explicit", True, "v1")
    assert told(story, "b") == ("explicit", True, "v1")


def test_a_number_two_sources_use_means_the_one_of_the_same_source(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("7", "v1", 0), deployment("7", "v9", 2, source="pager", subject="classifier"))
    story.tell("incidents", incident("a", 3, caused_by="7"), incident("b", 3, source="desk", caused_by="7"))
    assert told(story, "a") == ("explicit", True, "v9")
    assert told(story, "b") == ("explicit", True, "v1")


def test_the_target_of_a_rollback_that_names_the_incident_caused_it(database: Engine) -> None:
    story = Story(database)
    story.tell("incidents", incident("a", 31))
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 30), deployment("3", "v1", 32, remediates="a"))
    assert told(story, "a") == ("rollback", True, "v2")


def test_a_hotfix_that_names_the_incident_blames_what_was_live_when_it_began(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 300, remediates="a"))
    story.tell("incidents", incident("a", 200))
    assert told(story, "a") == ("hotfix", True, "v1")


def test_a_name_that_two_sources_gave_says_nothing_of_another_subject(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 300, remediates="a"))
    story.tell("incidents", incident("a", 200, subject="classifier"))
    assert told(story, "a") == ("hotfix", True, "v1")
    story.tell("incidents", incident("a", 250, subject="classifier", source="tracker"))
    assert [link.method for link in story.links("a")] == ["no_change", "no_change"]


def test_a_late_release_takes_over_the_suggestion(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0))
    story.tell("incidents", incident("a", 20))
    story.deployed(deployment("2", "v2", 15))
    assert told(story, "a") == ("suggestion", False, "v2")
    story.deployed(deployment("2", "v2", 15, deleted=True))
    assert told(story, "a") == ("suggestion", False, "v1")


def test_a_restart_is_no_suspect(sqlite: Engine) -> None:
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v1", 72))
    story.tell("incidents", incident("a", 73))
    assert told(story, "a") == ("no_change", False, None)


def test_a_deleted_incident_has_no_cause(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0))
    story.tell("incidents", incident("a", 1))
    story.tell("incidents", incident("a", 1, deleted=True))
    assert story.ended_state()["links"] == []


def test_an_incident_told_twice_counts_once(sqlite: Engine) -> None:
    """dora-team/fourkeys#213: edited tickets were counted again."""
    story = Story(sqlite)
    story.deployed(deployment("1", "v1", 0))
    story.tell("incidents", incident("a", 1))
    story.tell("incidents", incident("a", 1, title="Errors in search"))
    assert len(story.ended_state()["links"]) == 1


def test_a_new_cause_marks_the_old_release_and_the_new_one(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 24 * 40))
    story.tell("incidents", incident("a", 1))
    story.clear_marks()
    story.tell("incidents", incident("a", 1, caused_by="2"))
    assert [began for began, _ in story.marks("deployments")] == [r.live_at for r in story.releases()]


def test_a_remedy_that_is_told_no_longer_blames_nothing(database: Engine) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 40, remediates="a"))
    story.tell("incidents", incident("a", 10))
    assert told(story, "a") == ("hotfix", True, "v1")
    story.deployed(deployment("2", "v2", 40, remediates=None))
    assert told(story, "a") == ("suggestion", False, "v1")


def test_an_incident_that_names_a_version_is_looked_at_again_when_a_deployment_bears_it_no_longer(
    database: Engine,
) -> None:
    story = Story(database)
    story.deployed(deployment("1", "v1", 0), deployment("2", "v2", 60, status="failed"))
    story.tell("incidents", incident("a", 200, caused_by="v2"))
    assert told(story, "a") == ("explicit", True, "v2")
    story.deployed(deployment("2", "v3", 60, status="failed"))
    assert told(story, "a") == ("no_change", False, None)


def test_what_the_door_is_told_otherwise_is_looked_at_again_too(sqlite: Engine) -> None:
    mended = {"external_id": "d2", "version": "v2", "finished_at": at(40).isoformat()}
    deliver(sqlite, "deployments", {"finished_at": at(0).isoformat()}, {**mended, "remediates": "a"})
    deliver(sqlite, "incidents", {"external_id": "a", "impact_started_at": at(10).isoformat()})
    assert Story(sqlite).link("a").method == "hotfix"
    deliver(sqlite, "deployments", mended)
    assert Story(sqlite).link("a").method == "suggestion"
