"""How much models are used."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ops_console.contracts.vocabulary import (
    UsageUnit,
)
from ops_console.demo import company
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Batch, Story

GPU_MODELS = ("ranker", "query-embed", "help-assistant")


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("usage", company.MONITORING, _usage(story))


def _usage(story: Story) -> Iterator[dict[str, Any]]:
    for day in story.days():
        if not story.has_passed(story.midnight(day + timedelta(days=1))):
            return
        for member in CAST:
            dice = story.dice("usage", member.slug, day)
            if member.traffic:
                yield _used(member, day, UsageUnit.INFERENCES, member.traffic * 20 + dice.randrange(member.traffic))
            if member.slug in GPU_MODELS:
                used = dice.randrange(30, 60)
                yield _used(member, day, UsageUnit.GPU_HOURS_USED, used)
                yield _used(member, day, UsageUnit.GPU_HOURS_ALLOCATED, 72)


def _used(member: Member, day: Any, unit: UsageUnit, quantity: int) -> dict[str, Any]:
    return {
        "external_id": f"{member.slug}-{day}-{unit}",
        "model": member.slug,
        "date": day,
        "unit": unit,
        "quantity": quantity,
    }
