"""What was tried out, and what it brought."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from ops_console.contracts.vocabulary import OutcomeMethod
from ops_console.demo import company
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Batch, Story, pick, poisson

METRICS = {
    "Search": "searches that end in an order",
    "Payments risk": "fraud stopped before it was paid",
    "Growth": "orders after an offer",
    "Assistants": "questions answered without a person",
}
SHARE, UNSHARED = 0.3, "Growth"
"""How much of a team's metric each of its models claims; one team never agreed on that, and its models claim all."""
EXPERIMENTS_A_MONTH = 4.2
REACH_PRODUCTION = 0.4
FOLLOWED = (0.42, 0.75)
"""Share of the models of tiers 1 and 2 whose outcome finance follows, at the start and today (assumed)."""
MEASURED, APPROVED = 0.94, 0.95
"""How often a followed model has an outcome at the month's end, and how often that is approved (assumed)."""


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
    """Each month, of the models that finance follows by then. A model's change is its own, and moves a little."""
    followed = {
        member.slug: story.at(since) for member in CAST if (since := _followed_since(story, member)) is not None
    }
    for month in story.months():
        told = month.end + timedelta(days=2)
        if not story.has_passed(told):
            continue
        for member in CAST:
            dice = story.dice("outcome", member.slug, month.label)
            if member.slug in followed and followed[member.slug] <= month.start and dice.random() < MEASURED:
                yield _outcome(member, month.label, _change(story, member) + dice.gauss(0, 0.006)) | {
                    "updated_at": told,
                    "method": _method(story, member),
                    "period_start": month.first_day,
                    "period_end": month.last_day,
                    "approved_by": "Mara Penrose" if dice.random() < APPROVED else None,
                }


def _followed_since(story: Story, member: Member) -> float | None:
    """How far into the story finance begins to follow a model; it never does of tier 3, and of some others."""
    if member.tier == 3:
        return None
    others = sorted(
        (each.slug for each in CAST if each.tier < 3), key=lambda slug: story.dice("followed", slug).random()
    )
    place = others.index(member.slug) / len(others)
    first, last = FOLLOWED
    return 0.0 if place < first else (place - first) / (last - first) if place < last else None


def _change(story: Story, member: Member) -> float:
    return story.dice("change", member.slug).uniform(-0.005, 0.05)


def _method(story: Story, member: Member) -> OutcomeMethod:
    methods = {
        OutcomeMethod.AB_TEST: 4,
        OutcomeMethod.HOLD_OUT: 3,
        OutcomeMethod.PRE_POST: 3,
        OutcomeMethod.ESTIMATE: 1,
    }
    return pick(story.dice("method", member.slug), methods)


def _outcome(member: Member, month: str, uplift: float) -> dict[str, Any]:
    observed = round(0.2 * (1 + uplift), 5)
    return {
        "external_id": f"outcome-{member.slug}-{month}",
        "model": member.slug,
        "metric": METRICS[member.team],
        "attribution_share": None if member.team == UNSHARED else SHARE,
        "unit": "share",
        "baseline": 0.2,
        "observed": observed,
        "ci_low": round(observed - 0.004, 5),
        "ci_high": round(observed + 0.004, 5),
        "evidence": f"https://experiments.quillmark.example/{member.slug}/{month}",
    }
