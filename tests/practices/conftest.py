"""A fixed day, and people who may own what is promised."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from sqlalchemy import Engine, event
from sqlmodel import Session

from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.records.workspace import Workspace as Home
from tests.practices.stories import ANA, BEN, TODAY
from tests.web.pages.builders import Workspace


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TODAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def session(sqlite: Engine) -> Iterator[Session]:
    with transaction(sqlite) as opened:
        settled(opened)
        yield opened


@pytest.fixture
def rows(session: Session) -> Workspace:
    return Workspace(session)


def settled(session: Session) -> None:
    """A workspace in London with two people."""
    session.add(Home(name="Ops", time_zone="Europe/London", currency="GBP", made_at=now()))
    for email in (ANA, BEN):
        people.add(session, email, Role.EDITOR, now())


@pytest.fixture
def counted(sqlite: Engine) -> Callable[[Callable[[], object]], int]:
    """How many statements something takes."""

    def count(doing: Callable[[], object]) -> int:
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
            seen.append(statement)

        event.listen(sqlite, "before_cursor_execute", note)
        doing()
        event.remove(sqlite, "before_cursor_execute", note)
        return len(seen)

    return count
