"""What the platform team's scan found of each model, month after month: criteria met, monitors, rollback tests."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from ops_console.contracts.vocabulary import Monitor
from ops_console.demo import company
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Batch, Story

CRITERIA = ("scaffold", "ci_workflow", "registry", "standard_runtime")
LATE = {
    "account-guard": (0.0, 0.0, 0.0, 0.35),
    "query-embed": (0.0, 0.0, 0.0, 0.2),
    "offer-picker": (0.0, 0.0, 0.5, 0.5),
    "bid-pacer": (0.0, 0.6, 0.0, 0.6),
    "listing-writer": (0.0, 0.7, 0.7, 0.7),
    "spell-fix": (0.0, 0.0, 0.85, None),
    "demand-forecast": (None, 0.4, 0.4, None),
    "churn-weekly": (0.0, 0.0, None, None),
}
"""How far into the story each criterion was met; None: not yet. Those not named here had all from the start."""
MONITORS = {
    1: (Monitor.SERVICE, Monitor.DRIFT, Monitor.DATA_QUALITY, Monitor.PERFORMANCE),
    2: (Monitor.SERVICE, Monitor.DATA_QUALITY),
    3: (Monitor.SERVICE,),
}
TESTED_DAYS_AGO = {1: 48, 2: 230}
"""When the rollback of a tier's models was last tested; nobody tests tier 3."""


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("models", company.SCANNER, [row for member in CAST for row in _scans(member, story)])


def _scans(member: Member, story: Story) -> Iterator[dict[str, Any]]:
    met = dict(zip(CRITERIA, LATE.get(member.slug, (0.0,) * len(CRITERIA)), strict=True))
    for share in sorted({0.0, *(share for share in met.values() if share is not None)}):
        known = [key for key, since in met.items() if since is not None and since <= share]
        yield _scan(member, story.start if share == 0 else story.at(share), known) | _watched(member)
    if member.tier in TESTED_DAYS_AGO:
        tested = story.anchor.astimezone(story.zone).date() - timedelta(days=TESTED_DAYS_AGO[member.tier])
        yield _tested(member, story, tested)


def _scan(member: Member, at: datetime, known: list[str]) -> dict[str, Any]:
    return {"external_id": member.slug, "name": member.slug, "updated_at": at, "paved_road": known}


def _watched(member: Member) -> dict[str, Any]:
    return {"monitors": [monitor.value for monitor in MONITORS[member.tier]]}


def _tested(member: Member, story: Story, day: date) -> dict[str, Any]:
    at = story.midnight(day) + timedelta(hours=15)
    return {"external_id": member.slug, "name": member.slug, "updated_at": at, "rollback_tested_on": day}
