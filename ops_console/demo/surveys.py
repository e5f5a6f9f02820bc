"""What the teams served by the company's ML people answer each quarter."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from ops_console.core.periods import Grain, Period, containing
from ops_console.demo import calibration as measured
from ops_console.demo import company
from ops_console.demo.story import Batch, Story, pick

SURVEY = "DS/ML satisfaction"
QUESTIONS = ("overall", "documentation", "speed of delivery", "support")
GROUPS = (company.SEARCH, company.RISK, company.GROWTH, company.ASSISTANTS)
PRAISE = (
    "The new release checklist saved us a week.",
    "Rollback in four minutes. Thank you.",
    "Support on the feature store was quick and kind.",
    "I like that the report says what is missing.",
)
WISHES = (
    "Docs for the batch path are two versions old.",
    "Approvals wait for one person.",
    "The GPU queue on Mondays is long.",
    "I learn about incidents from my users first.",
    "Please tell us before a model's threshold moves.",
)


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("survey_responses", company.SURVEYS, _answers(story))


def _answers(story: Story) -> Iterator[dict[str, Any]]:
    quarter = containing(story.start, Grain.QUARTER, story.zone)
    while quarter.start <= story.until:
        for number in range(measured.INVITED):
            yield from _person(story, quarter, number)
        quarter = quarter.next()


def _person(story: Story, quarter: Period, number: int) -> Iterator[dict[str, Any]]:
    dice = story.dice("survey", quarter.label, number)
    answers, days_before_the_end = dice.random() < measured.ANSWERING, dice.randrange(2, 13)
    day = quarter.last_day - timedelta(days=days_before_the_end)
    if not answers or day > story.today():
        return
    gloom = 0.75 if story.bad_month.start <= quarter.end and quarter.start <= story.bad_month.start else 0.45
    for question in QUESTIONS:
        score = _score(dice, gloom)
        yield _answer(quarter, f"{number}-{question}", question, score, GROUPS[number % len(GROUPS)], day, dice)


def _score(dice: Random, gloom: float) -> int:
    """The measured shape, a point lower for those who see things darkly."""
    return max(0, pick(dice, measured.SURVEY_SCORES) - (dice.random() < gloom) - (dice.random() < gloom - 0.3))


def _answer(
    quarter: Period, key: str, question: str, score: int, group: str, day: date, dice: Random
) -> dict[str, Any]:
    comment = dice.choice(PRAISE if score >= 8 else WISHES) if dice.random() < 0.17 else None
    return {
        "external_id": f"{quarter.label}-{key}",
        "survey": SURVEY,
        "wave": quarter.label,
        "group": group,
        "question": question,
        "score": score,
        "scale_min": 0,
        "scale_max": 10,
        "comment": comment,
        "answered_on": day,
    }
