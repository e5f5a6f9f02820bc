"""The demo lives in a database of its own and never touches another."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from ops_console.core.db import engine_for, reading, transaction
from ops_console.core.errors import Misconfigured
from ops_console.demo import company, database
from ops_console.records.schema import metadata
from ops_console.records.workspace import Workspace
from tests.demo.stories import ANCHOR


@pytest.fixture(autouse=True)
def _tables_without_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    def make_or_drop(url: str, revision: str = "head") -> None:
        engine = engine_for(url)
        metadata.drop_all(engine) if revision == "base" else metadata.create_all(engine)
        engine.dispose()

    monkeypatch.setattr(database, "migrate", make_or_drop)


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'demo.db'}"


def _made(url: str, at: object = ANCHOR, *, is_demo: bool = True) -> Engine:
    engine = database.prepared(url, ANCHOR)
    with transaction(engine) as session:
        database.workspace(session, ANCHOR).is_demo = is_demo
    return engine


@pytest.mark.parametrize(
    ("configured", "expected"),
    [
        ("sqlite:////var/lib/console/ops.db", "sqlite:////var/lib/console/ops-console-demo.db"),
        ("sqlite:///ops-console.db", "sqlite:///ops-console-demo.db"),
        ("sqlite://", "sqlite:///ops-console-demo.db"),
        ("postgresql://user@db/ops", "sqlite:///ops-console-demo.db"),
    ],
)
def test_its_file_lies_beside_the_console(configured: str, expected: str) -> None:
    assert database.address(configured) == expected


def test_the_workspace_says_that_it_is_a_demo(tmp_path: Path) -> None:
    with reading(_made(_url(tmp_path))) as session:
        made = session.scalars(select(Workspace)).one()
    assert (made.is_demo, made.name, made.time_zone, made.made_at) == (
        True,
        company.WORKSPACE_NAME,
        "Europe/London",
        ANCHOR,
    )


@pytest.mark.parametrize("fresh", [False, True])
def test_a_real_workspace_is_left_alone(tmp_path: Path, fresh: bool) -> None:
    _made(_url(tmp_path), is_demo=False)
    with pytest.raises(Misconfigured, match="other than a demo"):
        database.prepared(_url(tmp_path), ANCHOR, fresh=fresh)


def test_a_database_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    with engine_for(_url(tmp_path)).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (id INTEGER)")
    with pytest.raises(Misconfigured, match="other than a demo"):
        database.prepared(_url(tmp_path), ANCHOR)


def _anchor_after(folder: Path, days: int, *, fresh: bool = False) -> object:
    _made(_url(folder)).dispose()
    later = ANCHOR + timedelta(days=days)
    with transaction(database.prepared(_url(folder), later, fresh=fresh)) as session:
        return database.workspace(session, later).made_at - ANCHOR


def test_tomorrow_the_same_demo_goes_on(tmp_path: Path) -> None:
    assert _anchor_after(tmp_path, 1) == timedelta()


def test_an_old_demo_is_told_anew(tmp_path: Path) -> None:
    assert _anchor_after(tmp_path, 40) == timedelta(days=40)


def test_a_fresh_one_can_be_asked_for(tmp_path: Path) -> None:
    assert _anchor_after(tmp_path, 1, fresh=True) == timedelta(days=1)


def test_a_demo_from_the_future_is_told_anew(tmp_path: Path) -> None:
    assert _anchor_after(tmp_path, -2) == timedelta(days=-2)


def test_an_old_demo_on_a_server_is_emptied_in_place(postgres: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(database, "migrate", lambda _url, revision="head": asked.append(revision))
    url = postgres.url.render_as_string(hide_password=False)
    with transaction(postgres) as session:
        database.workspace(session, ANCHOR)
    database.prepared(url, ANCHOR, fresh=True).dispose()
    assert asked == ["base", "head"]
