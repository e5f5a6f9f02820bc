"""A published release: a deployment to production where somebody said so, and taken back as long as it is young."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from integrations.github import collector
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Page
from ops_console.ingest.parse import Parser
from tests.integrations.collectors import NEVER, everything, pulled
from tests.integrations.github.conftest import NOW
from tests.integrations.github.forge import BEGAN, REPOSITORY, Forge

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHA = f"{7:040x}"


def pages(forge: Forge, cursor: Any = NEVER, **changes: Any) -> list[Page]:
    return pulled(collector, forge.setup(**{"workflows": [], "releases": [REPOSITORY], **changes}), cursor)


def told(found: list[Page]) -> dict[str, dict[str, Any]]:
    """What is said of each release, by its id; each passes the door."""
    said = {name: dict(each.values) for (_, name), each in everything(found).items() if name.startswith("release-")}
    for values in said.values():
        Parser("deployments", "github", None)(dict(values))
    return said


def places(found: list[Page]) -> list[str]:
    return [values["environment"] for values in told(found).values()]


def test_a_release_comes_in_full(forge: Forge) -> None:
    forge.publish("v1.4", NOW - DAY, sha=SHA)
    forge.edit("v1.4", NOW - HOUR)
    assert told(pages(forge)) == {
        "release-500": {
            "external_id": "release-500",
            "url": "https://github.com/acme/ranker/releases/tag/v1.4",
            "updated_at": "2026-11-04T11:00:00Z",
            "service": REPOSITORY,
            "version": "v1.4",
            "environment": "production",
            "status": "succeeded",
            "finished_at": "2026-11-03T12:00:00Z",
            "git_sha": SHA,
            "actor": "ana",
            "is_bot": False,
        }
    }


@pytest.mark.parametrize(
    ("chosen", "environments"),
    [
        ([], ["releases", "pre-releases"]),
        ([REPOSITORY], ["production", "pre-releases"]),
        ([f"{REPOSITORY} (pre-releases)"], ["releases", "production"]),
        ([REPOSITORY, f"{REPOSITORY} (pre-releases)"], ["production", "production"]),
        (["acme/other"], ["releases", "pre-releases"]),
    ],
)
def test_releases_and_pre_releases_are_in_production_by_choice_alone(
    forge: Forge, chosen: list[str], environments: list[str]
) -> None:
    forge.publish("v1.5-rc1", NOW - 2 * DAY, early=True)
    forge.publish("v1.4", NOW - DAY)
    assert places(pages(forge, releases=chosen)) == environments


def test_a_draft_says_nothing_until_it_is_published_however_old_it_is(
    forge: Forge, clock: time_machine.Traveller
) -> None:
    forge.page = 2
    forge.draft("v1.0", BEGAN)
    for number in range(5):
        forge.publish(f"v2.{number}", BEGAN + (number + 1) * DAY)
    found = pages(forge)
    assert len(told(found)) == 5
    clock.shift(DAY)
    forge.publish("v1.0", NOW + DAY - HOUR)
    assert list(told(pages(forge, found[-1].cursor))) == ["release-500"]


def test_what_was_published_before_the_beginning_is_not_taken(forge: Forge) -> None:
    forge.publish("v0.9", BEGAN - DAY)
    assert told(pages(forge)) == {}


def test_nothing_new_is_told_again(forge: Forge) -> None:
    forge.publish("v1.4", NOW - 2 * HOUR)
    forge.publish("v1.3", BEGAN)
    assert told(pages(forge, pages(forge)[-1].cursor)) == {}


def test_a_release_whose_tag_moves_or_that_becomes_a_release_after_all_is_told_again(
    forge: Forge, clock: time_machine.Traveller
) -> None:
    forge.publish("v1.4", BEGAN)
    forge.publish("v1.5", BEGAN + DAY, early=True)
    cursor = pages(forge)[-1].cursor
    clock.shift(DAY)
    forge.edit("v1.4", NOW + DAY, tagName="v1.4.1")
    forge.edit("v1.5", NOW + DAY, "released", isPrerelease=False)
    found = told(pages(forge, cursor))
    assert [(each["version"], each["environment"]) for each in found.values()] == [
        ("v1.5", "production"),
        ("v1.4.1", "production"),
    ]


@pytest.mark.parametrize("how", ["deleted", "unpublished"])
def test_a_young_release_that_is_taken_back_never_was_one(
    forge: Forge, clock: time_machine.Traveller, how: str
) -> None:
    forge.publish("v1.4", NOW - DAY)
    cursor = pages(forge)[-1].cursor
    clock.shift(DAY)
    if how == "deleted":
        forge.delete_release("v1.4")
    else:
        forge.edit("v1.4", NOW + DAY, how, isDraft=True)
    found = pages(forge, cursor)
    assert told(found)["release-500"]["deleted"] is True
    assert told(pages(forge, found[-1].cursor)) == {}


def test_tidying_up_old_releases_takes_nothing_back(forge: Forge, clock: time_machine.Traveller) -> None:
    forge.publish("v1.4", NOW - DAY)
    cursor = pages(forge)[-1].cursor
    clock.shift(31 * DAY)
    cursor = pages(forge, cursor)[-1].cursor
    forge.delete_release("v1.4")
    assert told(pages(forge, cursor)) == {}


def test_a_walk_that_was_left_is_gone_on_with_and_takes_nothing_back_that_it_met(forge: Forge) -> None:
    forge.page = 2
    for number in range(7):
        forge.publish(f"v{number}", NOW - (number + 1) * DAY)
    whole = pages(forge)
    later = pages(forge, whole[-1].cursor)
    for stop in range(1, len(later)):
        assert told(pages(forge, later[stop - 1].cursor)) == {}


def test_a_release_by_nobody_whose_tag_is_gone_says_less(forge: Forge) -> None:
    forge.publish("v1.4", NOW - DAY)
    forge.releases[0] |= {"author": None, "tagCommit": None}
    assert {"actor", "is_bot", "git_sha"}.isdisjoint(told(pages(forge))["release-500"])


def test_a_preview_counts_releases_by_repository_and_suggests_none(forge: Forge) -> None:
    forge.page = 2
    for number in range(3):
        forge.publish(f"v{number}", BEGAN + number * DAY)
    forge.publish("v4-rc1", BEGAN + DAY, early=True)
    forge.publish("v0", BEGAN - DAY)
    forge.draft("v5", NOW)
    found = collector.discover(forge.setup(), BEGAN)
    assert found.lines == ("acme/ranker: 0 successful deployments in 0 environments, 3 published releases.",)
    (question,) = found.questions
    assert question.setting == "releases"
    assert [(one.name, one.count, one.suggested) for one in question.found] == [
        ("acme/ranker", 2, False),
        ("acme/ranker (pre-releases)", 1, False),
    ]


def test_releases_that_may_not_be_seen_are_for_a_person(forge: Forge) -> None:
    with pytest.raises(Rejected, match="does not find"):
        pages(forge, repositories=["acme/other"])
