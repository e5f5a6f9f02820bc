"""Model cards, exceptions, experiments, what they brought, and how much models are used."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ops_console.contracts.vocabulary import (
    MODEL_CARD_FIELDS,
    DocumentKind,
    FindingKind,
    FindingSeverity,
    OutcomeMethod,
    UsageUnit,
)
from ops_console.core.periods import Grain, containing
from ops_console.demo import company
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Batch, Story, hours, pick, poisson

NO_CARD, HALF_A_CARD = "bid-pacer", "churn-weekly"
REVIEWED_EVERY = timedelta(days=140)
EXCEPTIONS_A_MONTH, VULNERABILITIES_A_MONTH = 3.0, 4.0
FIXED_DAYS = {FindingKind.EXCEPTION: 30, FindingKind.VULNERABILITY: 9}
DUE_DAYS = {"critical": 7, "high": 30, "medium": 60, "low": 90}
RULES = ("live before approval", "no rollback test", "gate overridden", "access not reviewed")
EXPERIMENTS_A_MONTH = 4.2
REACH_PRODUCTION = 0.4
GPU_MODELS = ("ranker", "query-embed", "help-assistant")


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("documents", company.REGISTRY, _cards(story))
    yield Batch("findings", "exception-register", _findings(story))
    yield Batch("experiments", company.REGISTRY, _experiments(story))
    yield Batch("outcomes", company.FINANCE, _outcomes(story))
    yield Batch("usage", company.MONITORING, _usage(story))


def _cards(story: Story) -> Iterator[dict[str, Any]]:
    """Each review is a document of its own: what a card said a year ago stays known."""
    for place, member in enumerate(CAST):
        reviewed, number = story.start + timedelta(days=3 + 7 * place), 0
        while story.has_passed(reviewed) and member.slug != NO_CARD:
            fields = MODEL_CARD_FIELDS[member.tier] - ({"limitations"} if member.slug == HALF_A_CARD else set())
            yield {
                "external_id": f"card-{member.slug}-{number}",
                "updated_at": reviewed,
                "kind": DocumentKind.MODEL_CARD,
                "model": member.slug,
                "fields_present": sorted(fields),
                "reviewed_at": reviewed,
                "url": f"https://cards.quillmark.example/{member.slug}",
            }
            reviewed, number = reviewed + REVIEWED_EVERY, number + 1


def _findings(story: Story) -> Iterator[dict[str, Any]]:
    for month in story.months():
        for kind, rate in (
            (FindingKind.EXCEPTION, EXCEPTIONS_A_MONTH),
            (FindingKind.VULNERABILITY, VULNERABILITIES_A_MONTH),
        ):
            dice = story.dice("findings", month.label, kind)
            for number in range(poisson(dice, rate)):
                seen = month.start + timedelta(days=dice.randrange(27), hours=dice.randrange(24))
                severity = FindingSeverity(pick(dice, {"critical": 1, "high": 4, "medium": 6, "low": 3}))
                fixed = seen + hours(dice, (24.0 * FIXED_DAYS[kind], 1.0), at_most=24 * 120)
                member, rule = dice.choice(CAST), dice.choice(RULES)
                if story.has_passed(seen):
                    yield _finding(story, f"{kind}-{month.label}-{number}", kind, severity, seen, fixed) | {
                        "model": member.slug,
                        "rule": rule if kind is FindingKind.EXCEPTION else f"CVE-2026-{1000 + dice.randrange(8000)}",
                    }


def _finding(
    story: Story, key: str, kind: FindingKind, severity: FindingSeverity, seen: datetime, fixed: datetime
) -> dict[str, Any]:
    is_fixed = story.has_passed(fixed)
    return {
        "external_id": key,
        "updated_at": fixed if is_fixed else seen,
        "tool": "image-scanner" if kind is FindingKind.VULNERABILITY else "exception-register",
        "kind": kind,
        "severity": severity,
        "first_seen_at": seen,
        "fixed_at": fixed if is_fixed else None,
        "due_on": (seen + timedelta(days=DUE_DAYS[severity])).date(),
    }


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
