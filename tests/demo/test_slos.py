"""Hourly slices: whole hours, counted once, worse while something is broken."""

from collections import Counter
from datetime import timedelta

import pytest

from ops_console.contracts.facts import SliSliceFact
from ops_console.demo import company, slos
from ops_console.demo.company import CAST
from ops_console.demo.story import Story
from tests.demo.stories import ANCHOR, facts

pytestmark = pytest.mark.xdist_group("story")
TOLD = Story(ANCHOR, ANCHOR, length=8)
"""From before the hours that everybody lacks; the months before it are told by the same rule."""
WATCHED = [member for member in CAST if member.objective]


@pytest.fixture(scope="module")
def slices() -> tuple[SliSliceFact, ...]:
    return facts(TOLD, "sli_slices")


def test_every_slice_passes_the_door_and_lies_in_the_past(slices: tuple[SliSliceFact, ...]) -> None:
    assert slices
    assert max(each.started_at for each in slices) + timedelta(seconds=max(each.seconds for each in slices)) <= ANCHOR


def test_what_answers_no_requests_has_no_objective() -> None:
    assert {member.kind for member in CAST if not member.objective} == {"batch", "index", "prompt"}


def test_an_hour_is_counted_once(slices: tuple[SliSliceFact, ...]) -> None:
    assert max(Counter((each.slo, each.started_at) for each in slices).values()) == 1
    assert {each.started_at.minute for each in slices} == {0}


def test_hours_are_missing_where_the_scraper_was_down(slices: tuple[SliSliceFact, ...]) -> None:
    counted = Counter(each.slo for each in slices)
    hours = (TOLD.until - TOLD.start) // timedelta(hours=1)
    blind = slos.BLIND_EVERYWHERE // slos.HOUR
    whole = {hours - blind}
    one = hours - blind - slos.BLIND_FOR_ONE // slos.HOUR
    assert counted.pop(f"{company.PROMOTED_TO_TIER_1}-availability") == one
    assert set(counted.values()) == whole


def _attained(slices: tuple[SliSliceFact, ...], slo: str, month: int) -> float:
    period = TOLD.bad_month.shifted(month)
    seen = [each for each in slices if each.slo == slo and period.contains(each.started_at)]
    return float(sum(each.good for each in seen) / sum(each.total for each in seen))


def test_the_outage_of_the_bad_month_misses_the_objective(slices: tuple[SliSliceFact, ...]) -> None:
    assert _attained(slices, "ranker-availability", 0) < 0.999


def test_the_month_before_meets_most_objectives(slices: tuple[SliSliceFact, ...]) -> None:
    met = [_attained(slices, slos.slo_key(member), -1) >= float(member.objective or 0) / 100 for member in WATCHED]
    assert sum(met) >= len(WATCHED) - 2
