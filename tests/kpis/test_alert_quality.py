"""Alert quality: pages that somebody had to act on, of those that were judged."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.measures.readings import DataState, Status
from ops_console.records.alerts import Alert
from tests.kpis.records import NOW, Books, at
from tests.scorecard.measuring import books, figure, read_one

FIRED = at("10-14")
MINUTE = timedelta(minutes=1)


def page(written: Books, **changes: Any) -> None:
    written.put(Alert, **({"name": "latency", "class_": "page", "started_at": FIRED} | changes))


@pytest.mark.parametrize(
    ("changes", "k", "n"),
    [
        ({"actionable": True}, 1, 1),
        ({"actionable": False}, 0, 1),
        ({"actionable": False, "incident": "INC-1"}, 0, 1),
        ({"incident": "INC-1"}, 1, 1),
        ({"ticket": "OPS-1"}, 1, 1),
        ({"ended_at": FIRED + MINUTE}, 0, 1),
        ({"ended_at": FIRED + MINUTE, "incident": "INC-1"}, 1, 1),
        ({"ended_at": FIRED + MINUTE, "acknowledged_at": FIRED + MINUTE}, 0, 0),
        ({}, 0, 0),
    ],
)
def test_a_persons_verdict_goes_before_what_followed_and_that_before_silence(
    database: Engine, changes: dict[str, Any], k: int, n: int
) -> None:
    with books(database) as written:
        page(written, **changes)

        found = figure(written.session, "alert_quality")
        assert (found.k, found.n) == (k, n)


def test_pages_nobody_judged_lower_the_coverage_and_give_a_least_share(sqlite: Engine) -> None:
    with books(sqlite) as written:
        page(written, actionable=True)
        page(written)
        page(written)

        found = figure(written.session, "alert_quality")
        assert (found.value, found.excluded) == (1, {"not judged": 2})
        assert (found.coverage_known, found.coverage_expected) == (1, 3)
        assert found.detail["at_least"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"class_": "ticket"}, "ticket"),
        ({"class_": None}, "neither page nor ticket"),
        ({"silenced": True}, "silenced"),
        ({"test": True}, "test"),
        ({"deleted_at": NOW}, "deleted"),
    ],
)
def test_what_woke_nobody_does_not_count(sqlite: Engine, changes: dict[str, Any], reason: str) -> None:
    with books(sqlite) as written:
        page(written, actionable=True, **changes)

        assert figure(written.session, "alert_quality").excluded == {reason: 1}


def test_a_notification_sent_again_is_the_same_page(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for _ in range(3):
            page(written, actionable=True, firing="abc")
        page(written, actionable=True, firing="abc", started_at=FIRED + MINUTE)

        found = figure(written.session, "alert_quality")
        assert (found.n, found.excluded) == (2, {"repeat of a firing": 2})


def test_alerts_without_a_fingerprint_are_never_taken_for_repeats(sqlite: Engine) -> None:
    with books(sqlite) as written:
        page(written, actionable=True)
        page(written, actionable=True)

        assert figure(written.session, "alert_quality").n == 2


def test_the_time_to_acknowledge_stands_beside_with_those_nobody_answered(database: Engine) -> None:
    with books(database) as written:
        page(written, acknowledged_at=FIRED + 2 * MINUTE)
        page(written, acknowledged_at=FIRED + 6 * MINUTE)
        page(written)
        page(written, class_="ticket", acknowledged_at=FIRED + 600 * MINUTE)

        beside = figure(written.session, "alert_quality").detail["time_to_acknowledge"]
        assert (beside["n"], beside["median"]) == (2, 240)
        assert beside["excluded"] == {"not acknowledged": 1}


def test_twenty_judged_pages_get_a_status(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for _ in range(19):
            page(written, actionable=True)
        assert read_one(written.session, "alert_quality").data_state is DataState.TOO_FEW
        page(written, actionable=True)
        assert read_one(written.session, "alert_quality").status is Status.ON_TARGET


def test_the_alerts_that_page_most_stand_beside_with_how_many_were_worth_it(database: Engine) -> None:
    with books(database) as written:
        for actionable in (True, False, False, None):
            page(written, name="latency", actionable=actionable)
        page(written, name="disk", actionable=True)
        page(written, name="cpu", class_="ticket")
        page(written, name="latency", started_at=at("09-14"))

        assert figure(written.session, "alert_quality").detail["loudest"] == {
            "n": 5,
            "excluded": {},
            "top": [{"name": "latency", "count": 4, "k": 1, "n": 3}, {"name": "disk", "count": 1, "k": 1, "n": 1}],
        }


def test_ten_of_many_alerts_are_told_of_each_model(sqlite: Engine) -> None:
    with books(sqlite) as written:
        model = written.model("ranker")
        for number in range(12):
            page(written, name=f"alert {number:02}", entry_id=model)
        page(written, name="alert 11", entry_id=model)

        top = figure(written.session, "alert_quality", scope="model:ranker").detail["loudest"]["top"]
        assert [each["name"] for each in top] == ["alert 11", *(f"alert {number:02}" for number in range(9))]
