"""Positions and skills."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from ops_console.core.periods import Grain, Period, containing
from ops_console.demo import company
from ops_console.demo.story import Batch, Story

SKILLS = ("Kubernetes", "observability", "data engineering", "incident command")
POSITIONS = ("MLOps engineer", "Data reliability engineer", "ML platform engineer", "Release manager")


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("positions", company.DIRECTORY, _positions(story))
    yield Batch("skills", company.DIRECTORY, _skills(story))


def _positions(story: Story) -> Iterator[dict[str, Any]]:
    for place, title in enumerate(POSITIONS):
        planned = story.at(0.1 + 0.2 * place)
        filled = planned + timedelta(days=70 + 15 * place)
        is_filled = story.has_passed(filled) and place < len(POSITIONS) - 1
        yield {
            "external_id": f"POS-{place + 1}",
            "updated_at": filled if is_filled else planned,
            "title": title,
            "team": "MLOps platform",
            "planned_at": planned,
            "filled_at": filled if is_filled else None,
        }


def _skills(story: Story) -> Iterator[dict[str, Any]]:
    for month in story.months():
        quarter = containing(month.start, Grain.QUARTER, story.zone)
        if month.start == quarter.start:
            yield from _assessed(story, quarter)


def _assessed(story: Story, quarter: Period) -> Iterator[dict[str, Any]]:
    day: date = quarter.first_day + timedelta(days=9)
    at: datetime = story.midnight(day)
    quarters = (quarter.start - story.start).days // 91
    for name, team in company.PEOPLE.items():
        for skill in SKILLS:
            level = story.dice("skill", name, skill).randrange(1, 4)
            if story.has_passed(at):
                yield {
                    "external_id": f"{name}-{skill}-{quarter.label}",
                    "person": name,
                    "skill": skill,
                    "team": team,
                    "level": min(4, level + quarters // 3),
                    "target": 3,
                    "assessed_on": day,
                }
