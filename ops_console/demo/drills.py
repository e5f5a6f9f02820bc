"""Drills: one a quarter, in which people play through what may break. They count nowhere."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ops_console.contracts.vocabulary import IncidentKind, IncidentStatus, Mitigation, Severity
from ops_console.core.periods import Period
from ops_console.demo import company
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Batch, Story

PLAYED = (
    ("loses its feature store", IncidentKind.DATA_PIPELINE, Mitigation.RULES_FALLBACK),
    ("must go back a version", IncidentKind.MODEL, Mitigation.ROLLBACK_MODEL_VERSION),
    ("is asked for twice its peak", IncidentKind.SERVICE, Mitigation.SCALE_UP),
)
MEMBERS = [member for member in CAST if member.tier == 1 and member.slug != company.PROMOTED_TO_TIER_1]
BEGINS = timedelta(days=9, hours=10)
"""After midnight of the second month of a quarter."""


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("incidents", company.PAGER, rows(story))


def rows(story: Story) -> Iterator[dict[str, Any]]:
    for member, month, ended in drills(story):
        began = month.start + BEGINS
        what, kind, mitigation = PLAYED[month.first_day.month // 3 % len(PLAYED)]
        yield {
            "external_id": f"DRILL-{month.label}",
            "url": f"https://pager.quillmark.example/DRILL-{month.label}",
            "updated_at": ended,
            "title": f"Drill: {member.slug} {what}",
            "service": member.service_name,
            "severity": Severity.SEV2,
            "status": IncidentStatus.RESOLVED,
            "kind": kind,
            "detected_at": began,
            "acknowledged_at": began + timedelta(minutes=2),
            "mitigated_at": ended - timedelta(minutes=6),
            "mitigation": mitigation,
            "restored_at": ended,
            "resolved_at": ended,
            "drill": True,
        }


def drills(story: Story) -> Iterator[tuple[Member, Period, datetime]]:
    """Whose model was played on, in which month, and when it was over; those that took place."""
    for month in story.months():
        if month.first_day.month % 3 == 2:
            dice = story.dice("drill", month.label)
            ended = month.start + BEGINS + timedelta(minutes=dice.randint(18, 55))
            if story.has_passed(ended):
                yield dice.choice(MEMBERS), month, ended
