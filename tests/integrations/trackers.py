"""What holds for every tracker: its tests inherit from `TrackerContract`, and bring a server that speaks as it does."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from ops_console.contracts.integration import Unavailable, Unclear
from ops_console.contracts.tracker import DUE_ON, OWNER, SHARED, STATE, Board, Standing, Task
from ops_console.core.clock import now

TASK = Task("ops-console-0a1b", "Add an alert", "Done when: it fires in a drill")
KNOWN, UNKNOWN = "ana@example.com", "zoe@example.com"
DAY = "2026-12-01"
HOUR = timedelta(hours=1)


class TrackerContract(ABC):
    """`board` asks the server; the other methods are what people and networks do to it."""

    @abstractmethod
    def board(self) -> AbstractContextManager[Board]: ...
    @abstractmethod
    def open_by_hand(self) -> str:
        """The key of a ticket that people opened."""

    @abstractmethod
    def opened(self) -> int:
        """How many tickets there are."""

    @abstractmethod
    def lose_the_next_answer(self) -> None: ...
    @abstractmethod
    def go_away(self) -> None: ...

    def test_a_new_ticket_is_open_and_found_by_its_marker(self) -> None:
        with self.board() as board:
            number = board.open(TASK)
            ticket = board.read(number)
            assert ticket is not None and board.find(TASK.marker) == number
            assert (ticket.number, ticket.title) == (number, TASK.title)
            assert ticket.values == {STATE: Standing.OPEN, OWNER: None, DUE_ON: None} and ticket.done_at is None
            assert ticket.url.startswith("http") and board.find("ops-console-ffff") is None

    def test_it_is_read_by_number_and_by_key_and_gone_is_nothing(self) -> None:
        with self.board() as board:
            by_key = board.read(self.open_by_hand())
            assert by_key is not None and board.read(by_key.number) == by_key
            assert board.read("99999") is None

    @pytest.mark.parametrize("standing", [Standing.IN_PROGRESS, Standing.DONE, Standing.DROPPED, Standing.OPEN])
    def test_every_value_that_is_written_is_read(self, standing: Standing) -> None:
        with self.board() as board:
            number = board.open(TASK)
            written = board.update(number, {STATE: standing, OWNER: KNOWN, DUE_ON: DAY})
            ticket = board.read(number)
            assert ticket is not None and dict(ticket.values) == dict(written.values) and not written.refused
            assert set(written.values) == set(SHARED) and written.values[STATE] == standing
            assert (ticket.done_at is not None) == (standing in (Standing.DONE, Standing.DROPPED))

    def test_the_same_change_may_be_sent_again(self) -> None:
        with self.board() as board:
            number = board.open(TASK)
            change = {STATE: Standing.DONE, OWNER: KNOWN, DUE_ON: DAY}
            assert board.update(number, change) == board.update(number, change)

    def test_what_is_done_can_be_opened_again(self) -> None:
        with self.board() as board:
            number = board.open(TASK)
            for standing in (Standing.DONE, Standing.OPEN):
                assert board.update(number, {STATE: standing}).values == {STATE: standing}

    def test_a_value_that_cannot_be_written_keeps_no_other_from_it(self) -> None:
        with self.board() as board:
            written = board.update(board.open(TASK), {OWNER: UNKNOWN, DUE_ON: DAY})
            assert written.values == {DUE_ON: DAY} and UNKNOWN in written.refused[OWNER]

    def test_marked_tickets_that_changed_are_told_and_others_are_not(self) -> None:
        with self.board() as board:
            ours, key = board.open(TASK), self.open_by_hand()
            other = board.read(key)
            assert other is not None and {number for number, _ in board.changed(now() - HOUR)} == {ours}
            board.adopt(other.number, "ops-console-2c3d")
            assert {number for number, _ in board.changed(now() - HOUR)} == {ours, other.number}
            assert dict(board.changed(now() + HOUR)) == {}

    def test_an_answer_that_is_lost_is_unclear_and_nothing_is_sent_again(self) -> None:
        with self.board() as board:
            self.lose_the_next_answer()
            with pytest.raises(Unclear):
                board.open(TASK)
            assert self.opened() == 1 and board.find(TASK.marker) is not None

    def test_a_tracker_that_is_away_is_unavailable(self) -> None:
        self.go_away()
        with pytest.raises(Unavailable), self.board() as board:
            board.find(TASK.marker)
