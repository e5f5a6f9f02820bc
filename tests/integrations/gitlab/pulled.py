"""What a poll of a GitLab on loopback brings."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from integrations.gitlab import collector
from ops_console.contracts.sources import Page
from tests.integrations.collectors import NEVER, pulled, read
from tests.integrations.gitlab.lab import BEGAN, HOUR, MINUTE, PROJECT, Lab


def pages(lab: Lab, cursor: Mapping[str, Any] = NEVER, **changes: Any) -> list[Page]:
    return pulled(collector, lab.setup(**changes), cursor)


def facts(found: list[Page], kind: str = "deployments") -> dict[str, Mapping[str, Any]]:
    return read(found, kind, "gitlab")


def deployed(lab: Lab, count: int) -> None:
    for number in range(count):
        at = BEGAN + number * HOUR
        lab.deploy(at)
        lab.turn(1000 + number, "running", at + MINUTE)
        lab.turn(1000 + number, "success", at + 9 * MINUTE)


def asked(lab: Lab) -> list[str]:
    """What was asked for, without its parameters."""
    return [urlsplit(each).path.removeprefix(f"/api/v4/projects/{PROJECT}/") for each in lab.asked]
