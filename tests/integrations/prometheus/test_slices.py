"""Hours: a gap stays a gap, what is late is mended, and what Prometheus forgets stays."""

import pytest
import time_machine

from tests.integrations.prometheus.asked import DAY, HOUR, facts, pages, slices, steady
from tests.integrations.prometheus.conftest import NOW
from tests.integrations.prometheus.watchtower import BEGAN, Watchtower


def test_an_hour_that_was_not_seen_is_a_gap_and_neither_zero_nor_good(tower: Watchtower) -> None:
    gaps = {BEGAN + 5 * HOUR: None, BEGAN + 6 * HOUR: (0, 0, None), BEGAN + 7 * HOUR: (0, None, 900)}
    tower.serve("ranker", lambda at: gaps.get(at, steady(at)))
    found = slices(pages(tower))
    for hour in ("05", "06", "07"):
        assert f"2026-10-01T{hour}:00:00Z" not in found
    assert found["2026-10-01T08:00:00Z"]["total"] == "1000"


def test_an_hour_without_traffic_is_no_gap(tower: Watchtower) -> None:
    tower.serve("ranker", lambda _: (0, 0, 3600))
    found = slices(pages(tower))
    assert len(found) == 828
    told = found["2026-10-02T00:00:00Z"]
    assert (told["good"], told["total"], told["covered_seconds"]) == ("0", "0", "3600")


def test_an_hour_seen_in_part_says_how_much_was_seen(tower: Watchtower) -> None:
    tower.serve("ranker", lambda _: (1, 10, 1500))
    assert {each["covered_seconds"] for each in slices(pages(tower)).values()} == {"1500"}


def test_what_is_extrapolated_stays_within_bounds(tower: Watchtower) -> None:
    said = {0: (10.000001, 10, 3600), 1: (-0.00000001, 10, 3900), 2: ("NaN", 10, 3600), 3: ("+Inf", 10, 3600)}
    tower.serve("ranker", lambda at: said.get(at.hour, (0, 10, 3600)))
    found = slices(pages(tower))
    assert found["2026-10-01T00:00:00Z"]["good"] == "0"
    first = found["2026-10-01T01:00:00Z"]
    assert (first["good"], first["covered_seconds"]) == ("10", "3600")
    assert "2026-10-01T02:00:00Z" not in found and "2026-10-01T03:00:00Z" not in found


def test_numbers_keep_their_digits_and_never_an_exponent(tower: Watchtower) -> None:
    tower.serve("ranker", lambda _: ("1e-07", "2.5e+07", 3600))
    told = slices(pages(tower))["2026-10-01T00:00:00Z"]
    assert (told["good"], told["total"]) == ("25000000", "25000000")


def test_history_begins_where_the_server_begins_to_remember(tower: Watchtower) -> None:
    tower.retention, tower.days = "15d or 10GiB", 15
    tower.serve("ranker", steady)
    found = slices(pages(tower, since=NOW - 180 * DAY))
    assert min(found) == "2026-10-20T13:00:00Z"
    assert len(tower.spans()) == 3


@pytest.mark.parametrize("retention", [None, "10GiB", ""])
def test_a_server_that_does_not_say_how_long_it_keeps_is_asked_for_everything(
    tower: Watchtower, retention: str | None
) -> None:
    tower.serve("ranker", steady)
    tower.retention = retention
    assert len(slices(pages(tower))) == 828


def test_what_prometheus_forgets_is_taken_back_by_nobody(tower: Watchtower, clock: time_machine.Traveller) -> None:
    tower.serve("ranker", steady)
    cursor = pages(tower)[-1].cursor
    tower.retention, tower.days = "1d", 1
    clock.shift(30 * DAY)
    found = facts(pages(tower, cursor))
    assert not any(told.values.get("deleted") for told in found.values())
    assert min(slices(pages(tower, cursor))) == "2026-12-03T13:00:00Z"


def test_the_hour_that_runs_and_the_one_that_just_ended_wait(tower: Watchtower, clock: time_machine.Traveller) -> None:
    tower.serve("ranker", steady)
    clock.move_to(NOW.replace(minute=9))
    assert max(slices(pages(tower))) == "2026-11-04T10:00:00Z"
    clock.move_to(NOW.replace(minute=10))
    assert max(slices(pages(tower))) == "2026-11-04T11:00:00Z"


def test_samples_that_come_late_mend_the_hours_they_belong_to(tower: Watchtower, clock: time_machine.Traveller) -> None:
    late = {"came": False}
    tower.serve("ranker", lambda at: steady(at) if late["came"] or at < NOW - 2 * HOUR else (1, 20, 900))
    first = pages(tower)
    late["came"] = True
    clock.shift(HOUR)
    mended = slices(pages(tower, first[-1].cursor))
    assert slices(first)["2026-11-04T11:00:00Z"]["covered_seconds"] == "900"
    assert mended["2026-11-04T11:00:00Z"]["covered_seconds"] == "3600"
