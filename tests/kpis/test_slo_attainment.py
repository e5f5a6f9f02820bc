"""Objectives met of objectives judged, from sums of whole numbers."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col

from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.measures.attainment import judge
from ops_console.measures.figures import Figure
from ops_console.records.slos import SloVersion
from tests.kpis.records import Books, at
from tests.scorecard.measuring import books, figure

OCTOBER = at("10-01 00:00")
KEY = "slo_attainment"


def only(found: Figure) -> dict[str, Any]:
    (slo,) = found.detail["slos"]
    return dict(slo)


def test_an_objective_is_met_with_its_budget_exactly_used(database: Engine) -> None:
    with books(database) as written:
        written.days(written.slo(written.model(), ppm=999_500), OCTOBER, 31, 9995, 10_000)

        found = figure(written.session, KEY)
        assert (found.value, found.k, found.n) == (1, 1, 1)
        assert only(found)["budget_used"] == 1


def test_one_bad_event_more_misses_it(database: Engine) -> None:
    with books(database) as written:
        slo = written.slo(written.model(), ppm=999_500)
        written.days(slo, OCTOBER, 30, 9995, 10_000)
        written.slice(slo, at("10-31 00:00"), 9994, 10_000)

        found = figure(written.session, KEY)
        assert (found.value, only(found)["state"]) == (0, "missed")


def test_events_are_summed_before_they_are_divided(sqlite: Engine) -> None:
    """Averaging the two ratios would give 75 % and miss the objective by far."""
    with books(sqlite) as written:
        slo = written.slo(written.model(), ppm=999_000)
        written.days(slo, OCTOBER, 30, 10_000, 10_000)
        written.slice(slo, at("10-31 00:00"), 1, 2)

        assert only(figure(written.session, KEY))["actual"] == pytest.approx(300_001 / 300_002)


def test_less_than_95_percent_seen_is_not_enough_data_and_never_a_miss(database: Engine) -> None:
    with books(database) as written:
        written.days(written.slo(written.model()), OCTOBER, 29, 1, 2)

        found = figure(written.session, KEY)
        assert (found.value, found.n, only(found)["state"]) == (None, 0, "not enough data")
        assert (found.coverage_known, found.coverage_expected) == (0, 1)


def test_a_slice_may_have_been_seen_in_part(sqlite: Engine) -> None:
    with books(sqlite) as written:
        slo = written.slo(written.model())
        for day in range(31):
            written.slice(slo, OCTOBER + timedelta(days=day), 10, 10, covered_seconds=20 * 3600)

        assert only(figure(written.session, KEY))["state"] == "not enough data"


def test_an_endpoint_without_traffic_is_neither_met_nor_missed(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.days(written.slo(written.model()), OCTOBER, 31, 0, 0)

        found = figure(written.session, KEY)
        assert (found.value, only(found)["state"]) == (None, "no traffic")


def _tiers(written: Books) -> None:
    for tier, good in ((1, 10_000), (2, 1)):
        model = written.model(f"tier-{tier}", tier=tier, team="Search")
        written.days(written.slo(model, f"slo-{tier}"), OCTOBER, 31, good, 10_000)


@pytest.mark.parametrize(
    ("scope", "value"), [("workspace", 1), ("team:Search", 1), ("tier:1", 1), ("tier:2", 0), ("model:tier-2", 0)]
)
def test_tier_1_objectives_count_for_the_workspace_and_for_a_team(database: Engine, scope: str, value: int) -> None:
    with books(database) as written:
        _tiers(written)

        assert figure(written.session, KEY, scope=scope).value == value


def test_without_a_tier_1_objective_all_count(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.days(written.slo(written.model(tier=2)), OCTOBER, 31, 1, 1)

        found = figure(written.session, KEY)
        assert (found.n, found.detail["tier"]) == (1, None)


def test_an_objective_belongs_to_the_tier_of_its_last_slice_with_all_its_slices(sqlite: Engine) -> None:
    with books(sqlite) as written:
        entry = written.entry("promoted")
        written.stood(entry, EPOCH, at("10-20"), tier=2)
        written.stood(entry, at("10-20"), FOREVER, tier=1)
        written.days(written.slo(entry), OCTOBER, 31, 10, 10)

        assert figure(written.session, KEY, scope="tier:1").value == 1
        assert figure(written.session, KEY, scope="tier:2") == Figure()


def test_each_part_of_a_period_spends_the_budget_its_objective_allowed(database: Engine) -> None:
    with books(database) as written:
        slo = written.slo(written.model(), ppm=990_000)
        half = at("10-16 00:00")
        written.session.execute(update(SloVersion).values(valid_to=half).where(col(SloVersion.slo_id) == slo))
        written.session.add(SloVersion(slo_id=slo, valid_from=half, valid_to=FOREVER, objective_ppm=999_000))
        written.days(slo, OCTOBER, 31, 995, 1000)

        assert only(figure(written.session, KEY))["allowed"] == 166 * 10**12


def test_the_worst_and_the_nearly_spent_are_named(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model()
        for name, good in (("calm", 10_000), ("close", 9992), ("bad", 9980)):
            written.days(written.slo(model, name), OCTOBER, 31, good, 10_000)

        detail = figure(written.session, KEY).detail
        assert (detail["worst"], detail["nearly_spent"]) == ("bad", ["close"])
        assert detail["budget_used"] == pytest.approx(2)
        assert detail["event_weighted"] == pytest.approx(29_972 / 30_000)


def test_elapsed_time_decides_what_is_enough() -> None:
    slo = {"good": 9, "total": 10, "allowed": 2_000_000, "covered_seconds": 100}

    assert judge(slo, 100)["state"] == "met"
    assert judge(slo, 200)["state"] == "not enough data"
