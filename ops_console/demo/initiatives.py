"""What is improved, and what that moved."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ops_console.contracts.vocabulary import InitiativeStatus
from ops_console.demo.story import Batch, Story

INITIATIVES = (
    ("Canary for every tier 1 model", "reliability", "failed releases a month", "2.1", "1.2"),
    ("Alert on feature age", "reliability", "hours to notice stale features", "9.5", "0.6"),
    ("One release workflow for all teams", "platform", "days from ready to live", "9.4", "6.1"),
    ("Second region for the ranker", "reliability", "minutes down a month", "41", "12"),
    ("Spot nodes for training", "cost", "dollars a training hour", "3.1", "2.2"),
    ("Rollback in one command", "platform", "minutes to roll back", "22", "4"),
    ("Retry of flaky feature jobs", "platform", "re-runs a week", "11", "3"),
    ("Shared load test", "reliability", "incidents by load a quarter", "4", "1"),
)
SOURCE = "work-tracker"


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("initiatives", SOURCE, _initiatives(story))


def _initiatives(story: Story) -> Iterator[dict[str, Any]]:
    """Two a quarter are delivered, on days that do not move; the last ones are under way."""
    for place, month in enumerate(story.months()):
        title, category, metric, before, after = INITIATIVES[place % len(INITIATIVES)]
        delivered = month.start + timedelta(days=17, hours=12)
        is_delivered, is_measured = story.has_passed(delivered), story.has_passed(delivered + timedelta(days=9))
        if place % 3 == 2:
            continue
        yield {
            "external_id": f"INIT-{month.label}",
            "updated_at": delivered + timedelta(days=9) if is_measured else delivered if is_delivered else month.start,
            "title": title,
            "category": category,
            "status": InitiativeStatus.DELIVERED if is_delivered else InitiativeStatus.IN_PROGRESS,
            "owner": "Mara Penrose",
            "delivered_at": delivered if is_delivered else None,
            "metric": metric,
            "before": before,
            "after": after if is_measured else None,
            "measured_at": delivered + timedelta(days=9) if is_measured else None,
        }
