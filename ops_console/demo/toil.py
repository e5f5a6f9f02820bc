"""Manual work, and the hours there are."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ops_console.demo import company
from ops_console.demo.story import Batch, Story

TOIL_MINUTES = (150, 320)
"""A person's manual work in a week: the usual range (assumed)."""
CATEGORIES = ("restarting jobs", "manual approvals", "data fixes", "answering questions", "access requests")
HOURS_A_MONTH = 148


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("toil", "friday-form", _toil(story))
    yield Batch("capacity", company.DIRECTORY, _capacity(story))


def _toil(story: Story) -> Iterator[dict[str, Any]]:
    """Nearly everybody fills in the Friday form."""
    for monday in story.weeks():
        friday = monday + timedelta(days=4)
        if friday > story.today() or friday < story.start.astimezone(story.zone).date():
            continue
        trouble = story.trouble(story.midnight(friday))
        for name in company.PEOPLE:
            dice = story.dice("toil", name, monday)
            if dice.random() < 0.9:
                minutes = round(dice.randrange(*TOIL_MINUTES) * (1 + 0.6 * trouble))
                yield {
                    "external_id": f"{name}-{friday}",
                    "person": name,
                    "date": friday,
                    "minutes": minutes,
                    "category": dice.choice(CATEGORIES),
                }


def _capacity(story: Story) -> Iterator[dict[str, Any]]:
    for month in story.months():
        for name in company.PEOPLE:
            yield {
                "external_id": f"{name}-{month.label}",
                "person": name,
                "starts_on": month.first_day,
                "ends_on": month.last_day,
                "hours": HOURS_A_MONTH - 8 * story.dice("leave", name, month.label).randrange(3),
            }
