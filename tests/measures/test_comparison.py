"""What a figure stands beside: the period before, that of a year ago, or nothing."""

from zoneinfo import ZoneInfo

import pytest

from ops_console.core.errors import BadInput
from ops_console.core.periods import parse as period
from ops_console.measures.comparison import Compare, parse

UTC = ZoneInfo("UTC")


@pytest.mark.parametrize(
    ("compare", "label"), [(Compare.PREVIOUS, "2026-09"), (Compare.YEAR, "2025-10"), (Compare.NONE, None)]
)
def test_each_leads_to_its_period(compare: Compare, label: str | None) -> None:
    found = compare.to(period("2026-10", UTC))
    assert (found.label if found else None) == label


@pytest.mark.parametrize("compare", Compare)
def test_a_stretch_of_days_stands_alone(compare: Compare) -> None:
    assert compare.to(period("2026-10-03..2026-10-09", UTC)) is None


@pytest.mark.parametrize(("text", "meant"), [(None, "previous"), ("", "previous"), ("year", "year"), ("none", "none")])
def test_nothing_said_means_the_period_before(text: str | None, meant: str) -> None:
    assert parse(text) == meant


def test_anything_else_is_refused_with_what_may_be_written() -> None:
    with pytest.raises(BadInput, match="previous, year, none"):
        parse("decade")
