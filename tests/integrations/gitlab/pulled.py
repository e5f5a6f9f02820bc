"""What a poll of a GitLab on loopback brings."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from integrations.gitlab import collector
from ops_console.contracts.sources import Page, Told
from ops_console.ingest.parse import Parser
from tests.integrations.gitlab.lab import BEGAN, HOUR, MINUTE, PROJECT, Lab

NEVER: Mapping[str, Any] = {}


def pages(lab: Lab, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> list[Page]:
    """Each as it would be kept and read back."""
    found = list(collector.pull(lab.setup(**changes), json.loads(json.dumps(cursor)), BEGAN))
    return [Page(each.facts, json.loads(json.dumps(each.cursor)), each.done, each.total) for each in found]


def facts(found: list[Page], kind: str = "deployments") -> dict[str, Mapping[str, Any]]:
    told = [each for page in found for each in page.facts if each.kind == kind]
    for each in told:
        Parser(each.kind, "gitlab", None)(dict(each.values))
    return {each.values["external_id"]: each.values for each in told}


def everything(found: list[Page]) -> dict[tuple[str, str], Told]:
    return {(told.kind, told.values["external_id"]): told for page in found for told in page.facts}


def deployed(lab: Lab, count: int) -> None:
    for number in range(count):
        at = BEGAN + number * HOUR
        lab.deploy(at)
        lab.turn(1000 + number, "running", at + MINUTE)
        lab.turn(1000 + number, "success", at + 9 * MINUTE)


def asked(lab: Lab) -> list[str]:
    """What was asked for, without its parameters."""
    return [urlsplit(each).path.removeprefix(f"/api/v4/projects/{PROJECT}/") for each in lab.asked]
