"""Any interleaving of edits here, edits there, looks, deliveries and failures ends with both sides saying the same, and
with nothing more to do.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import stamina
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine

from ops_console.core.clock import now
from ops_console.practices.promises import Faulty
from tests.examples import examples
from tests.integrations.jira.board import ANA, BEN, WONT_DO, Board
from tests.jobs.sides import Sides

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)
DAYS = ("2026-11-25", "2026-12-01", "2026-12-24")
STATES = {"To Do": "open", "In Progress": "in_progress", "Done": "done", "Closed": "dropped"}
ENOUGH = 5
Edit = tuple[str, Any]

HERE = st.one_of(
    st.tuples(st.just("own here"), st.sampled_from((ANA, BEN))),
    st.tuples(st.just("day here"), st.sampled_from(DAYS)),
    st.tuples(st.just("move here"), st.sampled_from(("open", "in_progress", "blocked", "done"))),
)
THERE = st.one_of(
    st.tuples(st.just("own there"), st.sampled_from((ANA, BEN, None))),
    st.tuples(st.just("day there"), st.sampled_from((*DAYS, None))),
    st.tuples(st.just("move there"), st.sampled_from(tuple(STATES))),
)
AROUND = st.one_of(
    st.tuples(st.just("look"), st.none()),
    st.tuples(st.just("deliver"), st.integers(0, 20)),
    st.tuples(st.just("lose"), st.integers(1, 2)),
    st.tuples(st.just("away"), st.booleans()),
    st.tuples(st.just("wait"), st.sampled_from((1, 5, 30))),
    st.tuples(st.just("decide"), st.sampled_from(("here", "there"))),
)


class World:
    """Both sides, and the deliveries that were sent and may arrive late, twice or never."""

    def __init__(self, sides: Sides, clock: time_machine.Traveller) -> None:
        self.sides, self.board, self.clock = sides, sides.board, clock
        self.sent: list[Any] = []

    def do(self, kind: str, value: Any) -> None:
        self.clock.shift(timedelta(seconds=1))
        with suppress(Faulty):  # people are told what cannot be, and nothing changes
            DOINGS[kind](self, value)

    def move_here(self, state: str) -> None:
        self.sides.move(state, evidence="the drill")

    def move_there(self, name: str) -> None:
        if self.board.issues and self.board.shown("OPS-1")[0] != name:
            self.sent.append(self.board.move("OPS-1", name, now(), {"Done": "Done", "Closed": WONT_DO}.get(name)))

    def there(self, doing: Callable[[str], Any]) -> None:
        if self.board.issues:
            self.sent.append(doing("OPS-1"))

    def deliver(self, place: int) -> None:
        if self.sent:
            self.sides.deliver(self.sent[place % len(self.sent)])
            self.sides.keep()

    def decide(self, side: str) -> None:
        for name in list(self.sides.ticket.clashes):
            try:
                self.sides.choose(name, side, reason="We agreed.")
            except Faulty:
                self.sides.choose(name, "here")

    def settle(self) -> None:
        """Jira is there, and people answer whatever they are asked."""
        self.board.away, self.board.lost = False, 0
        for _ in range(ENOUGH):
            self.clock.shift(timedelta(minutes=61))
            self.sides.keep()
            self.decide("there")

    def is_alike(self) -> bool:
        state, owner, day = self.sides.here
        name, *rest = self.board.shown("OPS-1")
        return (STATES[name], *rest) == ({"blocked": "in_progress"}.get(state, state), owner, day)


DOINGS: dict[str, Callable[[World, Any], None]] = {
    "own here": lambda world, value: world.sides.change(owner=value),
    "day here": lambda world, value: world.sides.change(due_on=date.fromisoformat(value)),
    "move here": World.move_here,
    "own there": lambda world, value: world.there(lambda key: world.board.assign(key, value)),
    "day there": lambda world, value: world.there(lambda key: world.board.put_off(key, value)),
    "move there": World.move_there,
    "look": lambda world, _: world.sides.keep(),
    "deliver": World.deliver,
    "lose": lambda world, value: setattr(world.board, "lost", value),
    "away": lambda world, value: setattr(world.board, "away", value),
    "wait": lambda world, value: world.clock.shift(timedelta(minutes=value)),
    "decide": World.decide,
}


@pytest.fixture
def begin(
    httpserver: HTTPServer, sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[time_machine.Traveller], World]]:
    monkeypatch.setenv("JIRA_TOKEN", "ATATT-t0ken")
    monkeypatch.setenv("JIRA_HOOK", "hook-s3cret")

    def fresh(clock: time_machine.Traveller) -> World:
        httpserver.clear()
        sides = Sides(sqlite, Board(httpserver))
        sides.open()
        return World(sides, clock)

    with stamina.set_testing(True, attempts=1):
        yield fresh


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.one_of(HERE, THERE, AROUND), max_size=14))
def test_any_interleaving_ends_alike_and_comes_to_rest(
    begin: Callable[[time_machine.Traveller], World], edits: list[Edit]
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        world = begin(clock)
        for edit in edits:
            world.do(*edit)
        world.settle()
        assert len(world.board.issues) == 1
        assert world.is_alike() and world.sides.ticket.clashes == {}
        written, decided = len(world.board.written), world.sides.decisions()
        for _ in range(3):
            clock.shift(timedelta(minutes=61))
            world.sides.keep()
        assert (len(world.board.written), world.sides.decisions()) == (written, decided)


@settings(max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(here=st.lists(HERE, min_size=1, max_size=3), there=st.lists(THERE, min_size=1, max_size=3))
def test_what_both_sides_changed_stands_on_both_until_somebody_decides(
    begin: Callable[[time_machine.Traveller], World], here: list[Edit], there: list[Edit]
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        world = begin(clock)
        world.do("look", None)
        before = _values(world)
        for edit in [*here, *there]:
            world.do(*edit)
        mine, theirs = _values(world)
        for _ in range(3):
            clock.shift(timedelta(minutes=5))
            world.sides.keep()
        now_mine, now_theirs = _values(world)
        for place in range(3):
            both = before[0][place] != mine[place] and before[1][place] != theirs[place]
            if both:
                assert (now_mine[place], now_theirs[place]) == (mine[place], theirs[place])


def _values(world: World) -> tuple[tuple[str, ...], tuple[str | None, ...]]:
    name, *rest = world.board.shown("OPS-1")
    return world.sides.here, (STATES[name], *rest)
