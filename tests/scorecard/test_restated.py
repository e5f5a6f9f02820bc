"""Which figures read otherwise than a report told them: those whose facts changed, at the price of one statement."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.core.db import transaction
from ops_console.core.periods import Period, parse
from ops_console.measures.readings import DataState, Reading
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.measures.words import bare, value
from ops_console.records.reports import Delivery, ReportRun, SentFigure
from ops_console.scorecard import read
from ops_console.scorecard.refresh import rebuild, refresh
from ops_console.scorecard.restated import key_of, tells
from tests.examples import examples
from tests.kpis.records import NOW, at
from tests.reporting.shown import reading
from tests.scorecard.changing import Company, Step
from tests.scorecard.measuring import HEALTHY, UTC_ZONE, Kind, books, counted, released

OCTOBER = parse("2026-10", UTC_ZONE)
TIER_1 = Scope(ScopeKind.TIER, "1")
BRIEF = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a company of records takes minutes
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("release", "incident", "slice", "cost", "answer")), st.integers(0, 120), st.integers(1, 23)
    ),
    min_size=1,
    max_size=8,
    unique=True,
)


def told(session: Session, found: Iterable[Reading], *, number: int = 1, state: str = "delivered") -> None:
    """A run that tells these readings, and its only delivery."""
    run = ReportRun(report="r", period=f"run {number}", state="", made_at=NOW, made_by="test", snapshot_hash="")
    session.add(run)
    session.flush()
    assert run.id is not None
    settled = NOW + timedelta(minutes=number)
    session.add(Delivery(run_id=run.id, channel="c", recipient="r", state=state, settled_at=settled, token=str(number)))
    session.add_all(_row(run.id, each) for each in found if tells(each))
    session.flush()


def _row(run: int, found: Reading) -> SentFigure:
    kpi, scope, window, starts_at = key_of(found)
    place = {"scope_kind": scope.kind.value, "scope_key": scope.key, "grain": str(found.period.grain)}
    words = {"said": value(found), "figure": bare(found)}
    numbers = {"value": found.value, "k": found.k, "n": found.n}
    return SentFigure(run_id=run, kpi=kpi, window=window, starts_at=starts_at, **place, **numbers, **words)


def everything(session: Session, period: Period = OCTOBER, scope: Scope = WORKSPACE) -> list[Reading]:
    return read.readings(session, scope, period, now=NOW, fresh=HEALTHY)


def marked(found: Iterable[Reading]) -> set[str]:
    """KPIs that carry a mark anywhere."""
    return {
        each.key
        for each in found
        if each.restated or each.previous_restated or any(point.restated for point in each.history)
    }


@given(steps=STEPS, more=st.booleans())
@settings(BRIEF, max_examples=examples(8))
def test_no_refresh_and_no_rebuild_marks_a_figure_whose_facts_did_not_change(
    database: Engine, steps: list[Step], more: bool
) -> None:
    months = [parse(f"2025-{month:02}", UTC_ZONE) for month in (1, 2, 3, 4)]
    with transaction(database) as session:
        company = Company.founded(session)
        for step in steps:
            company.take(step)
        refresh(session, NOW)
        for number, month in enumerate(months):
            told(session, everything(session, month), number=number)
        for recompute in (rebuild, refresh, rebuild):
            recompute(session, NOW)
            assert [marked(everything(session, month)) for month in months] == [set()] * 4

        if more:
            before = [each for month in months for each in everything(session, month)]
            company.take(("release", 40, 7))
            refresh(session, NOW)
            after = [each for month in months for each in everything(session, month)]
            changed = [new for old, new in zip(before, after, strict=True) if bare(old) != bare(new)]
            assert [each for each in after if each.restated] == [each for each in changed if tells(each)]
        session.rollback()


def test_all_kpis_scopes_and_periods_together_cost_one_statement(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, 3)
        rebuild(written.session, NOW)
        wanted = [(scope, period) for scope in (WORKSPACE, TIER_1) for period in (OCTOBER, OCTOBER.previous())]
        costs = []
        for number in (1, 2, 3):
            told(written.session, everything(written.session), number=number)
            with counted(written.session) as sent:
                read.readings_of(written.session, wanted, now=NOW, fresh=HEALTHY)
            costs.append((len(sent), sum("sent_figure" in statement for statement in sent)))
        released(written, 2)
        rebuild(written.session, NOW)
        with counted(written.session) as sent:
            found = read.readings_of(written.session, wanted, now=NOW, fresh=HEALTHY)
    assert "model_deployments" in marked(found[0])
    assert {*costs, (len(sent), 1)} == {costs[0]}


@pytest.mark.parametrize(
    ("state", "is_marked"),
    [("delivered", True), ("pending", False), ("sending", False), ("failed", False), ("unknown", False)],
)
def test_what_surely_arrived_counts_and_nothing_else(sqlite: Engine, state: str, is_marked: bool) -> None:
    with books(sqlite) as written:
        released(written, 3)
        rebuild(written.session, NOW)
        told(written.session, everything(written.session), state=state)
        released(written, 1)
        rebuild(written.session, NOW)
        assert bool(marked(everything(written.session))) is is_marked


def test_the_report_that_arrived_last_counts_whichever_was_made_last(database: Engine) -> None:
    with books(database) as written:
        released(written, 3)
        rebuild(written.session, NOW)
        three = everything(written.session)
        released(written, 1)
        rebuild(written.session, NOW)
        told(written.session, everything(written.session), number=9)
        told(written.session, three, number=2)
        assert marked(everything(written.session)) == set()


def test_no_cases_was_told_and_a_case_that_comes_late_is_news(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model("ranker", tier=1)
        written.release(model, at("09-14"))
        rebuild(written.session, NOW)
        told(written.session, everything(written.session))
        written.release(model, at("10-14"))
        rebuild(written.session, NOW)
        found = next(each for each in everything(written.session) if each.key == "model_deployments").restated
        assert found is not None and (found.value, found.said, found.reads) == (0, "0", "1")


def test_what_is_unknown_today_contradicts_nothing(sqlite: Engine) -> None:
    with books(sqlite) as written:
        released(written, 3)
        rebuild(written.session, NOW)
        told(written.session, everything(written.session))
        released(written, 1)
        rebuild(written.session, NOW)
        silent = {
            kind: Kind(sources=(), state="not_connected", covers_from=None, covers_until=None) for kind in HEALTHY
        }
        cut_off = read.readings(written.session, WORKSPACE, OCTOBER, now=NOW, fresh=silent)
        assert {each.data_state for each in cut_off} == {DataState.NOT_CONNECTED} and marked(cut_off) == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"is_running": True},
        {"data_state": DataState.NOT_CONNECTED, "value": None},
        {"data_state": DataState.FIRST_SYNC, "value": None},
        {"data_state": DataState.STALE, "value": None},
        {"value": None, "detail": {"hidden": True}},
    ],
)
def test_a_report_that_left_a_figure_open_told_none(changes: dict) -> None:
    assert tells(reading("lead_time")) and not tells(reading("lead_time", **changes))


@pytest.mark.parametrize(
    ("key", "changes", "figure"),
    [
        ("cost_vs_budget", {"data_state": DataState.ESTIMATED}, "$48,210, 106% of budget"),
        ("lead_time", {"data_state": DataState.STALE}, "8.5 days"),
        ("slo_attainment", {"data_state": DataState.PARTIAL, "data_reason": "4 of 6 covered"}, "4 of 5 tier 1 met"),
        ("lead_time", {"data_state": DataState.TOO_FEW, "n": Decimal(2)}, "Too few (n=2)"),
    ],
)
def test_what_the_state_of_the_data_adds_is_no_part_of_the_figure(key: str, changes: dict, figure: str) -> None:
    assert bare(reading(key, **changes)) == figure
