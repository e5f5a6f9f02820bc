"""Whatever order webhooks and polls come in, late, twice, lost or replayed: the records are the same."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from integrations.github import MANIFEST, collector, webhook
from ops_console.records.changes import Change
from ops_console.records.deployments import Deployment, Release
from ops_console.records.pipelines import PipelineRun
from tests.integrations.conftest import Worlds
from tests.integrations.github.forge import BEGAN, SECRET, TOKEN, Forge
from tests.integrations.interleavings import MINUTE, World, delivered, every_interleaving_ends_alike, polled

TABLES = (Deployment, Change, PipelineRun, Release)
Event = Callable[[Forge], dict[str, Any]]


def story() -> list[tuple[datetime, Event]]:
    """What happens, and when: retries, seconds shared by several statuses, replacements, a run started again, a release
    of what was deployed already, one that was early for a while, and a tag that moves.
    """
    at = [BEGAN + number * 30 * 60 * MINUTE for number in range(9)]
    told: list[tuple[int, Event]] = [
        (0, lambda forge: forge.deploy(at[0])),
        (0, lambda forge: forge.status(1000, "queued", at[0])),
        (0, lambda forge: forge.status(1000, "in_progress", at[0])),
        (0, lambda forge: forge.status(1000, "success", at[0])),
        (0, lambda forge: forge.publish("v1.0", at[0], sha=f"{1000:040x}")),
        (1, lambda forge: forge.draft("v1.1", at[1])),
        (1, lambda forge: forge.deploy(at[1], payload={"version": "2"})),
        (1, lambda forge: forge.status(1001, "in_progress", at[1])),
        (2, lambda forge: forge.merge(5, at[2])),
        (2, lambda forge: forge.status(1001, "failure", at[2])),
        (2, lambda forge: forge.publish("v1.2", at[2], early=True)),
        (3, lambda forge: forge.start_run(77, at[3])),
        (4, lambda forge: forge.end_run(77, "failure", at[4])),
        (4, lambda forge: forge.status(1001, "success", at[4])),
        (4, lambda forge: forge.status(1000, "inactive", at[4])),
        (5, lambda forge: forge.publish("v1.1", at[5])),
        (5, lambda forge: forge.edit("v1.2", at[5], "released", isPrerelease=False)),
        (5, lambda forge: forge.start_run(77, at[5], attempt=2)),
        (6, lambda forge: forge.merge(6, at[6])),
        (7, lambda forge: forge.deploy(at[7], "staging")),
        (7, lambda forge: forge.edit("v1.1", at[7], tagName="v1.1.1")),
        (8, lambda forge: forge.status(1002, "error", at[8])),
        (8, lambda forge: forge.end_run(77, "success", at[8])),
    ]
    return [(at[place], event) for place, event in told]


@pytest.fixture
def begin(worlds: Worlds) -> Callable[[], World]:
    return worlds((MANIFEST, collector, webhook), partial(Forge, page=2), TABLES, TOKEN, SECRET)


def test_the_story_is_told_whole_by_one_poll(begin: Callable[[], World]) -> None:
    found = polled(begin, story())
    assert {kind: len(rows) for kind, rows in found.items()} == {
        "Deployment": 6,
        "Change": 2,
        "PipelineRun": 2,
        "Release": 5,
    }
    assert [row["status"] for row in found["Deployment"]] == ["succeeded", "succeeded", "failed", *["succeeded"] * 3]
    released = {row["version"]: row["environment"] for row in found["Release"]}
    assert released == dict.fromkeys(("2", "v1.0", "v1.1.1", "v1.2"), "production") | {f"{1002:040x}": "staging"}
    assert [row["status"] for row in found["PipelineRun"]] == ["failed", "succeeded"]


def test_any_interleaving_ends_in_the_same_records(begin: Callable[[], World]) -> None:
    every_interleaving_ends_alike(begin, story())


def test_releases_that_are_taken_back_are_gone_in_any_order(begin: Callable[[], World]) -> None:
    at = [BEGAN + number * 30 * 60 * MINUTE for number in range(4)]
    told: list[tuple[int, Event]] = [
        (0, lambda forge: forge.publish("v1.0", at[0])),
        (1, lambda forge: forge.publish("v1.1", at[1])),
        (1, lambda forge: forge.publish("v1.2", at[1])),
        (2, lambda forge: forge.delete_release("v1.0")),
        (2, lambda forge: forge.edit("v1.1", at[2], "unpublished", isDraft=True)),
        (3, lambda forge: forge.publish("v1.1", at[3])),
    ]
    every_interleaving_ends_alike(partial(_remaining, begin), [(at[place], event) for place, event in told])


def _remaining(begin: Callable[[], World]) -> World:
    """Where tombstones are not looked at: whoever asked late never saw what lies under them."""
    world = begin()
    records = world.console.records

    def standing() -> dict[str, list[Any]]:
        return {kind: [row for row in rows if not row.get("deleted_at")] for kind, rows in records().items()}

    world.console.records = standing  # type: ignore[method-assign]  # of this console alone
    return world


def test_webhooks_alone_tell_how_each_deployment_ended(begin: Callable[[], World]) -> None:
    rows = delivered(begin, story())["Deployment"]
    assert [row["status"] for row in rows] == ["succeeded", "succeeded", "failed"]
