"""Objectives of what answers requests, and an hour-by-hour count of good and valid requests."""

import math
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from ops_console.contracts.vocabulary import Severity
from ops_console.demo import company
from ops_console.demo.company import CAST, Member
from ops_console.demo.plan import plan
from ops_console.demo.story import Batch, Story

HOUR = timedelta(hours=1)
USUAL_BURN = 0.38
"""Part of the error budget spent by ordinary errors (assumed)."""

ERRORS = {Severity.SEV1: 0.40, Severity.SEV2: 0.12, Severity.SEV3: 0.01, Severity.SEV4: 0.002}
"""Share of requests an incident spoils while it lasts (assumed)."""

BLIND_EVERYWHERE = timedelta(hours=9)
"""The scraper was down once for everything, seven months ago."""

BLIND_FOR_ONE = timedelta(hours=44)
"""And last month for one objective, long enough for its month to count as partly covered."""


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("slos", company.MONITORING, [_slo(member, story) for member in CAST if member.objective])
    yield Batch("sli_slices", company.MONITORING, _slices(story))


def slo_key(member: Member) -> str:
    return f"{member.slug}-availability"


def _slo(member: Member, story: Story) -> dict[str, Any]:
    return {
        "external_id": slo_key(member),
        "updated_at": story.start,
        "name": slo_key(member),
        "service": member.service_name,
        "objective_percent": member.objective,
        "window": "1M",
        "calendar": True,
        "sli": "requests answered without error within the agreed time ÷ valid requests",
        "budgeting": "occurrences",
    }


def _slices(story: Story) -> Iterator[dict[str, Any]]:
    spoiled = _spoiled(story)
    gaps = _gaps(story)
    watched = [member for member in CAST if member.objective]
    for day in story.days():
        for member in watched:
            yield from _day(story, member, day, spoiled[member.slug], gaps)


def _day(
    story: Story, member: Member, day: date, spoiled: dict[datetime, float], gaps: list[tuple[str, datetime, datetime]]
) -> Iterator[dict[str, Any]]:
    dice = story.dice("sli", member.slug, day)
    month = story.dice("sli", member.slug, f"{day:%Y-%m}").lognormvariate(0, 0.4)
    at, end = story.midnight(day), story.midnight(day + timedelta(days=1))
    usual = (1 - float(Decimal(member.objective or 0) / 100)) * USUAL_BURN * month * dice.lognormvariate(0, 0.4)
    while at < end and story.has_passed(at + HOUR):
        total = _traffic(member, at.astimezone(story.zone), dice)
        bad = min(1.0, usual * (1 + 0.3 * story.trouble(at)) + spoiled.get(at, 0.0))
        errors = min(total, math.floor(total * bad + dice.random()))
        covered = 2700 if dice.random() < 0.002 else 3600
        if not any(slug in ("", member.slug) and low <= at < high for slug, low, high in gaps):
            yield {
                "external_id": f"{slo_key(member)}@{at:%Y-%m-%dT%HZ}",
                "slo": slo_key(member),
                "started_at": at,
                "seconds": 3600,
                "good": total - errors,
                "total": total,
                "covered_seconds": covered,
            }
        at += HOUR


def _traffic(member: Member, local: datetime, dice: Random) -> int:
    day_curve = 0.6 - 0.4 * math.cos((local.hour - 3) / 24 * math.tau)
    weekend = 0.8 if local.weekday() >= 5 else 1.0
    return round(member.traffic * day_curve * weekend * dice.uniform(0.94, 1.06))


def _spoiled(story: Story) -> dict[str, dict[datetime, float]]:
    """For each member the hours that an incident spoiled, and how much of them."""
    found: dict[str, dict[datetime, float]] = defaultdict(lambda: defaultdict(float))
    for breakage in plan(story).breakages:
        if breakage.false_positive or breakage.maintenance:
            continue
        hour = breakage.began.replace(minute=0, second=0, microsecond=0)
        while hour < breakage.ended:
            overlap = min(breakage.ended, hour + HOUR) - max(breakage.began, hour)
            found[breakage.member.slug][hour] += ERRORS[breakage.severity] * (overlap / HOUR)
            hour += HOUR
    return found


def _gaps(story: Story) -> list[tuple[str, datetime, datetime]]:
    everywhere = story.bad_month.shifted(-4).start + timedelta(days=8, hours=1)
    for_one = story.bad_month.shifted(2).start + timedelta(days=12, hours=7)
    return [
        ("", everywhere, everywhere + BLIND_EVERYWHERE),
        (company.PROMOTED_TO_TIER_1, for_one, for_one + BLIND_FOR_ONE),
    ]
