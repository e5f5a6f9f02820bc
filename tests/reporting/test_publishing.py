"""A report is frozen once, sent to everyone once, never from a demo, never blank; late ones say so."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine, select

from ops_console.contracts.integration import Rejected
from ops_console.core.clock import now
from ops_console.core.db import reading
from ops_console.core.errors import BadInput
from ops_console.records.reports import ReportRun
from ops_console.reporting import ledger
from tests.reporting.posting import NINE, Pigeons
from tests.reporting.workspaces import late_incident, send, workspace


@pytest.fixture(autouse=True)
def nine() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


def test_a_report_goes_to_everyone_once_however_often_it_is_sent(database: Engine) -> None:
    workspace(database)
    pigeons = Pigeons()
    first, second = send(database, pigeons), send(database, pigeons)
    assert (first.run.state, first.was_done, second.was_done) == ("sent", False, True)
    assert pigeons.addressees == ["ann@example.com", "bob@example.com"]


def test_what_goes_out_is_the_month_from_the_records(sqlite: Engine) -> None:
    workspace(sqlite)
    pigeons = Pigeons()
    send(sqlite, pigeons)
    document = pigeons.documents[0]
    assert document.title == "MLOps monthly report: Oct 2026"
    assert document.context.startswith("MLOps Platform · 1 model (1 tier 1)")
    assert document.link == "http://127.0.0.1:8000/reports/runs/1"
    assert "Outage 0" in str(document) and "release v1 (confirmed by a person)" in str(document)
    assert "4 suggested links wait" in str(document)


def test_a_sent_report_never_changes(database: Engine) -> None:
    workspace(database)
    before = send(database, Pigeons()).run
    late_incident(database)
    after = send(database, Pigeons(readers=["cat@example.com"])).run
    assert (after.id, after.snapshot_hash, after.snapshot) == (before.id, before.snapshot_hash, before.snapshot)


def test_somebody_added_later_gets_the_same_report(sqlite: Engine) -> None:
    workspace(sqlite)
    pigeons = Pigeons(readers=["ann@example.com"])
    send(sqlite, pigeons)
    pigeons.readers.append("bob@example.com")
    send(sqlite, pigeons)
    assert pigeons.addressees == ["ann@example.com", "bob@example.com"]
    assert pigeons.documents[0] == pigeons.documents[1]


def test_a_demo_workspace_never_sends_and_says_so_to_whoever_asks(database: Engine) -> None:
    workspace(database, is_demo=True)
    pigeons = Pigeons()
    with pytest.raises(BadInput, match="A demo workspace sends nothing"):
        send(database, pigeons, asked=True)
    done = send(database, pigeons)
    assert (done.run.state, done.run.reason) == ("skipped", "A demo workspace sends nothing.")
    assert pigeons.sent == []


def test_without_recipients_the_run_is_kept_and_says_why(sqlite: Engine) -> None:
    workspace(sqlite)
    done = send(sqlite, Pigeons(readers=[]))
    assert (done.run.state, done.run.reason) == ("skipped", "Nobody receives reports yet.")
    with pytest.raises(BadInput, match="OPS_CONSOLE_MAIL_TO"):
        send(sqlite, Pigeons(readers=[]), asked=True)


def test_nothing_blank_is_ever_sent(sqlite: Engine) -> None:
    workspace(sqlite, empty=True)
    pigeons = Pigeons()
    done = send(sqlite, pigeons)
    assert done.run.reason.startswith("No source is connected")
    assert pigeons.sent == []


def test_a_skipped_run_takes_todays_figures_when_it_is_sent_at_last(sqlite: Engine) -> None:
    workspace(sqlite)
    skipped = send(sqlite, Pigeons(readers=[])).run
    late_incident(sqlite)
    sent = send(sqlite, Pigeons()).run
    assert sent.id == skipped.id and sent.snapshot_hash != skipped.snapshot_hash
    assert (sent.state, sent.reason) == ("sent", "")


def test_a_report_made_in_time_is_not_late(sqlite: Engine) -> None:
    workspace(sqlite)
    assert not send(sqlite, Pigeons(), due_at=NINE - timedelta(minutes=5)).run.is_late


def test_a_report_missed_by_downtime_is_marked_late(sqlite: Engine) -> None:
    workspace(sqlite)
    pigeons = Pigeons()
    assert send(sqlite, pigeons, due_at=NINE - timedelta(hours=30)).run.is_late
    assert pigeons.documents[0].marks == ("LATE",)


def test_a_person_who_sends_again_reaches_those_who_were_refused(sqlite: Engine) -> None:
    workspace(sqlite)
    pigeons = Pigeons(answers=[Rejected("No such roost.")])
    assert send(sqlite, pigeons).run.state == "partly_sent"
    assert send(sqlite, pigeons).run.state == "partly_sent"
    assert send(sqlite, pigeons, asked=True).run.state == "sent"
    assert pigeons.addressees == ["bob@example.com", "ann@example.com"]


def test_the_moment_of_sending_is_kept(sqlite: Engine) -> None:
    workspace(sqlite)
    assert send(sqlite, Pigeons()).run.sent_at == now()


def test_there_is_one_run_per_report_and_period(database: Engine) -> None:
    workspace(database)
    for _ in range(3):
        send(database, Pigeons())
    with reading(database) as session:
        runs = session.scalars(select(ReportRun)).all()
    assert [ledger.run_label(run) for run in runs] == ["r-2026-10-1"]
