"""Refreshing what changed ends where a rebuild ends."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Delete, Engine, Update, delete, func, select, update
from sqlmodel import col

from ops_console.core.db import transaction
from ops_console.ingest.outdated import mark
from ops_console.kpis import CATALOGUE
from ops_console.records.scorecard import ComputedKpi, KeptCells, MovingPoint, Outdated, ScorecardPoint
from ops_console.scorecard.refresh import rebuild, refresh
from tests.examples import examples
from tests.kpis.records import NOW, Books, at
from tests.scorecard.changing import FIRST, Company, Step, moving, points
from tests.scorecard.measuring import counted

KINDS = ("release", "incident", "slice", "cost", "answer", "move", "withdraw")
BRIEF = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a company of records takes minutes
)
WAITS = st.sampled_from((1, 6, 23, 24, 49, 24 * 7, 24 * 16, 24 * 31, 24 * 70, 24 * 200))
"""Hours."""
STEPS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 600), st.integers(1, 23)), min_size=1, max_size=12, unique=True
)


@given(steps=STEPS, pace=st.integers(1, 4), waits=st.lists(WAITS, min_size=12, max_size=12), begin=st.integers(0, 7000))
@settings(BRIEF, max_examples=examples(8))
def test_whatever_comes_and_however_time_goes_on_a_refresh_ends_where_a_rebuild_ends(
    database: Engine, steps: list[Step], pace: int, waits: list[int], begin: int
) -> None:
    """Facts of any day between refreshes that are an hour or half a year apart, at any hour of the day."""
    with transaction(database) as session:
        company, now = Company.founded(session), FIRST + timedelta(days=200, hours=begin, minutes=begin % 60)
        for number, (step, hours) in enumerate(zip(steps, waits, strict=False)):
            company.take(step)
            if number % pace == 0:
                refresh(session, now)
            now += timedelta(hours=hours)
        refresh(session, now)
        refreshed = points(session), moving(session)
        rebuild(session, now)

        assert refreshed == (points(session), moving(session))
        session.rollback()


@given(steps=STEPS, order=st.randoms(use_true_random=False))
@settings(BRIEF, max_examples=examples(6))
def test_the_order_of_facts_does_not_matter(sqlite: Engine, steps: list[Step], order: object) -> None:
    steps = [step for step in steps if step[0] in ("release", "slice", "cost", "answer")]
    ends = []
    for arranged in (steps, sorted(steps), steps[::-1]):
        with transaction(sqlite) as session:
            company = Company.founded(session)
            for step in arranged:
                company.take(step)
            refresh(session, NOW)
            ends.append(points(session))
            session.rollback()

    assert ends[0] == ends[1] == ends[2]


def test_a_refresh_clears_the_marks_it_handled(database: Engine) -> None:
    with transaction(database) as session:
        mark(session, "deployments", [(at("10-14"), at("10-15"))])
        refresh(session, NOW)

        assert session.scalar(select(func.count()).select_from(Outdated)) == 0


def test_without_marks_nothing_of_the_past_is_written_again(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        written = Books(session)
        written.release(written.model(), at("10-14"))
        rebuild(session, NOW)
        kept = session.scalars(select(ScorecardPoint.id).where(col(ScorecardPoint.ends_at) <= NOW)).all()
        refresh(session, NOW)

        assert kept == session.scalars(select(ScorecardPoint.id).where(col(ScorecardPoint.id).in_(kept))).all()


@pytest.mark.parametrize(
    "before",
    [
        (delete(ScorecardPoint), delete(ComputedKpi)),
        (
            update(ScorecardPoint).values(definition_version=0, value=99, fingerprint=1),
            update(ComputedKpi).values(definition_version=0),
        ),
    ],
    ids=["a KPI that was just added", "a definition that changed"],
)
@pytest.mark.parametrize("key", ["model_deployments", "change_failure_rate"])
def test_the_past_of_a_new_definition_is_computed_without_a_mark(
    database: Engine, key: str, before: tuple[Delete | Update, Delete | Update]
) -> None:
    with transaction(database) as session:
        written = Books(session)
        for month in ("03", "10"):
            written.release(written.model(f"m{month}"), at(f"{month}-14"))
        rebuild(session, NOW)
        as_it_is = points(session)
        for table, change in zip((ScorecardPoint, ComputedKpi), before, strict=True):
            session.execute(change.where(col(table.kpi) == key))  # type: ignore[attr-defined]  # both have one
        refresh(session, NOW)

        assert points(session) == as_it_is


def test_a_mark_of_all_time_recomputes_what_there_is(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        written = Books(session)
        written.release(written.model(), at("10-14"))
        mark(session, "models", [(datetime.fromisoformat("1970-01-01T00:00+00:00"), NOW.replace(year=9999))])

        assert refresh(session, NOW) > 0


def test_trailing_figures_follow_the_calendar_without_new_facts(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        written = Books(session)
        written.release(written.model(), at("10-14"))
        rebuild(session, NOW)
        refresh(session, NOW + timedelta(days=40))

        newest = select(func.max(ScorecardPoint.period)).where(
            col(ScorecardPoint.kpi) == "change_failure_rate", col(ScorecardPoint.grain) == "month"
        )
        assert session.scalar(newest) == "2026-12"


def test_no_trailing_figure_is_kept_for_a_period_to_come(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        written = Books(session)
        written.release(written.model(), at("10-14"))
        rebuild(session, NOW)

        latest = session.scalar(select(func.max(ScorecardPoint.starts_at)))
        assert latest is not None and latest <= NOW


def test_the_number_of_statements_does_not_depend_on_models_or_months(sqlite: Engine) -> None:
    numbers = []
    with transaction(sqlite) as session:
        written = Books(session)
        rebuild(session, NOW)
        for models, months in ((2, 2), (6, 8)):
            for _ in range(models):
                model = written.model(f"m{next(written.numbers)}", tier=1, team="Search")
                for month in range(1, months + 1):
                    written.release(model, at(f"{month:02}-14"))
            session.execute(delete(ScorecardPoint))
            session.execute(delete(MovingPoint))
            session.execute(delete(KeptCells))
            with counted(session) as statements:
                rebuild(session, NOW)
            numbers.append(len(statements))

    assert numbers[0] == numbers[1] < 10 * len(CATALOGUE)
