"""What facts did not touch is not read again, and no figure shows that."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from ops_console.core.db import transaction
from ops_console.ingest.outdated import mark
from ops_console.records.scorecard import KeptCells
from ops_console.scorecard import cells
from ops_console.scorecard.refresh import rebuild, refresh
from tests.kpis.records import NOW, Books, at
from tests.scorecard.changing import moving, points
from tests.scorecard.measuring import books

DEPLOYMENTS, FAILURES = "model_deployments", "change_failure_rate"
DAYS = timedelta(days=1)


def standing(session: Session) -> tuple[Any, ...]:
    return points(session), moving(session)


@contextmanager
def asked() -> Iterator[list[tuple[datetime, datetime]]]:
    """From when to when the records are asked for cells."""
    seen: list[tuple[datetime, datetime]] = []
    real = cells.cells_of

    def note(session: Session, measures: Any, spans: Any, part: Any = None, entries: Any = None) -> Any:
        each = [part] if part else spans
        if measures[0].by_anchor and measures[0].record != "experiment":  # which is followed up for half a year
            seen.append((min(span.start for span in each), max(span.end for span in each)))
        return real(session, measures, spans, part, entries)

    with patch.object(cells, "cells_of", note):
        yield seen


def kept(session: Session, key: str = DEPLOYMENTS) -> Sequence[KeptCells]:
    return session.scalars(select(KeptCells).where(col(KeptCells.kpi) == key).order_by(col(KeptCells.starts_at))).all()


def busy(session: Session) -> Books:
    """Releases of two models on each third day of a year, half of which failed."""
    written = Books(session)
    for tier in (1, 2):
        model = written.model(f"m{tier}", tier=tier, team="Search")
        for number in range(0, 300, 3):
            live = NOW - number * DAYS
            release = written.release(model, live)
            if number % 2:
                written.link(written.incident(model, live, live + DAYS / 24), release, confirmed=True)
    return written


def marked(session: Session, since: datetime, *kinds: str) -> None:
    for kind in kinds or ("deployments", "incidents"):
        mark(session, kind, [(since, NOW)])


def test_a_day_of_facts_lets_the_records_be_asked_for_the_weeks_it_touches(database: Engine) -> None:
    with transaction(database) as session:
        busy(session)
        rebuild(session, NOW)
        marked(session, NOW - DAYS)
        with asked() as seen:
            refresh(session, NOW)

        assert seen
        # A release ripens for seven days (failures) or fourteen (regressions), each rounded out to its week.
        assert min(start for start, _ in seen) >= NOW - 21 * DAYS
        session.rollback()


def test_the_first_refresh_after_a_long_time_keeps_what_it_reads(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        busy(session)
        rebuild(session, NOW - 200 * DAYS)
        marked(session, NOW - 200 * DAYS)
        refresh(session, NOW)
        marked(session, NOW - DAYS)
        with asked() as seen:
            refresh(session, NOW)

        deployments = [each.starts_at for each in kept(session)]
        assert deployments and min(deployments) >= at("2026-07-01 00:00")
        assert min(start for start, _ in seen if start > NOW - 100 * DAYS) >= NOW - 21 * DAYS


def test_what_is_kept_is_what_figures_are_made_of(sqlite: Engine) -> None:
    """Else it would be kept for nothing, and the other tests would say nothing of it."""
    with transaction(sqlite) as session:
        busy(session)
        rebuild(session, NOW)
        before = standing(session)
        for row in kept(session):
            row.cells = json.dumps([[] for _ in json.loads(row.cells)])
        session.flush()
        marked(session, NOW - DAYS, "deployments")
        refresh(session, NOW)

        assert standing(session) != before


@pytest.mark.parametrize("day", ["07-15", "10-01", "10-20", "11-03"])
def test_a_late_fact_lets_its_own_week_be_read_again(sqlite: Engine, day: str) -> None:
    with transaction(sqlite) as session:
        written = busy(session)
        rebuild(session, NOW)
        written.release(written.model("late", tier=1, team="Risk"), at(day))
        mark(session, "deployments", [(at(day), at(day))])
        refresh(session, NOW)
        refreshed = standing(session)
        rebuild(session, NOW)

        assert refreshed == standing(session)


def test_facts_no_figure_stands_for_yet_are_forgotten_too(sqlite: Engine) -> None:
    """A KPI of which nothing is to be made is not asked, and its cells must go all the same."""
    with transaction(sqlite) as session:
        busy(session)
        rebuild(session, NOW)
        day = at("10-06")
        assert any(row.starts_at <= day < row.ends_at for row in kept(session))
        mark(session, "deployments", [(day, day)])
        with patch("ops_console.scorecard.refresh._Refresh._task", return_value=None):
            refresh(session, NOW)

        assert not any(row.starts_at <= day < row.ends_at for row in kept(session))


def test_cells_that_other_code_read_are_not_used_and_go(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        busy(session)
        rebuild(session, NOW)
        before = standing(session)
        session.execute(update(KeptCells).values(made_by=1, cells="[]"))
        marked(session, NOW - DAYS)
        refresh(session, NOW)

        assert standing(session) == before
        assert all(row.made_by != 1 for row in session.scalars(select(KeptCells)))


def test_nothing_is_kept_of_the_days_that_facts_of_today_touch(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        busy(session)
        rebuild(session, NOW)

        assert max(row.ends_at for row in kept(session)) == at("11-02 00:00")  # the week that runs
        assert max(row.ends_at for row in kept(session, FAILURES)) == at("10-26 00:00")  # releases ripen for a week


def test_what_no_running_period_asks_for_is_not_kept_and_goes(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        busy(session)
        rebuild(session, NOW)
        assert min(row.starts_at for row in kept(session)) == at("07-01 00:00")  # the quarter before the running one
        refresh(session, NOW + 200 * DAYS)

        assert all(row.ends_at > at("2027-01-01 00:00") for row in kept(session))


def test_stretches_lie_side_by_side_and_none_is_longer_than_a_week(database: Engine) -> None:
    with transaction(database) as session:
        busy(session)
        for days in range(0, 40, 3):
            marked(session, NOW - DAYS)
            refresh(session, NOW + days * DAYS + timedelta(minutes=days))

        rows = [row for row in kept(session, FAILURES) if row.source == "rework"]
        assert rows
        assert all(before.ends_at <= after.starts_at for before, after in pairwise(rows))
        assert all(row.ends_at - row.starts_at <= 7 * DAYS for row in rows)
        session.rollback()


def test_where_two_rows_meet_none_is_counted_twice(sqlite: Engine) -> None:
    """However they came there: a figure that is read twice would be a lie."""
    with books(sqlite) as written:
        session = written.session
        busy(session)
        rebuild(session, NOW)
        before = standing(session)
        row = next(row for row in kept(session) if json.loads(row.cells)[0])
        inside = (row.starts_at + (row.ends_at - row.starts_at) / 2).replace(microsecond=0)
        written.keep(
            KeptCells(**{**row.model_dump(exclude={"id"}), "starts_at": inside, "ends_at": row.ends_at + 7 * DAYS})
        )
        marked(session, NOW - DAYS)
        refresh(session, NOW)

        assert standing(session) == before
