"""Whatever order webhooks and polls come in, late, twice, lost or replayed: the records are the same."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from integrations.gitlab import MANIFEST, collector, webhook
from ops_console.records.changes import Change
from ops_console.records.deployments import Deployment, Release
from ops_console.records.incidents import Incident
from ops_console.records.pipelines import PipelineRun
from tests.integrations.conftest import Worlds
from tests.integrations.gitlab.lab import BEGAN, TOKEN, Lab
from tests.integrations.interleavings import MINUTE, World, delivered, every_interleaving_ends_alike, polled

TABLES = (Deployment, Change, PipelineRun, Incident, Release)
PLAIN = "plain-s3cret"
Event = Callable[[Lab], dict[str, Any]]


class Unsigned(Lab):
    """Its webhooks carry a secret token: what is signed cannot be delivered days later."""

    def webhook(self, kind: str, **said: Any) -> dict[str, Any]:
        sent = super().webhook(kind, **said)
        key = sent["headers"]["idempotency-key"]
        return sent | {"headers": {"x-gitlab-token": PLAIN, "idempotency-key": key}}


def story() -> list[tuple[datetime, Event]]:
    """What happens, and when: seconds shared by several statuses, a pipeline run again, an incident reopened."""
    at = [BEGAN + number * timedelta(hours=30) for number in range(9)]
    told: list[tuple[int, Event]] = [
        (0, lambda lab: lab.deploy(at[0])),
        (0, lambda lab: lab.turn(1000, "running", at[0])),
        (0, lambda lab: lab.turn(1000, "success", at[0])),
        (1, lambda lab: lab.deploy(at[1], ref="v1.4.2")),
        (1, lambda lab: lab.turn(1001, "running", at[1] + MINUTE)),
        (2, lambda lab: lab.merge(5, at[2])),
        (2, lambda lab: lab.turn(1001, "failed", at[2])),
        (3, lambda lab: lab.run(at[3])),
        (3, lambda lab: lab.raise_incident(at[3], severity="HIGH")),
        (4, lambda lab: lab.end(300, "failed", at[4])),
        (4, lambda lab: lab.close(1, at[4])),
        (5, lambda lab: lab.again(300, at[5])),
        (5, lambda lab: lab.reopen(1, at[5])),
        (6, lambda lab: lab.merge(6, at[6])),
        (6, lambda lab: lab.close(1, at[6])),
        (7, lambda lab: lab.deploy(at[7], "staging")),
        (7, lambda lab: lab.raise_incident(at[7])),
        (8, lambda lab: lab.turn(1002, "canceled", at[8])),
        (8, lambda lab: lab.end(300, "success", at[8])),
    ]
    return [(at[place], event) for place, event in told]


@pytest.fixture
def begin(worlds: Worlds) -> Callable[[], World]:
    return worlds((MANIFEST, collector, webhook), partial(Unsigned, page=3), TABLES, TOKEN, PLAIN)


def test_the_story_is_told_whole_by_one_poll(begin: Callable[[], World]) -> None:
    found = polled(begin, story())
    counts = {kind: len(rows) for kind, rows in found.items()}
    assert counts == {"Deployment": 3, "Change": 2, "PipelineRun": 1, "Incident": 2, "Release": 3}
    assert [row["status"] for row in found["Deployment"]] == ["succeeded", "failed", "cancelled"]
    assert [row["status"] for row in found["PipelineRun"]] == ["succeeded"]
    assert [row["status"] for row in found["Incident"]] == ["resolved", "open"]


def test_any_interleaving_ends_in_the_same_records(begin: Callable[[], World]) -> None:
    every_interleaving_ends_alike(begin, story(), 8)


def test_webhooks_alone_tell_how_each_thing_ended(begin: Callable[[], World]) -> None:
    found = delivered(begin, story())
    assert [row["status"] for row in found["Deployment"]] == ["succeeded", "failed", "cancelled"]
    assert [row["status"] for row in found["PipelineRun"]] == ["succeeded"]
    assert [row["status"] for row in found["Incident"]] == ["resolved", "open"]
