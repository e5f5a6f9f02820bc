"""What a poll of a desk on loopback brings."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from integrations.jsm_operations import collector
from ops_console.contracts.sources import Page, Told
from ops_console.ingest.parse import Parser
from tests.integrations.jsm_operations.desk import BEGAN, CLOUD, HOUR, MINUTE, Desk

NEVER: Mapping[str, Any] = {}


def pages(desk: Desk, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> list[Page]:
    """Each as it would be kept and read back."""
    found = list(collector.pull(desk.setup(**changes), json.loads(json.dumps(cursor)), BEGAN))
    return [Page(each.facts, json.loads(json.dumps(each.cursor)), each.done, each.total) for each in found]


def facts(found: list[Page], kind: str = "alerts") -> dict[str, Mapping[str, Any]]:
    told = [each for page in found for each in page.facts if each.kind == kind]
    for each in told:
        Parser(each.kind, "jsm_operations", None)(dict(each.values))
    return {each.values["external_id"]: each.values for each in told}


def everything(found: list[Page]) -> dict[tuple[str, str], Told]:
    return {(told.kind, told.values["external_id"]): told for page in found for told in page.facts}


def fired(desk: Desk, count: int, apart: timedelta = HOUR) -> None:
    for number in range(count):
        at = BEGAN + number * apart
        desk.fire(at)
        desk.acknowledge(f"alert-{number + 1}", at + 3 * MINUTE)
        desk.close(f"alert-{number + 1}", at + 9 * MINUTE)


def asked(desk: Desk) -> list[str]:
    """What was asked for, without its parameters."""
    return [urlsplit(each).path.removeprefix(f"/jsm/ops/api/{CLOUD}") for each in desk.asked]
