"""Two clouds' bills as daily FOCUS charges."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ops_console.contracts.vocabulary import Purpose
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
PURPOSES = (Purpose.TRAINING, Purpose.INFERENCE)


def batches(story: Story) -> Iterator[Batch]:
    for cloud, source in company.BILLS.items():
        yield Batch("costs", source, _bill(story, cloud))


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
        for purpose in PURPOSES:
            amount = expected(story, member, purpose, day) * _surprise(story, member, purpose, day)
            amount += RUNAWAY_A_DAY if _runs_away(story, member, purpose, day) else 0
            tagged += amount
            if amount:
                yield _charge(cloud, day, amount, purpose, member=member)
    yield _charge(cloud, day, expected_storage(story, cloud, day), Purpose.STORAGE)
    yield _charge(cloud, day, tagged * measured.UNTAGGED_SHARE, None)


def expected(story: Story, member: Member, purpose: Purpose, day: date) -> float:
    if purpose is Purpose.INFERENCE:
        return member.inference * _growth(story, day) * (0.86 if day.weekday() >= 5 else 1.05)
    is_training_day = day.weekday() in TRAINING_DAYS
    return member.training * _growth(story, day) * 7 / len(TRAINING_DAYS) if is_training_day else 0.0


def expected_storage(story: Story, cloud: str, day: date) -> float:
    return STORAGE_A_DAY[cloud] * _growth(story, day)


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
