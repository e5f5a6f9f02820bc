"""Targets: whose counts, from when on, and what a new one would change."""

from datetime import datetime

import pytest
import time_machine
from sqlalchemy import Engine

from ops_console.core.clock import EPOCH
from ops_console.core.columns import FOREVER
from ops_console.core.errors import BadInput
from ops_console.core.periods import Period, parse
from ops_console.kpis import CATALOGUE
from ops_console.measures.definition import Bounds
from ops_console.measures.readings import Status
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.measures.scopes import parse as scope_of
from ops_console.records.imports import Import
from ops_console.records.targets import Target
from ops_console.scorecard.in_force import InForce, Standing, standing_of, target_in_force
from ops_console.scorecard.refresh import rebuild
from ops_console.scorecard.targets import effect_preview, set_target, targets, withdraw
from tests.kpis.records import NOW, Books, at
from tests.scorecard.measuring import UTC_ZONE, books, read_one

DAY = 86_400
JULY = at("07-01 00:00")
LEAD, MTTR, COUNT, COST = (CATALOGUE[key] for key in ("lead_time", "mttr", "model_deployments", "cost_vs_budget"))
MODEL = Standing(Scope(ScopeKind.MODEL, "ranker"), team="Search", tier=1)


def period(label: str = "2026-10") -> Period:
    return parse(label, UTC_ZONE)


def target(scope: str, high: float, *, kpi: str = "lead_time", start: datetime = JULY, **changes: object) -> Target:
    where = scope_of(scope)
    return Target(
        kpi=kpi,
        scope_kind=where.kind.value,
        scope_key=where.key,
        from_at=start,
        high=high,
        set_by="A. Lee",
        set_at=start,
        **changes,
    )


def high(found: InForce | None) -> float | None:
    return found.bounds.high if found else None


def test_without_a_persons_target_the_default_holds() -> None:
    found = target_in_force(LEAD, Standing(WORKSPACE), period(), [])

    assert found == InForce(Bounds(high=14 * DAY))


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        (["workspace"], "workspace"),
        (["workspace", "tier:1"], "tier:1"),
        (["workspace", "tier:1", "team:Search"], "team:Search"),
        (["workspace", "tier:1", "team:Search", "model:ranker"], "model:ranker"),
        (["workspace", "tier:2", "team:Risk", "model:fraud"], "workspace"),
    ],
)
def test_the_most_specific_target_wins(kept: list[str], expected: str) -> None:
    rows = [target(scope, high=number) for number, scope in enumerate(kept, 1)]

    assert high(target_in_force(LEAD, MODEL, period(), rows)) == kept.index(expected) + 1


def test_the_default_of_a_tier_is_more_specific_than_the_workspaces_target() -> None:
    assert high(target_in_force(MTTR, MODEL, period(), [target("workspace", 9, kpi="mttr")])) == 3600
    assert high(target_in_force(MTTR, MODEL, period(), [target("tier:1", 9, kpi="mttr")])) == 9


def test_the_past_keeps_the_target_it_had() -> None:
    rows = [target("workspace", 2, start=at("10-10")), target("workspace", 1)]

    assert high(target_in_force(LEAD, Standing(WORKSPACE), period("2026-09"), rows)) == 1
    assert high(target_in_force(LEAD, Standing(WORKSPACE), period("2026-10"), rows)) == 2
    assert high(target_in_force(LEAD, Standing(WORKSPACE), period("2026-06"), rows)) == 14 * DAY


def test_a_withdrawn_target_leaves_none() -> None:
    rows = [target("workspace", 0, start=at("10-10"), withdrawn=True), target("workspace", 1)]

    assert target_in_force(LEAD, Standing(WORKSPACE), period(), rows) is None
    assert high(target_in_force(LEAD, Standing(WORKSPACE), period("2026-09"), rows)) == 1


def test_a_band_for_the_portfolio_does_not_bind_a_model() -> None:
    assert target_in_force(COUNT, MODEL, period(), []) is None
    assert target_in_force(COUNT, standing_of(Scope(ScopeKind.TEAM, "Search")), period(), []) is None
    own = [target("model:ranker", 3, kpi="model_deployments")]
    assert high(target_in_force(COUNT, MODEL, period(), own)) == 3


def test_a_persons_target_is_as_strict_as_the_default() -> None:
    for definition, strict in ((LEAD, True), (COST, False)):
        found = target_in_force(definition, Standing(WORKSPACE), period(), [target("workspace", 1, kpi=definition.key)])

        assert found is not None and found.bounds.strict is strict


def test_a_reading_says_since_when_and_by_whom(database: Engine) -> None:
    with books(database) as written:
        set_target(written.session, "lead_time", WORKSPACE, Bounds(high=DAY), JULY, "A. Lee", "Q3 plan")

        found = read_one(written.session, "lead_time")
        assert (found.target_from, found.target_set_by) == (JULY, "A. Lee")
        assert [row.reason for row in targets(written.session)] == ["Q3 plan"]


@pytest.mark.parametrize("wrong", [Bounds(), Bounds(low=3, high=1)])
def test_a_target_that_makes_no_sense_is_refused(sqlite: Engine, wrong: Bounds) -> None:
    with books(sqlite) as written, pytest.raises(BadInput):
        set_target(written.session, "lead_time", WORKSPACE, wrong, JULY, "A. Lee")


def test_an_unknown_kpi_is_refused(sqlite: Engine) -> None:
    with books(sqlite) as written, pytest.raises(BadInput, match="no KPI"):
        withdraw(written.session, "happiness", WORKSPACE, JULY, "A. Lee")


def _covered(written: Books) -> None:
    """An import that makes deployments known for the year."""
    written.session.add(
        Import(
            kind="deployments",
            source="test",
            origin="test.csv",
            state="done",
            started_at=NOW,
            finished_at=NOW,
            rows=1,
            first_at=at("01-01"),
            last_at=NOW,
            covers_until=NOW,
        )
    )


def test_the_preview_names_the_months_that_would_change(database: Engine) -> None:
    with books(database) as written, time_machine.travel(NOW, tick=False):
        _covered(written)
        model = written.model()
        for month in ("08", "09", "10"):
            for _ in range(3):
                written.release(model, at(f"{month}-14"))
        rebuild(written.session, NOW)

        effects = effect_preview(
            written.session, "model_deployments", WORKSPACE, Bounds(low=4, high=10), at("09-01 00:00")
        )
        assert [(effect.period.label, effect.before, effect.after) for effect in effects] == [
            ("2026-09", Status.ON_TARGET, Status.OFF_TARGET),
            ("2026-10", Status.ON_TARGET, Status.OFF_TARGET),
        ]
        assert targets(written.session) == []


def test_the_past_of_a_model_that_was_moved_keeps_the_target_of_its_tier(database: Engine) -> None:
    with books(database) as written:
        model = written.entry("ranker")
        written.stood(model, EPOCH, at("10-10"), tier=2, lifecycle="production")
        written.stood(model, at("10-10"), FOREVER, tier=1, lifecycle="production")
        for day in ("08-05", "09-05", "10-05"):
            written.incident(model, at(f"{day} 10:00"), at(f"{day} 11:00"))

        history = read_one(written.session, "mttr", scope=MODEL.scope).history

    hours = [point.target.high / 3600 if point.target and point.target.high else None for point in history[-3:]]
    assert hours == [4, 4, 1]
