"""Stretches of time as text: read strictly, written one way, in order."""

from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationInfo

from ops_console.contracts.readers import read_spans

LONDON = ZoneInfo("Europe/London")


def spans(value: Any, zone: ZoneInfo | None = None) -> list[str]:
    return read_spans(value, cast(ValidationInfo, SimpleNamespace(context={"zone": zone})))


def test_they_stand_in_order_and_in_utc() -> None:
    said = "2026-10-05T15:00+02:00/2026-10-05T16:00+02:00; 2026-10-05T09:00Z/2026-10-05T10:00Z"
    assert spans(said) == [
        "2026-10-05T09:00:00Z/2026-10-05T10:00:00Z",
        "2026-10-05T13:00:00Z/2026-10-05T14:00:00Z",
    ]


def test_a_wall_clock_is_read_in_its_zone_and_the_last_may_be_open() -> None:
    assert spans(["2026-07-05T09:00/"], LONDON) == ["2026-07-05T08:00:00Z/"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("2026-10-05T09:00Z", "is no stretch of time"),
        ("2026-10-05T09:00Z/2026-10-05T09:00Z", "ends before it begins"),
        ("2026-10-05T09:00Z/2026-10-05T11:00Z; 2026-10-05T10:00Z/", "before the one ahead of it has ended"),
        ("2026-10-05T09:00Z/; 2026-10-05T10:00Z/", "before the one ahead of it has ended"),
        ("2026-10-05T09:00/", "no offset"),
        ("soon/later", "is no time"),
        (7, "separated by semicolons"),
    ],
)
def test_what_is_none_is_refused_with_the_reason(said: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        spans(said)


@given(st.sets(st.integers(0, 10_000), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_any_order_reads_the_same_and_reading_again_changes_nothing(minutes: set[int], dice: Any) -> None:
    edges = [f"2026-10-{1 + at // 1440:02}T{at // 60 % 24:02}:{at % 60:02}:00Z" for at in sorted(minutes)]
    said = [f"{began}/{ended}" for began, ended in zip(edges[::2], edges[1::2], strict=False)]
    shuffled = dice.sample(said, len(said))
    assert spans(shuffled) == said == spans(spans(shuffled))
