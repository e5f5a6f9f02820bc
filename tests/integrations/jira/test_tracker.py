"""Jira as a tracker: the contract on Cloud and Data Center, and what is Jira's own."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from integrations.jira import collector, tracker, webhook
from integrations.jira.account import account
from integrations.jira.api import Jira
from ops_console.contracts.integration import Rejected, Unavailable, Unclear
from ops_console.contracts.tracker import DUE_ON, OWNER, STATE, Board, Standing
from ops_console.core.clock import now
from tests.integrations.jira.board import ANA, WONT_DO, away
from tests.integrations.jira.board import Board as Server
from tests.integrations.jira.site import REQUEST, SECRET, refused
from tests.integrations.trackers import TASK, TrackerContract


@pytest.fixture(params=["cloud", "data center"])
def server(httpserver: HTTPServer, request: pytest.FixtureRequest) -> Server:
    return Server(httpserver, is_cloud=request.param == "cloud")


def asked(server: Server) -> AbstractContextManager[Board]:
    return tracker.connect(server.setup())


class TestTheContract(TrackerContract):
    @pytest.fixture(autouse=True)
    def stands(self, server: Server) -> Iterator[None]:
        self.server = server
        yield

    def board(self) -> AbstractContextManager[Board]:
        return asked(self.server)

    def open_by_hand(self) -> str:
        return self.server.open_by_hand()

    def opened(self) -> int:
        return len(self.server.issues)

    def lose_the_next_answer(self) -> None:
        self.server.lost = 1

    def go_away(self) -> None:
        self.server.away = True


def test_a_search_goes_on_through_empty_pages(server: Server) -> None:
    server.page, server.hollow = 2, {1, 3}
    with asked(server) as board:
        opened = {board.open(TASK) for _ in range(7)}
        assert {number for number, _ in board.changed(now())} == opened


@pytest.mark.parametrize(("resolution", "standing"), [("Done", "done"), (WONT_DO, "dropped"), (None, "done")])
def test_done_is_decided_by_category_and_resolution(server: Server, resolution: str | None, standing: str) -> None:
    key = server.open_by_hand()
    server.move(key, "Closed", now(), resolution)
    with asked(server) as board:
        ticket = board.read(key)
        assert ticket is not None and ticket.values[STATE] == standing


def test_a_resolution_that_was_left_behind_does_not_make_it_done(server: Server) -> None:
    key = server.open_by_hand()
    server.move(key, "Done", now(), "Done")
    server.move(key, "In Progress", now(), keep_resolution=True)
    with asked(server) as board:
        ticket = board.read(key)
        assert ticket is not None and (ticket.values[STATE], ticket.done_at) == ("in_progress", None)


def test_an_address_that_is_hidden_is_found_and_not_told(httpserver: HTTPServer) -> None:
    server = Server(httpserver, hides=True)
    with asked(server) as board:
        number = board.open(TASK)
        assert board.update(number, {OWNER: ANA}).values == {OWNER: "acc-ana"}
        ticket = board.read(number)
        assert ticket is not None and (ticket.address, ticket.owner_name) == ("", "Ana")


def test_a_name_that_only_resembles_an_address_is_nobody(server: Server) -> None:
    server.people["ana@example.com.au"] = "acc-other"
    with asked(server) as board:
        number = board.open(TASK)
        assert board.update(number, {OWNER: ANA}).values == {OWNER: "acc-ana"}
        del server.people[ANA]
        assert OWNER in board.update(number, {OWNER: ANA}).refused


def test_a_screen_without_the_day_is_told(server: Server) -> None:
    server.screenless = {"duedate"}
    with asked(server) as board:
        refusal = board.update(board.open(TASK), {DUE_ON: "2026-12-01"}).refused
        assert "not on the appropriate screen" in refusal[DUE_ON]


def test_a_long_way_stops_where_the_workflow_goes_in_circles(server: Server) -> None:
    server.ways = {"To Do": ("In Progress",), "In Progress": ("To Do",)}
    with asked(server) as board:
        refusal = board.update(board.open(TASK), {STATE: Standing.DONE}).refused
        assert "no way to done" in refusal[STATE]


def test_whoever_may_not_write_is_told_what_to_allow(server: Server) -> None:
    with asked(server) as board:
        server.troubles = [refused(403, "You do not have permission.")]
        with pytest.raises(Rejected, match="does not let the token change") as caught:
            board.open(TASK)
        assert "create, edit, assign and move" in caught.value.remedy


def test_a_wish_to_wait_means_that_nothing_was_taken(server: Server) -> None:
    with asked(server) as board:
        server.troubles = [refused(429, "Slow down.", Retry_After="120")]
        with pytest.raises(Unavailable) as caught:
            board.open(TASK)
        assert caught.value.retry_after == 120 and not server.issues


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_write_is_sent_once_whatever_comes_of_it(server: Server, status: int) -> None:
    with asked(server) as board:
        server.troubles = [Response(status=status)]
        with pytest.raises(Unclear):
            board.open(TASK)
    assert len(server.written) == 1


def test_while_it_is_away_nothing_is_written(server: Server) -> None:
    with asked(server) as board, away(server):
        with pytest.raises(Unavailable):
            board.read("OPS-1")
        assert not server.written


def test_a_collector_cannot_write(server: Server) -> None:
    with (
        Jira(account(server.settings()), server.setup()) as jira,
        pytest.raises(Rejected, match="would change something"),
    ):
        jira.send("POST", "issue", {}, "an issue")
    assert not server.written
    list(collector.pull(server.setup(), {}, now()))


def test_deliveries_name_their_issue_and_only_signed_ones_are_let_in(server: Server) -> None:
    sent = server.submit(now(), REQUEST)
    webhook.verify(sent["headers"], sent["body"], [SECRET], now())
    assert tracker.touched(sent["event"], sent["body"]) == "10000"
    forged = sent["body"].replace(b"10000", b"10666")
    with pytest.raises(Rejected, match="signature is wrong"):
        webhook.verify(sent["headers"], forged, [SECRET], now())
    assert tracker.touched("comment_created", sent["body"]) is None
    assert tracker.touched("jira:issue_updated", b"[]") is None
