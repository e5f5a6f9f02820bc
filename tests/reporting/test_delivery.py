"""Exactly one delivery per run, channel and recipient, whatever happens on the way."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine, select

from ops_console.contracts.integration import Receipt, Rejected, Unavailable, Unclear
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.errors import NotFound
from ops_console.records.reports import Delivery, ReportRun
from ops_console.reporting import ledger
from ops_console.reporting.delivery import deliver, deliver_due, opt_out, reconcile, send_test
from tests.reporting.posting import NINE, Pigeons, deliveries, pack, planned, post, run

MINUTE = timedelta(minutes=1)
LATER = Unavailable("The roof is iced over.")


@pytest.fixture(autouse=True)
def nine() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


def states(engine: Engine, run_id: int) -> list[str]:
    return [row.state for row in deliveries(engine, run_id)]


def test_every_recipient_gets_the_report_once(database: Engine) -> None:
    pigeons = Pigeons()
    run_id = planned(database, pigeons)
    assert deliver(database, run_id, post(pigeons=pigeons), pack) == "sent"
    assert deliver(database, run_id, post(pigeons=pigeons), pack) == "sent"
    assert pigeons.addressees == ["ann@example.com", "bob@example.com"]


def test_a_receipt_is_kept(sqlite: Engine) -> None:
    pigeons = Pigeons(readers=["ann@example.com"])
    run_id = planned(sqlite, pigeons)
    deliver(sqlite, run_id, post(pigeons=pigeons), pack)
    row = deliveries(sqlite, run_id)[0]
    assert (row.receipt, row.settled_at, row.attempts) == ("receipt 1", NINE, 1)


def test_the_vendor_hears_one_name_for_a_delivery_on_every_attempt(
    sqlite: Engine, nine: time_machine.Traveller
) -> None:
    pigeons = Pigeons(readers=["ann@example.com"], answers=[LATER])
    run_id = planned(sqlite, pigeons)
    deliver(sqlite, run_id, post(pigeons=pigeons), pack)
    token = deliveries(sqlite, run_id)[0].token
    nine.shift(MINUTE)
    deliver_due(sqlite, post(pigeons=pigeons), pack)
    assert pigeons.sent == [("ann@example.com", f"r-2026-10-1.{token}")]


def test_one_bad_address_spoils_nobody_elses_report(database: Engine) -> None:
    pigeons = Pigeons(answers=[Rejected("No such roost.", remedy="Check the address.")])
    run_id = planned(database, pigeons)
    assert deliver(database, run_id, post(pigeons=pigeons), pack) == "partly_sent"
    assert states(database, run_id) == ["failed", "delivered"]
    assert deliveries(database, run_id)[0].error == "No such roost. Check the address."


def test_a_channel_that_is_away_is_tried_again_after_1_5_30_and_120_minutes(
    sqlite: Engine, nine: time_machine.Traveller
) -> None:
    pigeons, waits = Pigeons(readers=["ann@example.com"], answers=[LATER] * 5), []
    run_id = planned(sqlite, pigeons)
    for _ in range(4):
        deliver_due(sqlite, post(pigeons=pigeons), pack)
        due = deliveries(sqlite, run_id)[0].next_attempt_at
        assert due is not None
        waits.append((due - now()) // MINUTE)
        nine.move_to(due)
    deliver_due(sqlite, post(pigeons=pigeons), pack)
    assert waits == [1, 5, 30, 120]
    assert states(sqlite, run_id) == ["failed"]


def test_a_retry_touches_only_what_was_not_delivered(database: Engine, nine: time_machine.Traveller) -> None:
    pigeons = Pigeons(answers=[LATER])
    run_id = planned(database, pigeons)
    assert deliver(database, run_id, post(pigeons=pigeons), pack) == "sending"
    nine.shift(MINUTE)
    deliver_due(database, post(pigeons=pigeons), pack)
    assert pigeons.addressees == ["bob@example.com", "ann@example.com"]


def test_a_vendor_who_asks_for_more_time_gets_it(sqlite: Engine) -> None:
    pigeons = Pigeons(readers=["ann@example.com"], answers=[Unavailable("Busy.", retry_after=600)])
    run_id = planned(sqlite, pigeons)
    deliver(sqlite, run_id, post(pigeons=pigeons), pack)
    assert deliveries(sqlite, run_id)[0].next_attempt_at == NINE + 10 * MINUTE


def test_before_its_time_nothing_is_tried_again(sqlite: Engine) -> None:
    pigeons = Pigeons(readers=["ann@example.com"], answers=[LATER])
    planned(sqlite, pigeons)
    deliver_due(sqlite, post(pigeons=pigeons), pack)
    assert deliver_due(sqlite, post(pigeons=pigeons), pack) == []


def test_of_two_claimers_one_gets_the_row(database: Engine) -> None:
    run_id = planned(database, Pigeons(readers=["ann@example.com"]))
    with transaction(database) as session:
        row = ledger.due(session, NINE, run_id)[0]
    claims = []
    for _ in range(2):
        with transaction(database) as session:
            claims.append(ledger.claim(session, row, NINE))
    assert [claim is not None for claim in claims] == [True, False]


def claimed_and_dead(engine: Engine, run_id: int) -> ledger.Claim:
    """A claimer that died between claim and settlement."""
    with transaction(engine) as session:
        claim = ledger.claim(session, ledger.due(session, NINE, run_id)[0], NINE)
    assert claim is not None
    return claim


def test_a_row_whose_claimer_died_is_unknown_after_15_minutes_and_not_before(
    database: Engine, nine: time_machine.Traveller
) -> None:
    pigeons = Pigeons(readers=["ann@example.com"])
    run_id = planned(database, pigeons)
    claimed_and_dead(database, run_id)
    nine.shift(14 * MINUTE)
    reconcile(database, post(pigeons=pigeons))
    assert states(database, run_id) == ["sending"]
    nine.shift(MINUTE)
    reconcile(database, post(pigeons=pigeons))
    assert states(database, run_id) == ["unknown"]


def test_where_nobody_can_tell_nothing_is_repeated_and_the_row_says_so(
    database: Engine, nine: time_machine.Traveller
) -> None:
    pigeons = Pigeons(readers=["ann@example.com"])
    run_id = planned(database, pigeons)
    claimed_and_dead(database, run_id)
    nine.shift(15 * MINUTE)
    reconcile(database, post(pigeons=pigeons))
    nine.shift(timedelta(hours=5))
    assert reconcile(database, post(pigeons=pigeons)) == 0
    deliver_due(database, post(pigeons=pigeons), pack)
    assert pigeons.sent == []
    assert deliveries(database, run_id)[0].error == "The console stopped while it was sending. Pigeons keep no history."


def test_a_message_found_with_the_vendor_counts_as_delivered(sqlite: Engine, nine: time_machine.Traveller) -> None:
    pigeons = Pigeons(readers=["ann@example.com"], history=lambda _: Receipt("seen"))
    run_id = planned(sqlite, pigeons)
    claimed_and_dead(sqlite, run_id)
    nine.shift(15 * MINUTE)
    reconcile(sqlite, post(pigeons=pigeons))
    assert (states(sqlite, run_id), deliveries(sqlite, run_id)[0].receipt) == (["delivered"], "seen")


def test_a_message_the_vendor_never_saw_is_sent_again(sqlite: Engine, nine: time_machine.Traveller) -> None:
    pigeons = Pigeons(readers=["ann@example.com"], history=lambda _: None)
    run_id = planned(sqlite, pigeons)
    claimed_and_dead(sqlite, run_id)
    nine.shift(15 * MINUTE)
    reconcile(sqlite, post(pigeons=pigeons))
    deliver_due(sqlite, post(pigeons=pigeons), pack)
    assert (states(sqlite, run_id), len(pigeons.sent)) == (["delivered"], 1)


def test_a_lost_answer_is_looked_into_a_minute_later(sqlite: Engine, nine: time_machine.Traveller) -> None:
    pigeons = Pigeons(readers=["ann@example.com"], answers=[Unclear("Fog.")], history=lambda _: Receipt("seen"))
    run_id = planned(sqlite, pigeons)
    assert deliver(sqlite, run_id, post(pigeons=pigeons), pack) == "sending"
    assert reconcile(sqlite, post(pigeons=pigeons)) == 0
    nine.shift(MINUTE)
    assert reconcile(sqlite, post(pigeons=pigeons)) == 1
    assert states(sqlite, run_id) == ["delivered"]


def test_the_late_word_of_a_claimer_taken_for_dead_does_not_count(sqlite: Engine, nine: time_machine.Traveller) -> None:
    pigeons = Pigeons(readers=["ann@example.com"], history=lambda _: None)
    run_id = planned(sqlite, pigeons)
    dead = claimed_and_dead(sqlite, run_id)
    nine.shift(15 * MINUTE)
    reconcile(sqlite, post(pigeons=pigeons))
    deliver_due(sqlite, post(pigeons=pigeons), pack)
    with transaction(sqlite) as session:
        ledger.failed(session, dead, NINE, "late")
    assert states(sqlite, run_id) == ["delivered"]


def test_a_person_may_ask_again_for_what_failed(sqlite: Engine) -> None:
    pigeons = Pigeons(answers=[Rejected("No such roost.")])
    run_id = planned(sqlite, pigeons)
    deliver(sqlite, run_id, post(pigeons=pigeons), pack)
    with transaction(sqlite) as session:
        ledger.reopen(session, session.get_one(ReportRun, run_id), NINE)
    assert deliver(sqlite, run_id, post(pigeons=pigeons), pack) == "sent"
    assert pigeons.addressees == ["bob@example.com", "ann@example.com"]


def test_whoever_asked_for_no_more_reports_gets_none(database: Engine) -> None:
    pigeons = Pigeons()
    run_id = planned(database, pigeons)
    deliver(database, run_id, post(pigeons=pigeons), pack)
    with transaction(database) as session:
        assert opt_out(session, pigeons.sent[0][1]) == "ann@example.com"
        assert opt_out(session, pigeons.sent[0][1]) == "ann@example.com"
    planned(database, pigeons, period="2026-11")
    deliver_due(database, post(pigeons=pigeons), pack)
    assert pigeons.addressees == ["ann@example.com", "bob@example.com", "bob@example.com"]


def test_a_made_up_link_stops_nobodys_reports(sqlite: Engine) -> None:
    with pytest.raises(NotFound, match="names no report"), transaction(sqlite) as session:
        opt_out(session, "r-2026-10-1.guess")


def test_a_test_goes_to_the_one_who_asked_and_leaves_no_trace(sqlite: Engine) -> None:
    pigeons = Pigeons()
    package = pack(run())
    send_test(post(pigeons=pigeons), "pigeons", "me@example.com", package)
    assert pigeons.addressees == ["me@example.com"]
    with reading(sqlite) as session:
        assert session.scalars(select(Delivery)).all() == []


def test_a_test_by_a_channel_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(NotFound, match=r"no channel 'fax'\. Use one of: pigeons"):
        send_test(post(pigeons=Pigeons()), "fax", "me", pack(run()))


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([], "skipped"),
        (["delivered", "delivered"], "sent"),
        (["delivered", "pending"], "sending"),
        (["delivered", "failed"], "partly_sent"),
        (["delivered", "unknown"], "partly_sent"),
        (["failed", "unknown"], "failed"),
    ],
)
def test_rows_together_say_how_the_run_went(rows: list[str], state: str) -> None:
    made = [Delivery(state=row, settled_at=None if row == "pending" else NINE) for row in rows]
    assert ledger.run_state(made) == state


def test_a_channel_that_was_removed_fails_its_rows(sqlite: Engine) -> None:
    run_id = planned(sqlite, Pigeons(readers=["ann@example.com"]))
    assert deliver(sqlite, run_id, post(), lambda _: pack(run())) == "failed"
