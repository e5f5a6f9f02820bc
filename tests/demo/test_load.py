"""A loaded demo shows what the console is for: every figure, one bad month, and something to mend."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from ops_console.contracts.facts import KINDS
from ops_console.core.db import reading, transaction
from ops_console.demo import company
from ops_console.ingest.freshness import freshness
from ops_console.ingest.mapping_names import unmapped
from ops_console.measures.readings import DataState, Reading, Status
from ops_console.measures.scopes import WORKSPACE, parse
from ops_console.records.costs import Cost
from ops_console.records.deployments import Deployment, Release
from ops_console.records.imports import Import, Refusal
from ops_console.records.incidents import Incident, IncidentLink
from ops_console.scorecard import read, refresh
from tests.demo.conftest import BAD, LATER, LATEST, Demo, Topped
from tests.demo.stories import ANCHOR
from tests.scorecard.changing import points

pytestmark = pytest.mark.xdist_group("demo")


def _reading(demo: Demo, key: str, scope: str = "workspace", months_ago: int = 0) -> Reading:
    with reading(demo.engine) as session:
        return read.reading(session, key, parse(scope), LATEST.previous(months_ago), window="period", now=ANCHOR)


def _ids(readings: list[Reading]) -> list[str]:
    return [each.key for each in readings]


def test_every_kpi_reads_something_last_month(demo: Demo) -> None:
    with reading(demo.engine) as session:
        found = read.readings(session, WORKSPACE, LATEST, now=ANCHOR)
    assert _ids([each for each in found if each.value is None]) == []
    assert len(found) >= 7


@pytest.mark.parametrize("key", ["change_failure_rate", "slo_attainment", "cost_vs_budget"])
def test_the_bad_month_is_off_target(demo: Demo, key: str) -> None:
    with reading(demo.engine) as session:
        assert read.reading(session, key, WORKSPACE, BAD, now=ANCHOR).status is Status.OFF_TARGET


@pytest.mark.parametrize("key", ["change_failure_rate", "mttr", "cost_vs_budget"])
def test_after_the_bad_month_it_gets_better(demo: Demo, key: str) -> None:
    bad, later = _reading(demo, key, months_ago=2), _reading(demo, key)
    assert bad.value is not None and later.value is not None
    assert later.value < bad.value


def test_the_scraper_was_down_for_one_endpoint(demo: Demo) -> None:
    assert _reading(demo, "slo_attainment").data_state is DataState.PARTIAL


def test_every_team_and_tier_has_figures(demo: Demo) -> None:
    with reading(demo.engine) as session:
        scopes = {str(scope) for scope in read.scopes(session)}
    teams = {f"team:{member.team}" for member in company.CAST}
    assert teams | {"tier:1", "tier:2", "tier:3"} | {f"model:{member.slug}" for member in company.CAST} <= scopes


def test_every_kind_of_fact_is_fresh(demo: Demo) -> None:
    with reading(demo.engine) as session:
        states = {kind: each.state for kind, each in freshness(session, ANCHOR).items()}
    assert states == dict.fromkeys(KINDS, "working")


def test_two_witnesses_make_one_release(demo: Demo) -> None:
    with reading(demo.engine) as session:
        witnesses = session.execute(select(Release.witnesses, func.count()).group_by(Release.witnesses)).all()  # type: ignore[call-overload]
        live = session.scalar(select(func.count()).select_from(Deployment))
    assert dict(witnesses)[2] > 10
    assert live and live > sum(count for _, count in witnesses) / 2


def test_incidents_are_linked_in_every_way(demo: Demo) -> None:
    with reading(demo.engine) as session:
        methods = set(session.scalars(select(IncidentLink.method).distinct()))
    assert {"explicit", "suggestion"} <= methods
    assert methods & {"rollback", "hotfix"}


def test_one_name_waits_for_mapping(demo: Demo) -> None:
    assert demo.loaded.unmapped == {company.UNREGISTERED}
    with reading(demo.engine) as session:
        assert len(unmapped(session)) == 1


def test_some_rows_were_refused_and_are_kept(demo: Demo) -> None:
    with reading(demo.engine) as session:
        reasons = session.scalars(select(Refusal.reason)).all()
    assert demo.loaded.refused == len(reasons) == 3


@pytest.mark.parametrize("column", [Release.live_at, Incident.restored_at, Cost.charged_at, Import.covers_until])
def test_nothing_stored_lies_in_the_future(demo: Demo, column: datetime) -> None:
    with reading(demo.engine) as session:
        assert session.scalar(select(func.max(column))) <= ANCHOR


def test_cost_of_the_month_is_the_sum_of_both_bills(demo: Demo) -> None:
    with reading(demo.engine) as session:
        rows = session.execute(
            select(Cost.provider, Cost.billed).where(Cost.billing_period == LATEST.label)  # type: ignore[call-overload, arg-type]
        ).all()
    assert {provider for provider, _ in rows} == {"AWS", "Google Cloud"}
    assert sum(billed for _, billed in rows) == _reading(demo, "cost_vs_budget").k


def test_later_only_what_is_new_comes_in(demo: Demo, topped: Topped, rebuilt: Demo) -> None:
    assert 0 < topped.loaded.new <= rebuilt.loaded.new - demo.loaded.new


def test_after_a_top_up_every_figure_is_that_of_a_rebuild(topped: Topped) -> None:
    with transaction(topped.engine) as session:
        refreshed = points(session)
        refresh.rebuild(session, LATER)
        assert points(session) == refreshed
