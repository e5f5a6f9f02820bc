"""Whatever order webhooks and polls come in: the same versions, ready at the same time, and the same releases.

MLflow forgets. What a webhook said of a promotion, a poll can only confirm; where a webhook is lost, the poll that saw
what came of it stands in, with its own time.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine

from integrations.mlflow import MANIFEST, collector, webhook
from ops_console.contracts.sources import WEBHOOK_SECRET
from ops_console.records.deployments import Release
from ops_console.records.versions import ModelVersion
from tests.integrations.deliveries import Console
from tests.integrations.interleavings import (
    KEPT,
    MINUTE,
    World,
    delivered_and_polled,
    every_interleaving_ends_alike,
    polled,
)
from tests.integrations.mlflow.tracking import BEGAN, SECRET, TOKEN, Sent, Tracking

PLACES = {"token": "TRACKING_TOKEN", WEBHOOK_SECRET: "TRACKING_HOOK"}
Event = Callable[[Tracking], Sent | None]


def story() -> list[tuple[datetime, Event]]:
    """Two models; aliases that move on and back, one that is given again, tags, deletions nobody tells of."""
    at = [BEGAN + number * 20 * MINUTE for number in range(13)]
    happens: list[tuple[int, Event]] = [
        (0, lambda vendor: vendor.version("ranker", at[0])),
        (1, lambda vendor: vendor.tag("ranker", "1", "validation_status", "approved", at[1])),
        (2, lambda vendor: vendor.alias("ranker", "champion", "1", at[2])),
        (3, lambda vendor: vendor.version("ranker", at[3], tags={"validation_status": "approved"})),
        (4, lambda vendor: vendor.alias("ranker", "challenger", "2", at[4])),
        (5, lambda vendor: vendor.alias("ranker", "champion", "2", at[5])),
        (6, lambda vendor: vendor.version("eta", at[6])),
        (7, lambda vendor: vendor.alias("eta", "champion", "1", at[7])),
        (8, lambda vendor: vendor.alias("ranker", "champion", "1", at[8])),
        (9, lambda vendor: vendor.unalias("ranker", "challenger", at[9])),
        (10, lambda vendor: vendor.version("eta", at[10])),
        (10, lambda vendor: vendor.tag("eta", "2", "validation_status", "approved", at[10])),
        (11, lambda vendor: vendor.delete("eta", "1")),
        (12, lambda vendor: vendor.alias("ranker", "champion", "2", at[12])),
    ]
    return [(at[place], event) for place, event in happens]


class Known(Console):
    """What counts of the records: not when a poll looked, which differs from one order to another."""

    def records(self) -> dict[str, list[Any]]:
        found = super().records()
        return {
            "versions": [_version(row) for row in found["ModelVersion"] if row["deleted_at"] is None],
            "releases": sorted((_release(row) for row in found["Release"]), key=str),
        }


class Roughly(Known):
    """What can still be known without webhooks: what is there, what is ready, and what of it was live last."""

    def records(self) -> dict[str, list[Any]]:
        found = super().records()
        live: dict[str, Any] = {}
        there = {row["url"] for row in found["versions"]}
        for row in sorted(found["releases"], key=lambda row: row["live_at"]):
            if row["environment"] == "production" and row["url"] in there:
                live[row["url"].rpartition("/versions/")[0]] = row["version"]
        versions = [{**row, "ready_at": row["ready_at"] is not None} for row in found["versions"]]
        return {"versions": versions, "live": sorted(live.items())}


def _version(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("external_id", "url", "created_at", "ready_at", "run_id")}


def _release(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("url", "environment", "version", "kind", "live_at", "told_kind")}


@pytest.fixture
def begin(
    httpserver: HTTPServer, sqlite: Engine, monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller
) -> Callable[[type[Console]], Callable[[], World]]:
    """Each call begins a new world in the emptied database, with a first look at an empty registry."""
    monkeypatch.setenv("TRACKING_TOKEN", TOKEN)
    monkeypatch.setenv("TRACKING_HOOK", SECRET)

    def told_by(kind: type[Console]) -> Callable[[], World]:
        def fresh() -> World:
            httpserver.clear()
            clock.move_to(BEGAN - 60 * MINUTE)
            vendor = Tracking(httpserver)
            tables = (ModelVersion, Release)
            console = kind(sqlite, MANIFEST, webhook, tables, vendor.settings(), collector=collector, places=PLACES)
            console.poll()
            return World(vendor, console, clock, webhook, SECRET)

        return fresh

    return told_by


def test_the_story_is_told_whole_by_webhooks_and_one_poll(begin: Any) -> None:
    found = delivered_and_polled(begin(Known), story())
    assert {row["external_id"]: row["ready_at"] is not None for row in found["versions"]} == {
        "ranker/1": True,
        "ranker/2": True,
        "eta/2": True,
    }
    live = [row for row in found["releases"] if row["environment"] == "production"]
    ordered = sorted(live, key=lambda row: row["live_at"])
    assert [(row["version"], row["kind"]) for row in ordered] == [
        ("1", "release"),
        ("2", "release"),
        ("1", "release"),
        ("1", "rollback"),
        ("2", "release"),
    ]


@pytest.mark.parametrize(
    ("arrived", "live"),
    [
        (("there", "back"), [("1", "release"), ("2", "release"), ("1", "rollback")]),
        (("there",), [("1", "release"), ("2", "release")]),
        (("back",), [("1", "release")]),
        ((), [("1", "release")]),
    ],
)
def test_of_an_alias_that_moved_to_and_fro_between_polls_is_known_what_webhooks_told(
    begin: Any, arrived: tuple[str, ...], live: list[tuple[str, str]]
) -> None:
    world = begin(Known)()
    at = [BEGAN + number * 20 * MINUTE for number in range(5)]
    for number in (0, 1):
        world.happens(at[number], lambda vendor, made=at[number]: vendor.version("ranker", made))
    world.deliver(world.happens(at[1], lambda vendor: vendor.alias("ranker", "champion", "1", at[1])))
    world.poll()
    for place, (way, version) in enumerate((("there", "2"), ("back", "1")), 2):
        to = (version, at[place])
        sent = world.happens(at[place], lambda vendor, to=to: vendor.alias("ranker", "champion", *to))
        world.deliver(sent if way in arrived else None)
    world.poll()
    releases = [row for row in world.console.records()["releases"] if row["environment"] == "production"]
    counted = [row for row in sorted(releases, key=lambda row: row["live_at"]) if row["kind"] != "restart"]
    assert [(row["version"], row["kind"]) for row in counted] == live


def test_any_interleaving_ends_in_the_same_records(begin: Any) -> None:
    every_interleaving_ends_alike(begin(Known), story(), told=delivered_and_polled, fates=KEPT)


def test_polls_alone_know_what_is_there_and_what_is_live_however_often_they_look(begin: Any) -> None:
    every_interleaving_ends_alike(begin(Roughly), story(), few=5, fates=("lost", "poll"))


def test_one_poll_alone_knows_what_is_there_now(begin: Any) -> None:
    found = polled(begin(Roughly), story())
    assert [row["external_id"] for row in found["versions"]] == ["eta/2", "ranker/1", "ranker/2"]
