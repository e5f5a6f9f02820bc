"""A backup holds every row, of either database and into either; what is not whole is never taken for one."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update

from ops_console.core.db import engine_for, reading, transaction
from ops_console.core.errors import BadInput, Misconfigured
from ops_console.records import audit
from ops_console.records.audit import AuditEntry, Decision
from ops_console.records.backup import back_up, check, restore
from ops_console.records.costs import CostPartition
from ops_console.records.schema import head, metadata, migrate
from tests.new_databases import new_postgres
from tests.one_of_each import fill

Told = list[str]


@pytest.fixture
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str, str], str]]:
    """`new("postgres", "there")` is the address of a database without a single table."""
    opened = []

    def address(kind: str, name: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        server, worker = (str(request.getfixturevalue(each)) for each in ("postgres_server", "worker_id"))
        opened.append(new_postgres(server, f"{name}_{worker}"))
        return opened[-1].__enter__()

    yield address
    for each in opened:
        each.__exit__(None, None, None)


def filled(url: str) -> Engine:
    """One of each, and a trail of two decisions that holds."""
    migrate(url)
    engine = engine_for(url)
    fill(engine)
    with transaction(engine) as session:
        session.execute(delete(AuditEntry))
        audit.record(session, *(Decision("moved", "action", number, "ana") for number in (1, 2)))
    return engine


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with reading(engine) as session:
        return {table.name: [tuple(row) for row in session.execute(select(table))] for table in metadata.sorted_tables}


@pytest.mark.parametrize("origin", ["sqlite", "postgres"])
@pytest.mark.parametrize("onto", ["sqlite", "postgres"])
def test_every_row_comes_back_in_either_database(
    new: Callable[[str, str], str], tmp_path: Path, origin: str, onto: str
) -> None:
    engine, told = filled(new(origin, "kept")), Told()
    made = back_up(engine, tmp_path / "b.db", told.append)
    assert (made.revision, made.decisions, made.total) == (head(), 2, len(metadata.sorted_tables) + 1)
    url = new(onto, "there")
    assert restore(tmp_path / "b.db", url, told.append).rows == made.rows

    there = engine_for(url)
    assert contents(there) == contents(engine)
    with transaction(there) as session:  # numbers go on
        audit.record(session, Decision("moved", "action", 3, "ana"))
        assert audit.broken_at(session) is None
    for each in (engine, there):
        each.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_null_of_json_is_not_lost_and_no_digit_is(new: Callable[[str, str], str], tmp_path: Path, kind: str) -> None:
    engine = filled(new(kind, "kept"))
    exact = "123456789012345678.123456789"
    with transaction(engine) as session:
        session.execute(update(CostPartition).values(billed=exact, quality=["a", "ü"]))
    back_up(engine, tmp_path / "b.db", lambda _: None)
    with closing(sqlite3.connect(tmp_path / "b.db")) as opened:
        (billed, quality) = opened.execute("SELECT billed, quality FROM cost_partition").fetchone()
        before = opened.execute("SELECT before FROM audit_entry").fetchall()
    assert (billed, sorted(quality.replace(" ", ""))) == (exact, sorted('["a","ü"]'))
    assert before == [("null",), ("null",)]
    engine.dispose()


def test_it_is_one_file_that_only_its_owner_reads(new: Callable[[str, str], str], tmp_path: Path) -> None:
    engine = filled(new("sqlite", "kept"))
    back_up(engine, tmp_path / "b.db", lambda _: None)
    assert sorted(each.name for each in tmp_path.glob("b.db*")) == ["b.db"]
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o600
    engine.dispose()


def test_what_is_written_meanwhile_does_not_disturb_it(new: Callable[[str, str], str], tmp_path: Path) -> None:
    engine = filled(new("sqlite", "kept"))
    with transaction(engine) as session:
        audit.record(session, Decision("moved", "action", 3, "ana"))
        made = back_up(engine, tmp_path / "b.db", lambda _: None)
    assert made.decisions == 2
    engine.dispose()


def test_a_file_that_is_there_is_never_replaced(new: Callable[[str, str], str], tmp_path: Path) -> None:
    engine = filled(new("sqlite", "kept"))
    (tmp_path / "b.db").write_text("mine")
    with pytest.raises(BadInput, match="is there already"):
        back_up(engine, tmp_path / "b.db", lambda _: None)
    assert (tmp_path / "b.db").read_text() == "mine"
    with pytest.raises(BadInput, match="no folder"):
        back_up(engine, tmp_path / "none" / "b.db", lambda _: None)
    engine.dispose()


def test_a_trail_that_breaks_makes_no_backup_and_leaves_no_half_of_one(
    new: Callable[[str, str], str], tmp_path: Path
) -> None:
    engine = filled(new("sqlite", "kept"))
    with transaction(engine) as session:
        session.execute(update(AuditEntry).values(by="nobody"))
    with pytest.raises(BadInput, match="trail of decisions"):
        back_up(engine, tmp_path / "b.db", lambda _: None)
    assert list(tmp_path.glob("b.db*")) == []
    engine.dispose()


def test_a_database_of_an_older_shape_is_migrated_first(new: Callable[[str, str], str], tmp_path: Path) -> None:
    url = new("sqlite", "kept")
    migrate(url)
    migrate(url, "-1")
    engine = engine_for(url)
    with pytest.raises(Misconfigured, match="older version"):
        back_up(engine, tmp_path / "b.db", lambda _: None)
    engine.dispose()


def test_a_backup_of_an_older_version_is_brought_to_the_shape_of_today(
    new: Callable[[str, str], str], tmp_path: Path
) -> None:
    engine = filled(new("sqlite", "kept"))
    back_up(engine, tmp_path / "b.db", lambda _: None)
    migrate(f"sqlite:///{tmp_path / 'b.db'}", "-1")
    assert check(tmp_path / "b.db").revision != head()
    assert restore(tmp_path / "b.db", new("sqlite", "there"), lambda _: None).revision == head()
    engine.dispose()


def test_one_of_a_newer_version_is_refused_in_so_many_words(new: Callable[[str, str], str], tmp_path: Path) -> None:
    engine = filled(new("sqlite", "kept"))
    back_up(engine, tmp_path / "b.db", lambda _: None)
    with closing(sqlite3.connect(tmp_path / "b.db")) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BadInput, match="newer version"):
        restore(tmp_path / "b.db", new("sqlite", "there"), lambda _: None)
    engine.dispose()


def test_a_database_in_use_is_never_overwritten(new: Callable[[str, str], str], tmp_path: Path) -> None:
    engine = filled(new("sqlite", "kept"))
    back_up(engine, tmp_path / "b.db", lambda _: None)
    before = contents(engine)
    with pytest.raises(BadInput, match="is in use"):
        restore(tmp_path / "b.db", str(engine.url), lambda _: None)
    assert contents(engine) == before
    engine.dispose()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "no backup, or a damaged one"),
        (lambda path: path.write_text("name,team"), "no backup, or a damaged one"),
        (lambda path: path.unlink(), "There is no file"),
    ],
)
def test_a_file_that_is_not_whole_is_refused(
    new: Callable[[str, str], str], tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    engine = filled(new("sqlite", "kept"))
    back_up(engine, tmp_path / "b.db", lambda _: None)
    spoil(tmp_path / "b.db")
    with pytest.raises(BadInput, match=said):
        restore(tmp_path / "b.db", new("sqlite", "there"), lambda _: None)
    assert not (tmp_path / "there.db").exists()
    engine.dispose()


def test_a_row_that_lost_what_it_refers_to_is_found(new: Callable[[str, str], str], tmp_path: Path) -> None:
    engine = filled(new("sqlite", "kept"))
    back_up(engine, tmp_path / "b.db", lambda _: None)
    with closing(sqlite3.connect(tmp_path / "b.db")) as opened, opened:
        opened.execute("DELETE FROM catalog_entry")
    with pytest.raises(BadInput, match="lost what it refers to"):
        check(tmp_path / "b.db")
    engine.dispose()
