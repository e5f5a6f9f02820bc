"""An action and its issue: one opened, both kept in step, nothing overwritten, nothing lost while Jira is away."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import stamina
import time_machine
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine
from werkzeug import Response

from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.practices import tickets
from ops_console.practices.promises import Faulty
from tests.integrations.jira.board import ANA, BEN, WONT_DO, Board, away
from tests.integrations.jira.site import refused
from tests.jobs.sides import Sides

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[time_machine.Traveller]:
    monkeypatch.setenv("JIRA_TOKEN", "ATATT-t0ken")
    monkeypatch.setenv("JIRA_HOOK", "hook-s3cret")
    with time_machine.travel(NOW, tick=False) as traveller, stamina.set_testing(True, attempts=2, cap=True):
        yield traveller


@pytest.fixture
def board(httpserver: HTTPServer) -> Board:
    return Board(httpserver)


@pytest.fixture
def sides(sqlite: Engine, board: Board) -> Sides:
    return Sides(sqlite, board)


@pytest.fixture
def linked(sides: Sides, clock: time_machine.Traveller) -> Sides:
    sides.open()
    sides.keep()
    clock.shift(5 * MINUTE)
    return sides


def later(sides: Sides, clock: time_machine.Traveller, by: timedelta = 5 * MINUTE) -> None:
    clock.shift(by)
    sides.keep()


def created(board: Board) -> int:
    return sum(path.endswith("/issue") for path, _ in board.written)


def test_an_issue_is_opened_with_owner_and_day_and_says_where_it_comes_from(linked: Sides, board: Board) -> None:
    assert board.shown("OPS-1") == ("To Do", ANA, "2026-11-20")
    fields = board.issues["OPS-1"]["fields"]
    assert fields["summary"] == "Add an alert" and "ops-console" in fields["labels"]
    assert "It fires in a drill" in str(fields["description"]) and f"/actions/{linked.number}" in str(fields)
    assert (linked.ticket.state, linked.ticket.key) == ("linked", "OPS-1")
    assert ("ticket asked for", BEN) in linked.trail() and ("sent to OPS-1", "jira") in linked.trail()


def test_an_issue_that_people_opened_is_linked_by_its_address(sides: Sides, board: Board) -> None:
    key = board.open_by_hand(summary="Alert please")
    sides.link(f"{board.url}/browse/{key}")
    sides.keep()
    assert board.shown(key) == ("To Do", ANA, "2026-11-20")
    assert created(board) == 0 and "ops-console" in board.issues[key]["fields"]["labels"]


def test_an_issue_that_does_not_exist_is_told(sides: Sides, board: Board) -> None:
    sides.link("OPS-99")
    sides.keep()
    assert sides.ticket.trouble == "jira knows no OPS-99." and "link another" in str(sides.ticket.remedy)


def test_what_changes_here_is_told_there(linked: Sides, board: Board) -> None:
    linked.change(owner=BEN, due_on=date(2026, 12, 1))
    linked.move("done", evidence="the drill of today")
    linked.keep()
    assert board.shown("OPS-1") == ("Done", BEN, "2026-12-01")
    assert board.issues["OPS-1"]["fields"]["resolution"]["name"] == "Done"


def test_what_changes_there_is_taken_over_here(linked: Sides, board: Board, clock: time_machine.Traveller) -> None:
    board.assign("OPS-1", BEN)
    board.put_off("OPS-1", "2026-12-24")
    board.move("OPS-1", "In Progress", now())
    later(linked, clock)
    assert linked.here == ("in_progress", BEN, "2026-12-24")
    assert linked.action.slips == 1 and ("moved", "jira") in linked.trail()


def test_done_there_is_done_here_since_then_with_the_issue_as_proof(
    linked: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    done_at = now()
    board.move("OPS-1", "Done", done_at, "Done")
    later(linked, clock, timedelta(hours=9))
    assert linked.action.state == "done" and linked.action.done_at == done_at
    assert linked.action.evidence == f"{board.url}/browse/OPS-1"


def test_a_long_history_tells_since_when_and_a_new_workflow_completes_nothing_again(
    linked: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    board.is_cloud = True
    done_at = now()
    board.move("OPS-1", "Done", done_at, "Done")
    for number in range(60):
        board.edit("OPS-1", done_at + number * MINUTE, summary=f"Words {number}")
    board.move("OPS-1", "Closed", done_at + 90 * MINUTE, "Done", workflow="New", keep_resolution=True)
    later(linked, clock, timedelta(hours=2))
    assert linked.action.done_at == done_at


def test_dropped_there_waits_for_somebody_who_agrees(
    linked: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    board.move("OPS-1", "Closed", now(), WONT_DO)
    later(linked, clock)
    assert linked.action.state == "open" and "must agree" in linked.ticket.clashes["state"]["why"]
    with pytest.raises(Faulty):
        linked.choose("state", "there", by=ANA, reason="Not worth it.")
    linked.choose("state", "there", by=BEN, reason="Not worth it.")
    later(linked, clock)
    assert (linked.action.state, linked.action.dropped_by) == ("dropped", BEN)
    assert linked.ticket.clashes == {}


def test_dropped_here_is_closed_there_as_not_done(linked: Sides, board: Board) -> None:
    linked.move("dropped", reason="The model goes.")
    linked.keep()
    assert board.issues["OPS-1"]["fields"]["resolution"]["name"] == WONT_DO


def test_blocked_has_no_word_there_and_stays(linked: Sides, board: Board, clock: time_machine.Traveller) -> None:
    linked.move("blocked")
    linked.keep()
    later(linked, clock)
    assert board.shown("OPS-1")[0] == "In Progress" and linked.action.state == "blocked"


def test_what_both_changed_is_asked_and_overwritten_on_neither_side(
    linked: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    board.put_off("OPS-1", "2026-12-24")
    linked.change(due_on=date(2026, 12, 1), owner=BEN)
    for _ in range(3):
        later(linked, clock)
    assert (linked.here[2], board.shown("OPS-1")[2]) == ("2026-12-01", "2026-12-24")
    assert board.shown("OPS-1")[1] == BEN, "what only one side changed goes on"
    assert linked.trail().count(("differs", "jira")) == 1


@pytest.mark.parametrize(("side", "day"), [("here", "2026-12-01"), ("there", "2026-12-24")])
def test_a_person_decides_which_holds(
    linked: Sides, board: Board, clock: time_machine.Traveller, side: str, day: str
) -> None:
    board.put_off("OPS-1", "2026-12-24")
    linked.change(due_on=date(2026, 12, 1))
    later(linked, clock)
    linked.choose("due_on", side)
    linked.keep()
    assert (linked.here[2], board.shown("OPS-1")[2]) == (day, day)
    assert linked.ticket.clashes == {}


def test_a_decision_on_what_no_longer_stands_there_asks_again(
    linked: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    board.put_off("OPS-1", "2026-12-24")
    linked.change(due_on=date(2026, 12, 1))
    later(linked, clock)
    board.put_off("OPS-1", "2027-01-15")
    linked.choose("due_on", "here")
    linked.keep()
    assert linked.ticket.clashes["due_on"]["there"] == "2027-01-15" == board.shown("OPS-1")[2]


def test_the_same_change_on_both_sides_is_no_question(
    linked: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    board.put_off("OPS-1", "2026-12-01")
    linked.change(due_on=date(2026, 12, 1))
    later(linked, clock)
    assert linked.ticket.clashes == {}


def test_an_owner_whom_nobody_here_knows_is_asked_about(
    linked: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    board.assign("OPS-1", "mark@acme.example")
    later(linked, clock)
    assert linked.here[1] == ANA and "person" in linked.ticket.clashes["owner"]["why"]
    linked.choose("owner", "here")
    linked.keep()
    assert board.shown("OPS-1")[1] == ANA


def test_an_owner_whom_jira_does_not_know_is_asked_about(linked: Sides, board: Board) -> None:
    del board.people[BEN]
    linked.change(owner=BEN)
    linked.keep()
    assert "has the address ben@example.com" in linked.ticket.clashes["owner"]["why"]


def test_people_whose_addresses_are_hidden_are_known_again(
    sides: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    board.hides = True
    sides.open()
    sides.keep()
    sides.change(owner=BEN)
    later(sides, clock)
    board.assign("OPS-1", ANA)
    later(sides, clock)
    assert sides.here[1] == ANA and sides.ticket.clashes == {}


def test_an_issue_is_opened_once_although_the_answer_was_lost(
    sides: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    board.lost, board.lags = 1, True
    sides.open()
    for _ in range(3):
        sides.keep()
    board.lags = False
    later(sides, clock, 11 * MINUTE)
    assert (created(board), sides.ticket.key) == (1, "OPS-1")
    assert board.shown("OPS-1")[1:] == (ANA, "2026-11-20")


def test_one_that_never_arrived_is_opened_once_the_search_must_know_it(
    sides: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    sides.open()
    board.troubles = [None, Response(status=502)]
    sides.keep()
    assert sides.ticket.trouble and not board.issues
    later(sides, clock, 11 * MINUTE)
    assert list(board.issues) == ["OPS-1"] and sides.ticket.trouble is None


def test_while_jira_is_away_everything_waits_and_is_caught_up(
    linked: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    with away(board):
        linked.change(owner=BEN)
        later(linked, clock)
        assert linked.round.trouble and linked.round.failures == 1
        board.put_off("OPS-1", "2026-12-24")
        later(linked, clock, timedelta(hours=3))
    later(linked, clock, timedelta(hours=2))
    assert linked.here == ("open", BEN, "2026-12-24")
    assert board.shown("OPS-1") == ("To Do", BEN, "2026-12-24")
    assert linked.round.trouble is None


def test_a_write_whose_answer_was_lost_is_recognised(
    linked: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    board.lost = 1
    linked.change(owner=BEN)
    linked.keep()
    later(linked, clock, 11 * MINUTE)
    assert board.shown("OPS-1")[1] == BEN and linked.ticket.clashes == {}
    assert sum("assignee" in str(said) for _, said in board.written) == 2, "once for Ana, once for Ben"


def test_what_jira_refuses_is_said_with_what_to_do(linked: Sides, board: Board) -> None:
    linked.change(owner=BEN)
    board.closed["user/assignable/search"] = refused(403, "No.")
    board.troubles = [None, None, refused(403, "No.")]
    linked.keep()
    assert "does not let the token" in str(linked.ticket.trouble or linked.round.trouble)


def test_a_day_that_no_screen_shows_keeps_the_owner_from_nothing(sides: Sides, board: Board) -> None:
    board.screenless = {"duedate"}
    sides.open()
    sides.keep()
    assert board.shown("OPS-1") == ("To Do", ANA, None)
    assert "appropriate screen" in sides.ticket.clashes["due_on"]["why"]


def test_a_workflow_without_a_short_way_is_walked(linked: Sides, board: Board) -> None:
    board.ways |= {"To Do": ("In Progress",)}
    linked.move("done", evidence="the drill")
    linked.keep()
    assert board.shown("OPS-1")[0] == "Done"


def test_a_workflow_without_any_way_is_asked_about(linked: Sides, board: Board) -> None:
    board.ways |= {"To Do": ()}
    linked.move("done", evidence="the drill")
    linked.keep()
    assert "offers no way to done" in linked.ticket.clashes["state"]["why"]


def test_an_issue_that_is_deleted_is_told_and_the_action_stays(
    linked: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    del board.issues["OPS-1"]
    later(linked, clock, timedelta(hours=25))
    assert linked.ticket.state == "gone" and linked.action.state == "open"
    with transaction(linked.engine) as session:
        tickets.part(session, linked.ticket, BEN)
        session.flush()
    linked.open()


def test_a_delivery_brings_it_at_once_whatever_it_says(
    linked: Sides, board: Board, clock: time_machine.Traveller
) -> None:
    linked.keep()
    clock.shift(timedelta(seconds=30))
    first = board.put_off("OPS-1", "2026-12-24")
    second = board.put_off("OPS-1", "2026-12-01")
    assert linked.deliver(second) and linked.deliver(first) and not linked.deliver(second)
    linked.keep()
    assert linked.here[2] == "2026-12-01"


def test_with_nothing_to_do_jira_is_left_alone_for_two_minutes(linked: Sides, board: Board) -> None:
    linked.keep()
    asked = len(board.asked)
    linked.keep()
    assert len(board.asked) == asked


def test_one_that_is_parted_with_is_left_alone(linked: Sides, board: Board, clock: time_machine.Traveller) -> None:
    with transaction(linked.engine) as session:
        tickets.part(session, linked.ticket, BEN)
    board.put_off("OPS-1", "2026-12-24")
    later(linked, clock)
    assert linked.here[2] == "2026-11-20" and ("ticket parted with", BEN) in linked.trail()
