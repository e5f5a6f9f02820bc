"""Two clouds' bills as daily FOCUS charges, and the budgets they are held against."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ops_console.contracts.vocabulary import Purpose
from ops_console.core.periods import Period
from ops_console.demo import calibration as measured
from ops_console.demo import company
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Batch, Story

Row = dict[str, Any]
CENT = Decimal("0.01")
TRAINING_DAYS = (1, 3)
STORAGE_A_DAY = {"AWS": 46.0, "GCP": 31.0}
PROVIDERS = {"AWS": "AWS", "GCP": "Google Cloud"}
SERVICES = {
    ("AWS", Purpose.TRAINING): ("Amazon SageMaker", "AI and Machine Learning"),
    ("AWS", Purpose.INFERENCE): ("Amazon Elastic Compute Cloud", "Compute"),
    ("AWS", Purpose.STORAGE): ("Amazon Simple Storage Service", "Storage"),
    ("GCP", Purpose.TRAINING): ("Vertex AI", "AI and Machine Learning"),
    ("GCP", Purpose.INFERENCE): ("Compute Engine", "Compute"),
    ("GCP", Purpose.STORAGE): ("Cloud Storage", "Storage"),
}
OVER_IN_BAD_MONTH = 0.24
RUNAWAY_A_DAY = 640.0
HEADROOM = 1.08
"""Budgets are planned so much above what is expected (assumed)."""

BUDGET_PURPOSES = (Purpose.TRAINING, Purpose.INFERENCE)


def batches(story: Story) -> Iterator[Batch]:
    for cloud, source in company.BILLS.items():
        yield Batch("costs", source, _bill(story, cloud))
    yield Batch("budgets", company.FINANCE, _budgets(story))


def _bill(story: Story, cloud: str) -> Iterator[Row]:
    day = story.start.astimezone(story.zone).date()
    while story.has_passed(_utc(day + timedelta(days=1))):
        yield from _day(story, cloud, day)
        day += timedelta(days=1)
    credited = story.bad_month.shifted(-2).first_day + timedelta(days=14)
    if cloud == "GCP":
        yield _charge(cloud, credited, -1200.0, Purpose.PLATFORM, category="Credit")


def _day(story: Story, cloud: str, day: date) -> Iterator[Row]:
    tagged = 0.0
    for member in CAST:
        if member.cloud != cloud:
            continue
        for purpose in BUDGET_PURPOSES:
            amount = _expected(story, member, purpose, day) * _surprise(story, member, purpose, day)
            amount += RUNAWAY_A_DAY if _runs_away(story, member, purpose, day) else 0
            tagged += amount
            if amount:
                yield _charge(cloud, day, amount, purpose, member=member)
    yield _charge(cloud, day, STORAGE_A_DAY[cloud] * _growth(story, day), Purpose.STORAGE)
    yield _charge(cloud, day, tagged * measured.UNTAGGED_SHARE, None)


def _expected(story: Story, member: Member, purpose: Purpose, day: date) -> float:
    if purpose is Purpose.INFERENCE:
        return member.inference * _growth(story, day) * (0.86 if day.weekday() >= 5 else 1.05)
    is_training_day = day.weekday() in TRAINING_DAYS
    return member.training * _growth(story, day) * 7 / len(TRAINING_DAYS) if is_training_day else 0.0


def _growth(story: Story, day: date) -> float:
    return 0.88 + 0.2 * ((_utc(day) - story.start) / (story.anchor - story.start))


def _surprise(story: Story, member: Member, purpose: Purpose, day: date) -> float:
    """What no plan foresaw: noise, and the bad month's retries."""
    usual = story.dice("cost", member.slug, purpose, day).lognormvariate(0, 0.07)
    return usual * (1 + OVER_IN_BAD_MONTH * story.trouble(_utc(day)))


def _runs_away(story: Story, member: Member, purpose: Purpose, day: date) -> bool:
    """A training job that ran in a loop for three days."""
    days_ago = (story.anchor.date() - day).days
    return 36 <= days_ago <= 38 and member.slug == "demand-forecast" and purpose is Purpose.TRAINING


def _charge(
    cloud: str, day: date, amount: float, purpose: Purpose | None, member: Member | None = None, category: str = "Usage"
) -> Row:
    billed = Decimal(str(amount)).quantize(CENT)
    month = day.replace(day=1)
    service = SERVICES.get((cloud, purpose or Purpose.INFERENCE), ("Support and credits", "Other"))
    tags = {"model": member.slug, "team": member.team, "purpose": purpose} if member else {}
    return {
        "provider": PROVIDERS[cloud],
        "billing_period_start": _utc(month),
        "billing_period_end": _utc((month + timedelta(days=32)).replace(day=1)),
        "charge_period_start": _utc(day),
        "charge_period_end": _utc(day + timedelta(days=1)),
        "charge_category": category,
        "charge_frequency": "One-Time" if category == "Credit" else "Usage-Based",
        "billing_currency": company.CURRENCY,
        "billed_cost": billed,
        "effective_cost": (billed * (Decimal("0.94") if cloud == "AWS" else 1)).quantize(CENT),
        "list_cost": (billed * Decimal("1.12")).quantize(CENT),
        "service_name": service[0],
        "service_category": service[1],
        "sub_account": "ml-production",
        "region": "eu-west-2" if cloud == "AWS" else "europe-west2",
        "tags": tags,
        "model": member.slug if member else None,
        "purpose": purpose,
    }


def _utc(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _budgets(story: Story) -> Iterator[Row]:
    """The whole, training and inference, and each team, month by month up to the running one."""
    for month in story.months():
        parts = {
            (member, purpose): sum(_expected(story, member, purpose, day) for day in _days(month))
            for member in CAST
            for purpose in BUDGET_PURPOSES
        }
        storage = sum(sum(STORAGE_A_DAY.values()) * _growth(story, day) for day in _days(month))
        whole = sum(parts.values())
        yield _budget("workspace", month, whole * (1 + measured.UNTAGGED_SHARE) + storage)
        for purpose in BUDGET_PURPOSES:
            yield _budget(f"purpose:{purpose}", month, sum(v for (_, p), v in parts.items() if p is purpose))
        for team in dict.fromkeys(member.team for member in CAST):
            yield _budget(f"team:{team}", month, sum(v for (m, _), v in parts.items() if m.team == team))


def _days(month: Period) -> Iterator[date]:
    day = month.first_day
    while day <= month.last_day:
        yield day
        day += timedelta(days=1)


def _budget(scope: str, month: Period, expected: float) -> Row:
    amount = round(expected * HEADROOM / 100) * 100
    return {
        "external_id": f"{scope}/{month.label}",
        "updated_at": month.start,
        "scope": scope,
        "period": month.label,
        "amount": amount,
        "currency": company.CURRENCY,
    }
