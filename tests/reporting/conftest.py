"""A workspace in London on a fixed day, on either database."""

from collections.abc import Iterator

import pytest
import time_machine
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.records.workspace import Workspace as Home
from tests.practices.stories import TODAY


@pytest.fixture
def session(database: Engine) -> Iterator[Session]:
    with time_machine.travel(TODAY, tick=False), transaction(database) as opened:
        opened.add(Home(name="Ops", time_zone="Europe/London", currency="GBP", made_at=now()))
        opened.flush()
        yield opened
