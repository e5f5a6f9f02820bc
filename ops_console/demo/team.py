"""What teams ask for, what is improved, and how the people fare."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from ops_console.contracts.vocabulary import InitiativeStatus, RequestClass
from ops_console.core.periods import Grain, Period, containing
from ops_console.demo import company
from ops_console.demo.story import Batch, Story, hours, poisson, working_moment

REQUESTS_A_WEEK = 3.0
USABLE_HOURS = (24 * 9.0, 0.6)
CANCELLED, COMPLEX = 0.06, 0.2
REQUESTS = ("new endpoint", "feature in the store", "GPU quota", "dashboard for a model", "access to a dataset")
TOIL_MINUTES = (150, 320)
"""A person's manual work in a week: the usual range (assumed)."""
CATEGORIES = ("restarting jobs", "manual approvals", "data fixes", "answering questions", "access requests")
HOURS_A_MONTH = 148
SKILLS = ("Kubernetes", "observability", "data engineering", "incident command")
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
POSITIONS = ("MLOps engineer", "Data reliability engineer", "ML platform engineer", "Release manager")
SOURCE = "work-tracker"


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("requests", SOURCE, _requests(story))
    yield Batch("initiatives", SOURCE, _initiatives(story))
    yield Batch("toil", "friday-form", _toil(story))
    yield Batch("capacity", company.DIRECTORY, _capacity(story))
    yield Batch("positions", company.DIRECTORY, _positions(story))
    yield Batch("skills", company.DIRECTORY, _skills(story))


def _requests(story: Story) -> Iterator[dict[str, Any]]:
    for monday in story.weeks():
        dice = story.dice("requests", monday)
        for number in range(poisson(dice, REQUESTS_A_WEEK)):
            asked = working_moment(story, monday, dice)
            usable = asked + hours(dice, USABLE_HOURS) * (1 + 0.5 * story.trouble(asked))
            cancelled, is_complex = dice.random() < CANCELLED, dice.random() < COMPLEX
            team, what = dice.choice(sorted(set(company.PEOPLE.values()))), dice.choice(REQUESTS)
            if asked >= story.start and story.has_passed(asked):
                ended = story.has_passed(usable)
                yield {
                    "external_id": f"REQ-{monday:%y%m%d}-{number}",
                    "updated_at": usable if ended else asked,
                    "title": f"{what.capitalize()} for {team}",
                    "kind": what,
                    "class": RequestClass.COMPLEX if is_complex else RequestClass.STANDARD,
                    "team": team,
                    "submitted_at": asked,
                    "first_usable_at": usable if ended and not cancelled else None,
                    "done_at": usable if ended and not cancelled else None,
                    "cancelled_at": usable if ended and cancelled else None,
                    "waiting_seconds": dice.randrange(0, 3) * 86_400 if ended else None,
                }


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
