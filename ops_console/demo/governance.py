"""Model cards, exceptions and vulnerabilities."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ops_console.contracts.vocabulary import (
    MODEL_CARD_FIELDS,
    DocumentKind,
    FindingKind,
    FindingSeverity,
)
from ops_console.demo import company
from ops_console.demo.company import CAST
from ops_console.demo.story import Batch, Story, hours, pick, poisson

NO_CARD, HALF_A_CARD = "bid-pacer", "churn-weekly"
REVIEWED_EVERY = timedelta(days=140)
EXCEPTIONS_A_MONTH, VULNERABILITIES_A_MONTH = 3.0, 4.0
FIXED_DAYS = {FindingKind.EXCEPTION: 30, FindingKind.VULNERABILITY: 9}
DUE_DAYS = {"critical": 7, "high": 30, "medium": 60, "low": 90}
RULES = ("live before approval", "no rollback test", "gate overridden", "access not reviewed")


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("documents", company.REGISTRY, _cards(story))
    yield Batch("findings", "exception-register", _findings(story))


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
