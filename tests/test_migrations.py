"""Migrations run up, down and up again on filled data, and end in the tables the code describes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, Table, func, inspect, select, text, update

from ops_console.core.db import engine_for, reading, transaction
from ops_console.records.schema import MIGRATIONS, metadata, migrate
from ops_console.records.scorecard import ScorecardPoint
from tests.new_databases import new_postgres
from tests.one_of_each import fill

NOON = datetime(2026, 10, 31, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'migrated.db'}"
        return
    server = str(request.getfixturevalue("postgres_server"))
    with new_postgres(server, f"migrated_{request.getfixturevalue('worker_id')}") as address:
        yield address


def counts(engine: Engine) -> dict[str, int]:
    def rows(table: Table) -> int:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)

    with engine.connect() as connection:
        return {table.name: rows(table) for table in metadata.sorted_tables}


def test_migrations_lead_to_the_tables_the_code_describes(url: str) -> None:
    migrate(url)
    engine = engine_for(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_twice_keeps_what_is_there(url: str) -> None:
    migrate(url)
    engine = engine_for(url)
    fill(engine)
    migrate(url)
    assert set(counts(engine).values()) == {1}
    engine.dispose()


def test_migrations_run_up_down_and_up_on_filled_data(url: str) -> None:
    migrate(url)
    engine = engine_for(url)
    fill(engine)
    engine.dispose()
    migrate(url, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    migrate(url)
    fill(engine)
    assert set(counts(engine).values()) == {1}
    engine.dispose()


def test_tables_that_are_copied_keep_what_refers_to_them(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'copied.db'}"
    migrate(url)
    engine = engine_for(url)
    fill(engine)
    before = sum(1 for _ in ScriptDirectory(str(MIGRATIONS)).iterate_revisions("heads", "0024"))
    for revision in (f"-{before}", "head"):  # 0025 copies the tables of names
        migrate(url, revision)
        names = {each["name"] for each in inspect(engine).get_unique_constraints("incident")} | {
            each["name"] for each in inspect(engine).get_indexes("incident") if each["unique"]
        }
        assert ("ix_incident_external" in names) == (revision == "head")
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
            assert connection.scalar(text("SELECT count(*) FROM incident_link")) == 1
    engine.dispose()


def test_what_a_figure_tells_is_the_same_before_and_after_it_is_kept_as_text(url: str) -> None:
    told = {"mean": 1.5, "of": ["é", None, {"deep": 10**12}]}
    migrate(url)
    engine = engine_for(url)
    fill(engine)
    with transaction(engine) as session:
        session.execute(update(ScorecardPoint).values(detail=told, excluded=None))
    engine.dispose()
    steps = sum(1 for _ in ScriptDirectory(str(MIGRATIONS)).iterate_revisions("heads", "0029"))
    migrate(url, f"-{steps}")
    migrate(url)
    with reading(engine) as session:
        assert session.execute(select(ScorecardPoint.detail, ScorecardPoint.excluded)).one() == (told, None)
    engine.dispose()


def test_migrations_make_the_same_indexes_as_the_code_describes(tmp_path: Path) -> None:
    """Expressions and conditions of indexes, which the comparison above passes over."""

    def indexes(engine: Engine) -> set[str]:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"))
            return {" ".join(row[0].split()) for row in found}

    described, migrated = (engine_for(f"sqlite:///{tmp_path / name}.db") for name in ("described", "migrated"))
    metadata.create_all(described)
    migrate(str(migrated.url))
    assert indexes(described) == indexes(migrated)
