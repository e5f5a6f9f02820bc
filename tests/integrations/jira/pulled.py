"""What a poll of a Jira on loopback brings."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from integrations.jira import collector
from ops_console.contracts.sources import Page
from tests.integrations.collectors import NEVER, pulled, read
from tests.integrations.jira.site import (
    BEGAN,
    HOUR,
    Site,
)


def pages(site: Site, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> list[Page]:
    return pulled(collector, site.setup(**changes), cursor)


def facts(found: list[Page], kind: str = "requests") -> dict[str, Mapping[str, Any]]:
    return read(found, kind, "jira")


def submitted(site: Site, count: int) -> None:
    for number in range(count):
        site.submit(BEGAN + number * HOUR)


def searches(site: Site) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(each).query) for each in site.asked if "/search" in each]
