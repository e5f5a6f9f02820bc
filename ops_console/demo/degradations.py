"""Models that drift, until somebody mends them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ops_console.contracts.vocabulary import (
    DegradationSignal,
    Mitigation,
)
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Batch, Story, hours, poisson

DRIFTS_A_WEEK = 0.05
"""Episodes of one model (assumed)."""
MITIGATED_HOURS = (19.0, 0.7)
SOURCE = "model-monitor"


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("degradations", SOURCE, _degradations(story))


def _degradations(story: Story) -> Iterator[dict[str, Any]]:
    for monday in story.weeks():
        for member in CAST:
            dice = story.dice("drift", member.slug, monday)
            trouble = story.trouble(story.midnight(monday + timedelta(days=3)))
            for number in range(poisson(dice, DRIFTS_A_WEEK * (1 + 2 * trouble))):
                found = story.moment(monday + timedelta(days=dice.randrange(7)), 6, dice)
                ended = found + hours(dice, MITIGATED_HOURS, at_most=160) * (1 + trouble)
                signal = dice.choice(list(DegradationSignal))
                if found >= story.start:
                    yield from _episode(story, member, f"{monday}-{number}", signal, found, ended)


def _episode(
    story: Story, member: Member, key: str, signal: DegradationSignal, found: datetime, ended: datetime
) -> Iterator[dict[str, Any]]:
    """A daily job tells of it again every morning until it is mended."""
    day = 0
    while story.has_passed(at := found + timedelta(days=day)) and at < ended:
        is_last = at + timedelta(days=1) >= ended and story.has_passed(ended)
        yield {
            "external_id": f"drift-{member.slug}-{key}-{day}",
            "updated_at": ended if is_last else at,
            "model": member.slug,
            "signal": signal,
            "onset_at": found - timedelta(hours=7),
            "detected_at": at,
            "mitigated_at": ended if is_last else None,
            "mitigation": Mitigation.RETRAINED_RELEASE if is_last else None,
        }
        day += 1
