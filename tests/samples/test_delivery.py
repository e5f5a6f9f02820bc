"""Real delivery histories, imported through the door, meet the figures published with them."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import fmean, median

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from ops_console.core.db import reading
from ops_console.core.statistics import quantile
from ops_console.records.deployments import Deployment, Release
from ops_console.records.incidents import Incident, IncidentLink
from tests.samples import exports as real
from tests.samples.conftest import expected, months, points

pytestmark = [pytest.mark.samples, pytest.mark.xdist_group("samples of delivery")]

HOUR = 3600
SECOND = 1 / HOUR
"""Times agree within a second; the files give hours."""

TAGGED = {"bugbug": real.BUGBUG, "text-generation-inference": real.TGI, "notifications-admin": real.NOTIFY}
ALL_SETS = {"liftwing": real.LIFTWING, **TAGGED}

each_set = pytest.mark.parametrize("name", ALL_SETS)


@each_set
def test_releases_and_rollbacks_together_are_the_deployments_of_each_month(
    name: str, measured: Callable[..., Engine], exports: Path
) -> None:
    """The files count a rollback as a deployment; the console counts new versions and sets rollbacks apart."""
    rows = expected(exports / "delivery" / name / "expected_monthly.csv")
    found = points(measured(*ALL_SETS[name]), "model_deployments")

    for month in months(rows):
        point = found[month]
        assert int(rows[month]["deployments"]) == point.n + (point.excluded or {}).get("rollback", 0), month


@pytest.mark.parametrize("name", TAGGED)
def test_the_first_commit_lead_times_of_each_month_are_the_published_ones(
    name: str, measured: Callable[..., Engine], exports: Path
) -> None:
    rows = expected(exports / "delivery" / name / "expected_monthly.csv")
    found = points(measured(*TAGGED[name]), "lead_time")

    for month in months(rows):
        commits = (found[month].detail or {})["first_commit_to_production"]
        assert int(rows[month]["changes"]) == commits["n"], month
        for statistic in ("median", "p90", "mean"):
            published = float(rows[month][f"lead_time_{statistic}_h"])
            assert commits[statistic] / HOUR == pytest.approx(published, abs=SECOND), (month, statistic)


def lift_wing_hours(folder: Path) -> dict[str, list[float]]:
    """Authoring → deployment of every production model deployment that is no rollback, computed from the file."""
    hours: dict[str, list[float]] = defaultdict(list)
    with (folder / "deployments.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if (row["environment"], row["kind"], row["is_rollback"]) == ("production", "model", "0"):
                live, authored = (datetime.fromisoformat(row[c]) for c in ("deployed_at", "authored_at"))
                hours[row["deployed_at"][:7]].append((live - authored).total_seconds() / HOUR)
    return {month: sorted(found) for month, found in hours.items()}


def test_lift_wing_lead_times_differ_from_the_published_ones_by_its_rollbacks_alone(
    measured: Callable[..., Engine], exports: Path
) -> None:
    """The file times rollbacks too; the console's releases do not include them."""
    folder = exports / "delivery" / "liftwing"
    rows, hours = expected(folder / "expected_monthly.csv"), lift_wing_hours(folder)
    engine = measured(*real.LIFTWING)
    found, deployments = points(engine, "lead_time"), points(engine, "model_deployments")

    for month in months(rows):
        spread = (found[month].detail or {})["first_commit_to_production"]
        ours = {"median": median(hours[month]), "p90": quantile(hours[month], 0.9), "mean": fmean(hours[month])}
        for statistic, value in ours.items():
            assert spread[statistic] / HOUR == pytest.approx(value, abs=SECOND), (month, statistic)
            if not (deployments[month].excluded or {}).get("rollback"):
                published = float(rows[month][f"lead_time_{statistic}_h"])
                assert value == pytest.approx(published, abs=SECOND), (month, statistic)


@each_set
def test_the_change_failure_rate_of_each_month_is_the_published_one(
    name: str, measured: Callable[..., Engine], exports: Path
) -> None:
    rows = expected(exports / "delivery" / name / "expected_monthly.csv")
    engine = measured(*ALL_SETS[name])
    found, deployments = points(engine, "change_failure_rate"), points(engine, "model_deployments")

    for month in months(rows):
        rollbacks = (deployments[month].excluded or {}).get("rollback", 0)
        failed = int(rows[month]["failed_deployments"])
        if rollbacks and failed != found[month].k:
            assert failed - rollbacks <= found[month].k < failed, f"{month}: a rollback that failed is no release"
            continue
        assert failed == found[month].k, month
        share = failed / (int(rows[month]["deployments"]) - rollbacks)
        assert found[month].value == pytest.approx(share, abs=1e-6), month


@each_set
def test_restore_and_recovery_times_of_failed_deployments_are_the_published_ones(
    name: str, measured: Callable[..., Engine], exports: Path
) -> None:
    """Published by the month of the failed deployment, over every failure; regrouped here the same way."""
    rows = expected(exports / "delivery" / name / "expected_monthly.csv")
    wanted = (
        select(Release.live_at, Incident.began_at, Incident.detected_at, Incident.restored_at)
        .join(IncidentLink, col(IncidentLink.release_id) == col(Release.id))
        .join(Incident, col(Incident.id) == col(IncidentLink.incident_id))
        .where(Release.environment == "production", Release.kind != "config")
    )
    restore, recover = defaultdict(list), defaultdict(list)
    with reading(measured(*ALL_SETS[name])) as session:
        for live, began, detected, restored in session.exec(wanted):
            assert live and began and detected and restored
            restore[f"{live:%Y-%m}"].append((restored - began).total_seconds() / HOUR)
            recover[f"{live:%Y-%m}"].append((restored - detected).total_seconds() / HOUR)

    for month in months(rows):
        for prefix, hours in (("restore", restore[month]), ("recover", recover[month])):
            assert bool(hours) == bool(rows[month][f"{prefix}_mean_h"]), month
            if hours:
                assert fmean(hours) == pytest.approx(float(rows[month][f"{prefix}_mean_h"]), abs=SECOND), month
                assert median(hours) == pytest.approx(float(rows[month][f"{prefix}_median_h"]), abs=SECOND), month


def test_lift_wing_goes_from_ready_to_production_in_the_published_time(
    measured: Callable[..., Engine], exports: Path
) -> None:
    """The file groups the models that one deployment moves to one image; every model's way is kept here."""
    rows = expected(exports / "delivery" / "liftwing" / "expected_model_ready_to_production.csv")
    with reading(measured(*real.PROMOTIONS)) as session:
        ways = session.exec(select(Deployment)).all()
    models = Counter(f"{way.finished_at:%Y-%m}" for way in ways)
    promotions: dict[str, dict[str, float]] = defaultdict(dict)
    for way in ways:
        assert way.finished_at and way.ready_at
        promotion = way.external_id.rsplit(":", 1)[0]
        promotions[f"{way.finished_at:%Y-%m}"][promotion] = (way.finished_at - way.ready_at).total_seconds() / HOUR

    for month in months(rows):
        found = sorted(promotions[month].values())
        assert int(rows[month]["model_versions_promoted"]) == models[month], month
        assert int(rows[month]["promotions"]) == len(found), month
        assert median(found) == pytest.approx(float(rows[month]["ready_to_prod_median_h"]), abs=SECOND), month
        assert quantile(found, 0.9) == pytest.approx(float(rows[month]["ready_to_prod_p90_h"]), abs=SECOND), month
        assert fmean(found) == pytest.approx(float(rows[month]["ready_to_prod_mean_h"]), abs=SECOND), month


def test_a_model_version_counts_once_however_often_it_is_promoted(measured: Callable[..., Engine]) -> None:
    """7 of the 4,004 promotions bring a model back to an image it had: the first one is its way to production."""
    engine = measured(*real.PROMOTIONS)
    with reading(engine) as session:
        ways = session.exec(select(Deployment.entry_id, Deployment.version)).all()

    assert len(ways) == 4004
    assert sum(point.n or 0 for point in points(engine, "lead_time").values()) == len(set(ways)) == 3997
