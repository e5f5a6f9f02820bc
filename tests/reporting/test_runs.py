"""Runs: frozen once, whoever comes first; later corrections are shown as changed since, or sent as a revision."""

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import Engine

from ops_console.core.db import reading
from ops_console.core.settings import Settings
from ops_console.records.reports import ReportRun
from ops_console.reporting import runs
from ops_console.reporting.packing import document_of
from ops_console.reporting.snapshot import of_run
from reports.monthly_operations import REPORT
from tests.reporting.posting import NINE, Pigeons
from tests.reporting.workspaces import OCTOBER, late_incident, parts, send, workspace


@pytest.fixture(autouse=True)
def nine() -> Iterator[None]:
    with time_machine.travel(NINE, tick=False):
        yield


def frozen(engine: Engine) -> ReportRun:
    return runs.freeze(engine, REPORT, OCTOBER, Settings(), made_by="test")


def test_whoever_comes_second_gets_the_run_of_the_first(database: Engine) -> None:
    workspace(database)
    first = frozen(database)
    with reading(database) as session:
        rival = runs._run(runs.draft(session, REPORT, OCTOBER, Settings()), "rival")
    assert runs._stored(database, rival).id == first.id


def test_a_draft_keeps_nothing_and_says_that_it_is_one(sqlite: Engine) -> None:
    workspace(sqlite)
    with reading(sqlite) as session:
        draft = runs.draft(session, REPORT, OCTOBER, Settings(), note="Look.")
        assert (draft.facts.run, draft.facts.note, draft.facts.is_draft) == ("r-2026-10-draft", "Look.", True)
        assert runs.latest(session, REPORT.key, "2026-10") is None


def test_nothing_changed_since_an_hour_ago(database: Engine) -> None:
    workspace(database)
    run = frozen(database)
    with reading(database) as session:
        assert runs.changed_since(session, run) == ()


def test_a_late_correction_shows_as_changed_since(database: Engine) -> None:
    workspace(database)
    run = frozen(database)
    late_incident(database)
    with reading(database) as session:
        changes = {change.kpi: (change.was, change.now) for change in runs.changed_since(session, run)}
    assert changes == {"mttr": ("1 h mean, median 1 h, n=5", "5 h 50 min mean, median 1 h, n=6")}


def test_a_revision_is_a_new_run_that_lists_what_changed_and_why(sqlite: Engine) -> None:
    workspace(sqlite)
    run = frozen(sqlite)
    late_incident(sqlite)
    revised = runs.revise(sqlite, REPORT, run, Settings(), made_by="ann", reason="An incident was found later.")
    assert (revised.revision, of_run(revised).facts.run) == (2, "r-2026-10-2")
    assert [change.kpi for change in of_run(revised).evidence.changes] == ["mttr"]
    document = document_of(parts(), revised)
    assert "REVISED" in document.marks and "An incident was found later." in str(document)


def test_a_revision_is_sent_to_everyone_again(sqlite: Engine) -> None:
    workspace(sqlite)
    pigeons = Pigeons()
    run = send(sqlite, pigeons).run
    late_incident(sqlite)
    runs.revise(sqlite, REPORT, run, Settings(), made_by="ann", reason="Found later.")
    assert send(sqlite, pigeons).run.revision == 2
    assert len(pigeons.sent) == 4


def test_the_first_run_stays_as_it_was_sent(sqlite: Engine) -> None:
    workspace(sqlite)
    run = frozen(sqlite)
    late_incident(sqlite)
    runs.revise(sqlite, REPORT, run, Settings(), made_by="ann", reason="Found later.")
    with reading(sqlite) as session:
        assert session.get_one(ReportRun, run.id).snapshot == run.snapshot
