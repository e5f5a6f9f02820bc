"""Asking the Prometheus on loopback, and what comes of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from integrations.prometheus import collector
from ops_console.contracts.sources import Page, Told
from tests.integrations.collectors import NEVER, pulled
from tests.integrations.prometheus.watchtower import BEGAN, Watchtower, ratio

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWN = "ranker-up ranker 99.9 " + ratio("ranker")


def pages(tower: Watchtower, cursor: Mapping[str, Any] = NEVER, since: datetime = BEGAN, **changes: Any) -> list[Page]:
    return pulled(collector, tower.setup(**changes), cursor, since)


def facts(found: list[Page]) -> dict[str, Told]:
    return {told.values["external_id"]: told for page in found for told in page.facts}


def slices(found: list[Page]) -> dict[str, dict[str, Any]]:
    told = {key: dict(each.values) for key, each in facts(found).items() if each.kind == "sli_slices"}
    return {each["started_at"]: each for each in told.values()}


def steady(_: datetime) -> tuple[float, float, float]:
    return 2.5, 1000, 3600


def slices_of(found: list[Page]) -> list[str]:
    return [key for key, told in facts(found).items() if told.kind == "sli_slices"]
