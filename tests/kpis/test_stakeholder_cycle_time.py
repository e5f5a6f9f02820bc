"""Stakeholder cycle time: the clock of the one who waits."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.ingest.outdated import mark
from ops_console.measures.figures import Figure
from ops_console.measures.readings import DataState, Status
from ops_console.measures.scopes import Scope, ScopeKind
from ops_console.scorecard.refresh import rebuild, refresh
from tests.kpis.records import NOW, at, minutes
from tests.kpis.team_records import request
from tests.scorecard.changing import points
from tests.scorecard.measuring import books, figure, read_one

KEY = "stakeholder_cycle_time"
ASKED, USABLE = at("10-02"), at("10-12")
DAY = 86_400


def test_it_is_the_median_from_submitted_to_first_usable(database: Engine) -> None:
    with books(database) as written:
        for days in (1, 2, 4, 8, 60):
            request(written, USABLE - timedelta(days=days), USABLE)

        found = figure(written.session, KEY)
        assert (found.value, found.n) == (4 * DAY, 5)
        assert found.spread is not None and found.spread["mean"] == 15 * DAY


def test_the_clock_starts_when_it_is_submitted_not_when_it_is_accepted(sqlite: Engine) -> None:
    with books(sqlite) as written:
        request(written, ASKED, USABLE, accepted_at=at("10-09"))

        found = figure(written.session, KEY)
        assert found.value == 10 * DAY
        assert found.detail["stages"]["submitted_to_accepted"]["median"] == 7 * DAY
        assert found.detail["stages"]["accepted_to_usable"]["median"] == 3 * DAY


def test_a_closed_ticket_is_not_a_usable_output(database: Engine) -> None:
    with books(database) as written:
        request(written, ASKED, USABLE, done_at=at("10-30"))
        request(written, ASKED, None, done_at=at("10-20"))

        found = figure(written.session, KEY)
        assert (found.value, found.n) == (10 * DAY, 1)
        assert found.excluded == {"no time of first use": 1}
        assert (found.coverage_known, found.coverage_expected) == (1, 2)


def test_a_reopened_request_was_answered_when_it_first_was_usable(sqlite: Engine) -> None:
    with books(sqlite) as written:
        request(written, ASKED, USABLE, done_at=at("12-01"))

        assert figure(written.session, KEY, "2026-10").value == 10 * DAY
        assert figure(written.session, KEY, "2026-12") == Figure()


def test_waiting_for_the_requester_stands_apart_and_is_not_taken_off(database: Engine) -> None:
    with books(database) as written:
        request(written, ASKED, USABLE, waiting_seconds="172800.5")

        found = figure(written.session, KEY)
        assert found.value == 10 * DAY
        assert found.detail["stages"]["waiting_for_requester"]["median"] == 2 * DAY + 0.5


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"class_": "complex"}, "complex"),
        ({"class_": None}, "class not given"),
        ({"usable": None, "cancelled_at": at("10-05")}, "cancelled"),
        ({"usable": None, "cancelled_at": at("10-05"), "done_at": at("10-05")}, "cancelled"),
        ({"cancelled_at": at("10-05")}, "cancelled"),
        ({"usable": ASKED - minutes(6)}, "usable before it was submitted"),
        ({"deleted_at": NOW}, "deleted"),
        ({"usable": None}, "still open"),
    ],
)
def test_what_is_not_in_the_median_is_counted_with_its_reason(
    database: Engine, changes: dict[str, Any], reason: str
) -> None:
    with books(database) as written:
        request(written, ASKED, **({"usable": USABLE} | changes))

        found = figure(written.session, KEY)
        assert (found.value, found.excluded) == (None, {reason: 1})


def test_one_cancelled_after_it_was_usable_was_answered(sqlite: Engine) -> None:
    with books(sqlite) as written:
        request(written, ASKED, USABLE, cancelled_at=USABLE + timedelta(days=1))

        assert figure(written.session, KEY).n == 1


def test_clocks_that_differ_by_minutes_make_no_negative_time(sqlite: Engine) -> None:
    with books(sqlite) as written:
        request(written, ASKED, ASKED - minutes(4))

        assert figure(written.session, KEY).value == 0


def test_open_requests_are_shown_with_the_oldest(sqlite: Engine) -> None:
    with books(sqlite) as written:
        request(written, at("10-05"))
        request(written, ASKED)

        assert figure(written.session, KEY).detail["waiting"] == {"count": 2, "oldest_at": ASKED.isoformat()}


def test_it_is_told_by_the_team_that_asked(database: Engine) -> None:
    with books(database) as written:
        request(written, ASKED, USABLE, team="Search")
        request(written, ASKED, ASKED + timedelta(days=1), team="Risk")

        assert figure(written.session, KEY, scope="team:Search").value == 10 * DAY
        assert figure(written.session, KEY).n == 2


def test_a_quarter_s_worth_is_judged_and_a_wider_window_where_that_is_too_few(sqlite: Engine) -> None:
    with books(sqlite) as written:
        for month in ("08", "08", "09", "10", "10"):
            request(written, at(f"{month}-02"), at(f"{month}-16"))

        found = read_one(written.session, KEY)
        assert (found.n, found.window_days, found.status) == (5, 90, Status.OFF_TARGET)
        request(written, at("05-02"), at("05-12"))
        september = read_one(written.session, KEY, "2026-09")
        assert (september.n, september.window_days, september.data_state) == (4, 180, DataState.TOO_FEW)


@pytest.mark.parametrize(("kind", "key"), [(ScopeKind.TIER, "1"), (ScopeKind.MODEL, "ranker")])
def test_nobody_asks_as_a_tier_or_as_a_model(sqlite: Engine, kind: ScopeKind, key: str) -> None:
    with books(sqlite) as written:
        written.model("ranker", tier=1)
        request(written, ASKED, USABLE)

        found = read_one(written.session, KEY, scope=Scope(kind, key))
        assert (found.value, found.data_state) == (None, DataState.NO_CASES)
        assert found.status_reason == f"Not measured by {kind}."


def test_a_late_answer_leaves_what_a_rebuild_leaves(database: Engine) -> None:
    with books(database) as written:
        first, second = request(written, at("03-02")), request(written, at("06-02"))
        rebuild(written.session, NOW)
        first.first_usable_at, second.done_at = at("07-01"), at("08-20")
        written.session.flush()
        for each in (first, second):
            mark(written.session, "requests", [(each.submitted_at, each.first_usable_at or at("08-20"))])
        refresh(written.session, NOW)
        refreshed = points(written.session)
        rebuild(written.session, NOW)

        assert refreshed == points(written.session)
