"""What a poll of a desk on loopback brings."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from integrations.jsm_operations import collector
from ops_console.contracts.sources import Page
from tests.integrations.collectors import NEVER, pulled, read
from tests.integrations.jsm_operations.desk import BEGAN, CLOUD, HOUR, MINUTE, Desk


def pages(desk: Desk, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> list[Page]:
    return pulled(collector, desk.setup(**changes), cursor)


def facts(found: list[Page], kind: str = "alerts") -> dict[str, Mapping[str, Any]]:
    return read(found, kind, "jsm_operations")


def fired(desk: Desk, count: int, apart: timedelta = HOUR) -> None:
    for number in range(count):
        at = BEGAN + number * apart
        desk.fire(at)
        desk.acknowledge(f"alert-{number + 1}", at + 3 * MINUTE)
        desk.close(f"alert-{number + 1}", at + 9 * MINUTE)


def asked(desk: Desk) -> list[str]:
    """What was asked for, without its parameters."""
    return [urlsplit(each).path.removeprefix(f"/jsm/ops/api/{CLOUD}") for each in desk.asked]
