"""Attempts to build versions again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ops_console.contracts.vocabulary import (
    ReproductionMethod,
)
from ops_console.core.periods import Grain, containing
from ops_console.demo.company import CAST, Member
from ops_console.demo.plan import Rollout, plan
from ops_console.demo.story import Batch, Story

REPRODUCED = 0.93


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("reproductions", "rebuild-job", _reproductions(story))


def _reproductions(story: Story) -> Iterator[dict[str, Any]]:
    """In the middle of every month the versions of tier 1 models that went live since are built again."""
    for month in story.months():
        checked = month.start + timedelta(days=14, hours=2)
        quarter = containing(month.start, Grain.QUARTER, story.zone)
        for member in CAST:
            live = _newest(story, member, checked)
            if member.tier == 1 and live is not None and story.has_passed(checked):
                dice = story.dice("rebuilt", member.slug, month.label)
                yield {
                    "external_id": f"rebuild-{member.slug}-{month.label}",
                    "updated_at": checked,
                    "model": member.slug,
                    "version": live.version,
                    "method": ReproductionMethod.METRIC,
                    "succeeded": dice.random() < REPRODUCED,
                    "expected": f"{member.metric} 0.41",
                    "tolerance": "0.002",
                    "checked_at": checked,
                    "url": f"https://rebuild.quillmark.example/{quarter.label}/{member.slug}",
                }


def _newest(story: Story, member: Member, before: datetime) -> Rollout | None:
    mine = [each for each in plan(story).rollouts if each.member is member and not each.failed and each.live < before]
    return mine[-1] if mine else None
