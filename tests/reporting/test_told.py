"""What a report told: it counts once somebody got it, and a figure that reads otherwise since says so."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, func, select, update
from sqlmodel import col

from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.periods import Period
from ops_console.core.settings import Settings
from ops_console.measures.readings import Reading
from ops_console.measures.restated import Restated
from ops_console.measures.scopes import WORKSPACE, parse
from ops_console.records.incidents import Incident
from ops_console.records.reports import SentFigure
from ops_console.records.workspace import Workspace
from ops_console.reporting import delivery, runs, words
from ops_console.reporting.collecting import take
from ops_console.reporting.composing import document
from ops_console.scorecard import read
from ops_console.scorecard.refresh import rebuild
from reports.monthly_operations import REPORT
from tests.reporting import posting, snapshots
from tests.reporting.posting import NINE, Pigeons
from tests.reporting.workspaces import OCTOBER, late_incident, send, workspace

NOVEMBER = OCTOBER.next()
FOUND_LATER = "Changed since the report of 4 Nov 2026: 1 h mean, median 1 h, n=5 → 5 h 50 min mean, median 1 h, n=6"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


def figure(
    engine: Engine, key: str = "mttr", period: Period = OCTOBER, scope: str = "workspace", **more: Any
) -> Reading:
    with reading(engine) as session:
        return read.reading(session, key, parse(scope), period, **more)


def restated(engine: Engine, key: str = "mttr", **more: Any) -> Restated | None:
    return figure(engine, key, **more).restated


def withdrawn(engine: Engine) -> None:
    """The incident found later was none."""
    with transaction(engine) as session:
        last = select(func.max(col(Incident.id))).scalar_subquery()
        session.execute(update(Incident).where(col(Incident.id) == last).values(deleted_at=now()))
        rebuild(session, now())


class TestSent:
    def test_a_late_incident_is_told_of_the_figure_with_the_run_and_its_time(self, database: Engine) -> None:
        workspace(database)
        run = send(database, Pigeons()).run
        late_incident(database)
        found = restated(database)
        assert found is not None and (found.value, found.run_id, found.sent_at) == (3600, run.id, NINE)
        assert words.restated(figure(database)) == FOUND_LATER

    def test_nothing_is_told_while_the_figures_hold(self, sqlite: Engine) -> None:
        workspace(sqlite)
        send(sqlite, Pigeons())
        with reading(sqlite) as session:
            found = read.readings(session, WORKSPACE, OCTOBER)
        assert [each.key for each in found if each.restated or any(point.restated for point in each.history)] == []

    def test_the_mark_goes_when_the_figure_goes_back(self, database: Engine) -> None:
        workspace(database)
        send(database, Pigeons())
        late_incident(database)
        assert restated(database)
        withdrawn(database)
        assert restated(database) is None

    def test_a_change_that_cannot_be_seen_is_no_news(self, sqlite: Engine) -> None:
        workspace(sqlite)
        send(sqlite, Pigeons())
        before = figure(sqlite)
        with transaction(sqlite) as session:
            incident = session.scalars(select(Incident)).first()
            assert incident is not None and incident.restored_at is not None
            incident.restored_at += timedelta(seconds=1)
            session.flush()
            rebuild(session, now())
        after = figure(sqlite)
        assert before.value != after.value and words.value(before) == words.value(after)
        assert after.restated is None

    def test_other_figures_that_the_fact_touches_say_so_and_no_others(self, sqlite: Engine) -> None:
        workspace(sqlite)
        send(sqlite, Pigeons())
        late_incident(sqlite)
        with reading(sqlite) as session:
            marked = [each.key for each in read.readings(session, WORKSPACE, OCTOBER) if each.restated]
        assert marked == ["mttr"]

    def test_the_figure_of_tier_1_that_reports_tell_is_marked_too(self, sqlite: Engine) -> None:
        workspace(sqlite)
        send(sqlite, Pigeons())
        late_incident(sqlite)
        assert restated(sqlite, scope="tier:1") and not restated(sqlite, scope="model:ranker")

    def test_a_figure_of_a_window_that_no_report_tells_is_not_marked(self, sqlite: Engine) -> None:
        workspace(sqlite)
        send(sqlite, Pigeons())
        late_incident(sqlite)
        assert restated(sqlite, window="default") and not restated(sqlite, window="period")


class TestNobodyGotIt:
    def test_a_frozen_run_and_a_draft_tell_nothing(self, sqlite: Engine) -> None:
        workspace(sqlite)
        runs.freeze(sqlite, REPORT, OCTOBER, Settings(), made_by="test")
        with reading(sqlite) as session:
            runs.draft(session, REPORT, OCTOBER, Settings())
        late_incident(sqlite)
        assert restated(sqlite) is None

    def test_a_run_that_reached_nobody_tells_nothing(self, database: Engine) -> None:
        workspace(database)
        assert send(database, Pigeons(answers=[Rejected("gone"), Rejected("gone")])).run.state == "failed"
        late_incident(database)
        assert restated(database) is None

    def test_one_reader_is_enough_while_another_is_still_tried(self, sqlite: Engine) -> None:
        workspace(sqlite)
        sent = send(sqlite, Pigeons(answers=[None, Unavailable("busy")]))
        assert sent.run.state == "sending"
        late_incident(sqlite)
        assert restated(sqlite)

    def test_a_run_counts_from_its_first_delivery_however_late(
        self, sqlite: Engine, clock: time_machine.Traveller
    ) -> None:
        workspace(sqlite)
        pigeons = Pigeons(answers=[Unavailable("busy"), Unavailable("busy")])
        send(sqlite, pigeons)
        late_incident(sqlite)
        assert restated(sqlite) is None
        clock.shift(timedelta(minutes=2))
        delivery.deliver_due(sqlite, posting.post(pigeons=pigeons), posting.pack)
        found = restated(sqlite)
        assert found is not None and found.sent_at == NINE + timedelta(minutes=2)

    def test_a_demo_sends_nothing_and_so_tells_nothing(self, sqlite: Engine) -> None:
        workspace(sqlite, is_demo=True)
        assert send(sqlite, Pigeons()).run.state == "skipped"
        late_incident(sqlite)
        assert restated(sqlite) is None

    def test_a_skipped_run_that_is_sent_at_last_tells_the_figures_of_that_day(self, sqlite: Engine) -> None:
        workspace(sqlite, is_demo=True)
        send(sqlite, Pigeons())
        late_incident(sqlite)
        with transaction(sqlite) as session:
            session.execute(update(Workspace).values(is_demo=False))
        send(sqlite, Pigeons())
        assert restated(sqlite) is None
        with reading(sqlite) as session:
            said = select(SentFigure.said).where(col(SentFigure.kpi) == "mttr")
            assert set(session.scalars(said)) == {"5 h 50 min mean, median 1 h, n=6"}


class TestRevised:
    def test_the_newest_report_that_was_sent_is_compared_with(
        self, database: Engine, clock: time_machine.Traveller
    ) -> None:
        workspace(database)
        first = send(database, Pigeons()).run
        late_incident(database)
        clock.shift(timedelta(hours=1))
        second = runs.revise(database, REPORT, first, Settings(), made_by="ann", reason="Found later.")
        found = restated(database)
        assert found is not None and found.run_id == first.id
        send(database, Pigeons())
        assert restated(database) is None
        withdrawn(database)
        found = restated(database)
        assert found is not None and (found.run_id, found.reads) == (second.id, "1 h mean, median 1 h, n=5")

    def test_the_revision_says_it_beside_the_figure(self, sqlite: Engine) -> None:
        workspace(sqlite)
        send(sqlite, Pigeons())
        late_incident(sqlite)
        assert FOUND_LATER in report_of(sqlite, OCTOBER)


def report_of(engine: Engine, period: Period) -> str:
    with reading(engine) as session:
        taken = take(session, snapshots.facts(period=period.label, taken_at=now()), period)
    return str(document(REPORT, taken, "http://console.example/reports/runs/2"))


class TestLaterMonths:
    @pytest.fixture(autouse=True)
    def december(self, sqlite: Engine, clock: time_machine.Traveller) -> None:
        """October was told, then changed; November has ended."""
        workspace(sqlite)
        send(sqlite, Pigeons())
        late_incident(sqlite)
        clock.move_to(NOVEMBER.end + timedelta(days=2))
        with transaction(sqlite) as session:
            rebuild(session, now())

    def test_the_comparison_says_what_it_was_restated_from(self, sqlite: Engine) -> None:
        found = figure(sqlite, period=NOVEMBER)
        assert found.restated is None and found.previous_restated is not None
        assert words.previous(found) == "Oct 5 h 50 min, restated from 1 h mean, median 1 h, n=5"

    def test_the_report_of_the_later_month_says_it(self, sqlite: Engine) -> None:
        assert "Oct 5 h 50 min, restated from 1 h mean, median 1 h, n=5" in report_of(sqlite, NOVEMBER)

    def test_the_history_marks_the_month(self, sqlite: Engine) -> None:
        marked = {point.period.label: words.restated(point) for point in figure(sqlite, period=NOVEMBER).history}
        assert {label: said for label, said in marked.items() if said} == {"2026-10": FOUND_LATER}
