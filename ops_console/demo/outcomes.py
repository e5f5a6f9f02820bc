"""What was tried out, and what it brought."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ops_console.contracts.vocabulary import (
    OutcomeMethod,
)
from ops_console.core.periods import Grain, containing
from ops_console.demo import company
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Batch, Story, pick, poisson

EXPERIMENTS_A_MONTH = 4.2
REACH_PRODUCTION = 0.4


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("experiments", company.REGISTRY, _experiments(story))
    yield Batch("outcomes", company.FINANCE, _outcomes(story))


def _experiments(story: Story) -> Iterator[dict[str, Any]]:
    for month in story.months():
        dice = story.dice("experiments", month.label)
        for number in range(poisson(dice, EXPERIMENTS_A_MONTH)):
            began = month.start + timedelta(days=dice.randrange(27), hours=10)
            member, reaches = dice.choice(CAST), dice.random() < REACH_PRODUCTION
            if story.has_passed(began):
                yield {
                    "external_id": f"exp-{month.label}-{number}",
                    "updated_at": began,
                    "name": f"Better {member.metric} for {member.slug}, try {number + 1}",
                    "started_at": began,
                    "model": member.slug if reaches else None,
                }


def _outcomes(story: Story) -> Iterator[dict[str, Any]]:
    for month in story.months():
        quarter = containing(month.start, Grain.QUARTER, story.zone)
        told = quarter.end + timedelta(days=2)
        if month.end != quarter.end or not story.has_passed(told):
            continue
        for member in CAST:
            dice = story.dice("outcome", member.slug, quarter.label)
            if member.tier < 3 and dice.random() < 0.65:
                yield _outcome(member, quarter.label, dice.uniform(-0.01, 0.06)) | {
                    "updated_at": told,
                    "method": pick(
                        dice, {OutcomeMethod.AB_TEST: 5, OutcomeMethod.PRE_POST: 3, OutcomeMethod.ESTIMATE: 1}
                    ),
                    "period_start": quarter.first_day,
                    "period_end": quarter.last_day,
                    "approved_by": "Mara Penrose" if dice.random() < 0.9 else None,
                }


def _outcome(member: Member, quarter: str, uplift: float) -> dict[str, Any]:
    observed = round(0.2 * (1 + uplift), 5)
    return {
        "external_id": f"outcome-{member.slug}-{quarter}",
        "model": member.slug,
        "metric": "conversion" if member.objective else "forecast error avoided",
        "unit": "share",
        "baseline": 0.2,
        "observed": observed,
        "ci_low": round(observed - 0.004, 5),
        "ci_high": round(observed + 0.004, 5),
        "evidence": f"https://experiments.quillmark.example/{member.slug}/{quarter}",
    }
