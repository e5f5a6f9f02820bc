"""Whatever order webhooks and polls come in, late, twice, lost or replayed: the records are the same."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import pytest

from integrations.jira import MANIFEST, collector, webhook
from ops_console.records.incidents import Incident
from ops_console.records.requests import Request
from ops_console.records.toil import Toil
from tests.integrations.conftest import Worlds
from tests.integrations.interleavings import MINUTE, World, delivered, every_interleaving_ends_alike, polled
from tests.integrations.jira.site import BEGAN, INCIDENT, SECRET, STORY, TOKEN, Site

TABLES = (Request, Incident, Toil)
Event = Callable[[Site], dict[str, Any]]


def story() -> list[tuple[datetime, Event]]:
    """What happens, and when: one reopened, one dropped, an incident restored twice, work logged and taken back."""
    at = [BEGAN + number * 30 * 60 * MINUTE for number in range(9)]
    told: list[tuple[int, Event]] = [
        (0, lambda site: site.submit(at[0])),
        (0, lambda site: site.edit("OPS-1", at[0] + MINUTE, summary="Better words")),
        (1, lambda site: site.submit(at[1], INCIDENT)),
        (1, lambda site: site.move("OPS-2", "In Progress", at[1] + MINUTE)),
        (1, lambda site: site.move("OPS-1", "In Progress", at[1] + MINUTE)),
        (2, lambda site: site.submit(at[2], STORY, labels=["toil"])),
        (2, lambda site: site.log_work("OPS-3", at[2], 30)),
        (3, lambda site: site.move("OPS-2", "Delivered", at[3])),
        (3, lambda site: site.log_work("OPS-3", at[3], 45, "Ben")),
        (4, lambda site: site.move("OPS-2", "Done", at[4], "Done")),
        (4, lambda site: site.move("OPS-1", "Delivered", at[4])),
        (5, lambda site: site.move("OPS-2", "In Progress", at[5])),
        (5, lambda site: site.move("OPS-1", "Done", at[5], "Done")),
        (6, lambda site: site.submit(at[6])),
        (6, lambda site: site.move("OPS-2", "Done", at[6], "Done")),
        (7, lambda site: site.move("OPS-4", "Closed", at[7], "Won't Do")),
        (8, lambda site: site.submit(at[8], INCIDENT, priority={"name": "Highest"})),
        (8, lambda site: site.edit("OPS-1", at[8], summary="Best words")),
    ]
    return [(at[place], event) for place, event in told]


@pytest.fixture
def begin(worlds: Worlds) -> Callable[[], World]:
    return worlds((MANIFEST, collector, webhook), partial(Site, page=2), TABLES, TOKEN, SECRET)


def test_the_story_is_told_whole_by_one_poll(begin: Callable[[], World]) -> None:
    found = polled(begin, story())
    first, dropped = found["Request"]
    assert first["title"] == "Best words" and first["first_usable_at"] < first["done_at"]
    assert dropped["cancelled_at"] and not dropped["done_at"]
    restored, open_one = found["Incident"]
    assert restored["restored_at"] == restored["resolved_at"] and restored["acknowledged_at"]
    assert (open_one["status"], open_one["severity"]) == ("open", "SEV1")
    assert [(row["person"], row["minutes"]) for row in found["Toil"]] == [("Ana", 30), ("Ben", 45)]


def test_any_interleaving_ends_in_the_same_records(begin: Callable[[], World]) -> None:
    every_interleaving_ends_alike(begin, story())


def test_webhooks_alone_tell_what_needs_no_history(begin: Callable[[], World]) -> None:
    found = delivered(begin, story())
    assert [row["status"] for row in found["Incident"]] == ["resolved", "open"]
    assert [row["title"] for row in found["Request"]] == ["Better words", "A place to train"]
    assert len(found["Toil"]) == 2
