"""The owner hears of every failure, once, by another channel than the one that failed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine

from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.core.db import transaction
from ops_console.reporting import ledger
from ops_console.reporting.delivery import deliver, deliver_due, reconcile
from ops_console.reporting.notices import tell_owner
from tests.reporting.posting import NINE, Pigeons, pack, planned, post

NO = Rejected("No such roost.", remedy="Check the address.")


@pytest.fixture(autouse=True)
def nine() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as clock:
        yield clock


def test_a_failure_is_told_by_another_channel(database: Engine) -> None:
    pigeons, drums = Pigeons(answers=[NO]), Pigeons(readers=[])
    run_id = planned(database, pigeons)
    deliver(database, run_id, post(pigeons=pigeons, drums=drums), pack)
    assert tell_owner(database, post(pigeons=pigeons, drums=drums)) == 1
    assert drums.addressees == ["owner"]
    assert "pigeons to ann@example.com: No such roost. Check the address." in str(drums.documents[0])


def test_a_failure_is_told_once(database: Engine) -> None:
    pigeons, drums = Pigeons(answers=[NO]), Pigeons(readers=[])
    deliver(database, planned(database, pigeons), post(pigeons=pigeons), pack)
    for _ in range(3):
        tell_owner(database, post(pigeons=pigeons, drums=drums))
    assert len(drums.sent) == 1


def test_several_failures_of_a_run_are_one_notice(sqlite: Engine) -> None:
    pigeons, drums = Pigeons(answers=[NO, NO]), Pigeons(readers=[])
    deliver(sqlite, planned(sqlite, pigeons), post(pigeons=pigeons), pack)
    tell_owner(sqlite, post(pigeons=pigeons, drums=drums))
    assert [document.title for document in drums.documents] == ["Report not delivered to 2 recipients"]


def test_an_unknown_outcome_is_told_as_such(sqlite: Engine, nine: time_machine.Traveller) -> None:
    pigeons, drums = Pigeons(readers=["ann@example.com"]), Pigeons(readers=[])
    run_id = planned(sqlite, pigeons)
    with transaction(sqlite) as session:
        ledger.claim(session, ledger.due(session, NINE, run_id)[0], NINE)
    nine.shift(timedelta(minutes=15))
    reconcile(sqlite, post(pigeons=pigeons))
    tell_owner(sqlite, post(pigeons=pigeons, drums=drums))
    assert "it is unknown whether it arrived" in str(drums.documents[0])


def test_a_delivery_that_is_still_tried_is_no_failure(sqlite: Engine) -> None:
    pigeons, drums = Pigeons(answers=[Unavailable("Ice.")]), Pigeons(readers=[])
    planned(sqlite, pigeons)
    deliver_due(sqlite, post(pigeons=pigeons), pack)
    assert tell_owner(sqlite, post(pigeons=pigeons, drums=drums)) == 0


def test_where_no_other_channel_is_left_the_same_one_tells_the_owner(sqlite: Engine) -> None:
    pigeons = Pigeons(readers=["ann@example.com"], answers=[NO])
    deliver(sqlite, planned(sqlite, pigeons), post(pigeons=pigeons), pack)
    assert tell_owner(sqlite, post(pigeons=pigeons)) == 1
    assert pigeons.addressees == ["owner"]


def test_a_notice_that_cannot_be_delivered_either_is_tried_by_the_next_channel(sqlite: Engine) -> None:
    pigeons, drums, smoke = Pigeons(answers=[NO]), Pigeons(answers=[NO]), Pigeons()
    deliver(sqlite, planned(sqlite, pigeons), post(pigeons=pigeons), pack)
    assert tell_owner(sqlite, post(pigeons=pigeons, drums=drums, smoke=smoke)) == 1
    assert smoke.addressees == ["owner"]
