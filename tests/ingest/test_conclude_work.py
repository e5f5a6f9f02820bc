"""What one late fact costs does not grow with the history before it. Counted in steps of the database's own machine,
so that the test tells the same on every computer.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from ops_console.core.db import engine_for
from tests.ingest.story import Story, change, deployment, incident

LATE = 24 * 1000


@pytest.fixture
def sqlite_again(sqlite_template: bytes, tmp_path: Path) -> Iterator[Engine]:
    """A second empty database."""
    path = tmp_path / "again.db"
    path.write_bytes(sqlite_template)
    engine = engine_for(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def history(days: int) -> dict[str, list[dict[str, Any]]]:
    """A release a day until the late fact, each with a change, every tenth followed by an incident."""
    hours = [LATE - 24 * day for day in range(days)]
    return {
        "deployments": [
            deployment(f"d{h}", f"v{h}", h, git_sha=f"s{h}", status="failed" if h % 7 == 0 else "succeeded")
            for h in hours
        ],
        "changes": [change(f"c{h}", h - 9, deployment=f"d{h}", git_sha=f"s{h}") for h in hours],
        "incidents": [incident(f"i{h}", h + 1) for h in hours[::10]],
    }


def steps(story: Story, kind: str, fact: dict[str, Any]) -> int:
    """Tens of steps of SQLite's virtual machine that telling one fact takes."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    def watch(connection: Any) -> None:
        connection.connection.dbapi_connection.set_progress_handler(step, 10)

    event.listen(story.engine, "begin", watch)
    story.tell(kind, fact)
    event.remove(story.engine, "begin", watch)
    return count


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("deployments", deployment("late", "late", LATE - 30, git_sha="late")),
        ("changes", change("late", LATE - 60, deployment=f"d{LATE - 48}")),
        ("incidents", incident("late", LATE - 40, caused_by=f"s{LATE - 72}")),
    ],
)
def test_one_late_fact_costs_the_same_after_ten_times_the_history(
    sqlite: Engine, sqlite_again: Engine, kind: str, fact: dict[str, Any]
) -> None:
    costs = []
    for engine, days in ((sqlite, 90), (sqlite_again, 900)):
        story = Story(engine)
        for each, facts in history(days).items():
            story.tell(each, *facts)
        costs.append(steps(story, kind, fact))
    assert costs[1] <= 1.2 * costs[0]


@pytest.mark.parametrize("kind", ["deployments", "changes", "incidents"])
def test_a_batch_of_any_size_is_concluded_in_as_many_statements(sqlite: Engine, kind: str) -> None:
    told, counts = history(99), []
    Story(sqlite).tell("deployments", *told["deployments"])
    Story(sqlite).tell(kind, *told[kind])
    for batch in (told[kind][:3], told[kind]):
        statements: list[str] = []
        event.listen(sqlite, "before_cursor_execute", watch := _noting(statements))
        Story(sqlite).tell(kind, *batch)
        event.remove(sqlite, "before_cursor_execute", watch)
        counts.append(len([one for one in statements if "json_each" in one]))
    assert counts[0] == counts[1] > 0


def _noting(statements: list[str]) -> Callable[..., None]:
    return lambda *call: statements.append(call[2])
