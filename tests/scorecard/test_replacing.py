"""Points that come out the same are left where they are; what was computed is remembered, with or without a point."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, delete, select
from sqlmodel import Session, col

from ops_console.core.db import transaction
from ops_console.ingest.bulk import stored
from ops_console.ingest.outdated import mark
from ops_console.kpis import CATALOGUE
from ops_console.records.scorecard import ComputedKpi, ScorecardPoint
from ops_console.scorecard import refresh as refreshing
from ops_console.scorecard.compute import TRAILING
from ops_console.scorecard.points import POINTS
from ops_console.scorecard.refresh import rebuild, refresh
from ops_console.scorecard.replacing import sealed
from tests.kpis.records import NOW, Books, at

P = ScorecardPoint


def numbers(session: Session, key: str = "model_deployments") -> set[int]:
    return set(session.scalars(select(col(P.id)).where(col(P.kpi) == key)))


def outdate(session: Session, kind: str = "deployments") -> None:
    mark(session, kind, [(at("10-01"), at("11-01"))])


def rebuilt(session: Session, day: str) -> set[int]:
    """The points of one release on this day."""
    written = Books(session)
    written.release(written.model(), at(day))
    rebuild(session, NOW)
    return numbers(session)


def test_a_fact_that_changes_nothing_writes_nothing(database: Engine) -> None:
    with transaction(database) as session:
        before = rebuilt(session, "10-14")
        outdate(session)

        assert refresh(session, NOW) == 0
        assert numbers(session) == before


def test_a_rebuild_writes_what_differs_and_drops_what_nothing_stands_behind(database: Engine) -> None:
    with transaction(database) as session:
        before = rebuilt(session, "10-14")
        one, *_ = session.scalars(select(P).where(col(P.kpi) == "model_deployments", col(P.window) == "period"))
        lost = min(before - {one.id})
        session.execute(delete(P).where(col(P.id) == lost))
        whole = one.model_dump(exclude={"id"})
        session.add(P(**whole | {"kpi": "a_kpi_of_old"}))
        session.add(P(**whole | {"window": TRAILING}))
        session.flush()

        assert rebuild(session, NOW) == 1
        assert before - {lost} < numbers(session)
        assert len(numbers(session)) == len(before)
        assert not numbers(session, "a_kpi_of_old")


def test_a_fact_of_one_model_leaves_the_points_of_the_others(database: Engine) -> None:
    with transaction(database) as session:
        written = Books(session)
        calm, busy = written.model("calm"), written.model("busy")
        for model in (calm, busy):
            written.release(model, at("10-14"))
        rebuild(session, NOW)
        mine = select(col(P.id)).where(col(P.kpi) == "model_deployments", col(P.scope_key) == "calm")
        before = session.scalars(mine).all()
        written.release(busy, at("10-15"), version="2")
        outdate(session)

        assert refresh(session, NOW) > 0
        assert session.scalars(mine).all() == before
        counted = select(col(P.n)).where(col(P.scope_key) == "busy", col(P.kpi) == "model_deployments")
        assert {2} <= {int(n or 0) for n in session.scalars(counted)}


def test_points_are_told_apart_by_the_last_word_of_their_detail(database: Engine) -> None:
    with transaction(database) as session:
        rows = [
            {"kpi": "mttr", "detail": {"said": "the same for a long while " * 9, "at": last}, "n": Decimal(3)}
            for last in ("2025-06", "2025-10", "2025-10")
        ]
        june, october, again = (row[-1] for row in sealed(stored(session, POINTS, rows)).rows)

        assert june != october == again


def test_a_point_of_what_is_gone_goes(database: Engine) -> None:
    with transaction(database) as session:
        written = Books(session)
        release = written.release(written.model(), at("10-14"))
        rebuild(session, NOW)
        session.delete(release)
        session.flush()
        outdate(session)
        refresh(session, NOW)

        assert numbers(session) == set()


def test_a_kpi_without_a_point_is_not_computed_from_the_beginning_each_time(
    sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(sqlite) as session:
        written = Books(session)
        written.release(written.model(), at("10-14"))
        refresh(session, NOW)
        assert set(session.scalars(select(ComputedKpi.kpi))) == set(CATALOGUE)
        asked: list[str] = []
        monkeypatch.setattr(refreshing, "make", lambda _session, task, *_: asked.append(task.key))

        refresh(session, NOW)
        assert asked == []


def test_a_fact_that_lay_ahead_is_counted_when_its_time_has_come(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        written = Books(session)
        ahead = NOW + timedelta(days=200)
        written.release(written.model(), ahead)
        mark(session, "deployments", [(ahead, ahead)])
        refresh(session, NOW)
        trailing = select(col(P.id)).where(col(P.kpi) == "change_failure_rate", col(P.window) == TRAILING)
        assert session.scalars(trailing).all() == []
        refresh(session, ahead + timedelta(days=1))
        assert session.scalars(trailing).all() != []


def test_what_was_never_computed_is_computed_whole_whatever_day_is_asked_for(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        whole = rebuilt(session, "03-14")
        session.execute(delete(P))
        session.execute(delete(ComputedKpi))
        rebuild(session, NOW, since=at("10-01"))
        assert len(numbers(session)) == len(whole)
