"""What a poll of a Jira on loopback brings."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug import Response

from integrations.jira import collector
from ops_console.contracts.sources import Page, Told
from ops_console.ingest.parse import Parser
from tests.integrations.jira.site import (
    BEGAN,
    HOUR,
    Site,
)

NEVER: Mapping[str, Any] = {}


def pages(site: Site, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> list[Page]:
    """Each as it would be kept and read back."""
    found = list(collector.pull(site.setup(**changes), json.loads(json.dumps(cursor)), BEGAN))
    return [Page(each.facts, json.loads(json.dumps(each.cursor)), each.done, each.total) for each in found]


def facts(found: list[Page], kind: str = "requests") -> dict[str, Mapping[str, Any]]:
    told = [each for page in found for each in page.facts if each.kind == kind]
    for each in told:
        Parser(each.kind, "jira", None)(dict(each.values))
    return {each.values["external_id"]: each.values for each in told}


def everything(found: list[Page]) -> dict[tuple[str, str], Told]:
    return {(told.kind, told.values["external_id"]): told for page in found for told in page.facts}


def submitted(site: Site, count: int) -> None:
    for number in range(count):
        site.submit(BEGAN + number * HOUR)


def searches(site: Site) -> list[dict[str, list[str]]]:
    return [parse_qs(urlsplit(each).query) for each in site.asked if "/search" in each]


def cut() -> Response:
    """An answer that promises more than comes."""
    return Response([b'{"issues": ['], headers={"Content-Length": "9000"}, content_type="application/json")
