"""Counts what is sent to the database."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event


@pytest.fixture
def statements(sqlite: Engine) -> Iterator[list[str]]:
    """Every SELECT sent since the test cleared the list."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append(statement)

    event.listen(sqlite, "before_cursor_execute", note)
    yield sent
    event.remove(sqlite, "before_cursor_execute", note)
