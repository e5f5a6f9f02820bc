"""Real incident histories meet the figures published with them."""

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import fmean, median

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from ops_console.core.db import reading
from ops_console.core.statistics import quantile
from ops_console.kpis.mttr import mttr
from ops_console.records.incidents import Incident
from tests.samples import exports as real
from tests.samples.conftest import expected, months, points

pytestmark = [pytest.mark.samples, pytest.mark.xdist_group("samples of incidents")]

HOUR_MS = 3_600_000
SECOND = 1 / 3600

FOLDERS = {
    "github-status": real.GITHUB,
    "jenkins-status": real.JENKINS,
    "llm-providers": real.LLM,
}
SEVERITIES = {
    "github-status": {"SEV1": "n_critical", "SEV2": "n_major", "SEV3": "n_minor", "SEV4": "n_none"},
    "jenkins-status": {"SEV1": "n_down", "SEV2": "n_disrupted"},
    "llm-providers": {"SEV1": "n_3", "SEV2": "n_2", "SEV3": "n_1", "SEV4": "n_0"},
}
each_source = pytest.mark.parametrize("name", FOLDERS)


def candidates(engine: Engine) -> list[tuple[Incident, str | None, int | None]]:
    """Every row that the KPI's own select yields: the incident, why it is left out, its milliseconds."""
    with reading(engine) as session:
        incidents = {incident.id: incident for incident in session.exec(select(Incident))}
        rows = [row for arm in mttr().rows for row in session.execute(arm).mappings()]
    return [(incidents[row["record_id"]], row["excluded"], row["ms"]) for row in rows]


@each_source
def test_restore_times_by_month_of_start_are_the_published_ones(
    name: str, measured: Callable[..., Engine], exports: Path
) -> None:
    """The console reports by the month of restoration; regrouped by the start, its rows are the published figures."""
    rows = expected(exports / "incidents" / name / "expected_incidents_monthly.csv")
    hours: dict[str, list[float]] = defaultdict(list)
    for incident, excluded, ms in candidates(measured(*FOLDERS[name])):
        if excluded is None and ms is not None:
            hours[f"{incident.began_at:%Y-%m}"].append(ms / HOUR_MS)
    hours["ALL"] = [value for found in hours.values() for value in found]

    for month in [*months(rows), "ALL"]:
        found = sorted(hours[month])
        timed = int(rows[month]["timed_incidents"])
        if name == "llm-providers" and month in MAINTENANCE:
            assert timed == len(found) + 1, "the file times its one maintenance; the console sets it apart"
            continue
        assert timed == len(found), month
        if found:
            assert fmean(found) == pytest.approx(float(rows[month]["mttr_mean_h"]), abs=SECOND), month
            assert median(found) == pytest.approx(float(rows[month]["mttr_median_h"]), abs=SECOND), month
            assert quantile(found, 0.9) == pytest.approx(float(rows[month]["mttr_p90_h"]), abs=SECOND), month
            assert sum(found) == pytest.approx(float(rows[month]["downtime_h"]), abs=SECOND), month


MAINTENANCE = {"2023-07", "ALL"}


@each_source
def test_incidents_of_each_severity_and_month_are_counted_as_published(
    name: str, measured: Callable[..., Engine], exports: Path
) -> None:
    rows = expected(exports / "incidents" / name / "expected_incidents_monthly.csv")
    counted: Counter[tuple[str, str | None]] = Counter()
    for incident, excluded, _ in candidates(measured(*FOLDERS[name])):
        if excluded != "maintenance":
            counted[f"{incident.began_at:%Y-%m}", incident.severity] += 1

    for month in months(rows):
        for severity, column in SEVERITIES[name].items():
            assert int(rows[month][column]) == counted[month, severity], (month, severity)


@each_source
def test_what_is_left_out_is_counted_with_its_reason(name: str, measured: Callable[..., Engine], exports: Path) -> None:
    rows = expected(exports / "incidents" / name / "expected_incidents_monthly.csv")
    engine = measured(*FOLDERS[name])
    reasons = Counter(excluded for _, excluded, _ in candidates(engine))
    left_out: Counter[str] = Counter()
    for point in points(engine, "mttr").values():
        left_out.update(point.excluded or {})

    assert left_out == {reason: count for reason, count in reasons.items() if reason}
    untimed = int(rows["ALL"]["incidents"]) - int(rows["ALL"]["timed_incidents"])
    assert left_out["zero duration"] + left_out["restored before it began"] == untimed


def test_an_incident_counts_for_each_of_its_components(measured: Callable[..., Engine], exports: Path) -> None:
    """The file's means by component include posts of no duration as zero; the console leaves those out, and says so."""
    rows = expected(exports / "incidents" / "github-status" / "expected_by_component.csv", key="components")
    hours: dict[str, list[float]] = defaultdict(list)
    zeros: Counter[str] = Counter()
    for incident, excluded, ms in candidates(measured(*real.COMPONENTS)):
        component = incident.external_id.partition(":")[2]
        zeros[component] += excluded == "zero duration"
        if excluded is None and ms is not None:
            hours[component].append(ms / HOUR_MS)

    for component, row in rows.items():
        found = [*hours[component], *[0.0] * zeros[component]]
        assert int(row["incidents"]) == len(found), component
        assert fmean(found) == pytest.approx(float(row["mttr_mean_h"]), abs=SECOND), component
        assert median(found) == pytest.approx(float(row["mttr_median_h"]), abs=SECOND), component
