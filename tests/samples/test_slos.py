"""Real minutes of outage become the published availability, budget and verdict of each month."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.samples import exports as real
from tests.samples.conftest import points

pytestmark = [pytest.mark.samples, pytest.mark.xdist_group("samples of slos")]


def test_availability_budget_and_verdict_of_each_month_are_the_published_ones(
    measured: Callable[..., Engine], exports: Path
) -> None:
    """A month that the file covers by less than 95 % gets its figures but no verdict."""
    services = real.llm_services(exports)
    engine = measured(*real.OUTAGES, slos=tuple(services))
    found = {service: points(engine, "slo_attainment", service) for service in services}
    with (exports / "incidents" / "llm-providers" / "expected_slo_monthly.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if len(row["month"]) != 7:
                continue
            [slo] = (found[row["service"]][row["month"]].detail or {})["slos"]
            where = (row["service"], row["month"])
            assert slo["total"] == int(row["minutes"]) * 1_000_000, where
            assert slo["actual"] == pytest.approx(float(row["availability_weighted"]), abs=1e-6), where
            assert slo["budget_used"] == pytest.approx(float(row["budget_burn_999"]), abs=1e-6), where
            verdict = {"1": "met", "0": "missed"}[row["slo_999_met"]]
            assert slo["state"] == (verdict if slo["covered"] >= 0.95 else "not enough data"), where
