"""`ops-console backup` and `restore`: a copy while the console runs, and back into an empty database."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from ops_console.cli import backup, restore
from ops_console.core.db import engine_for, reading, transaction
from ops_console.core.errors import BadInput
from ops_console.core.settings import settings
from ops_console.records import audit, workspace
from ops_console.records.audit import Decision
from ops_console.records.schema import migrate
from ops_console.records.workspace import Workspace
from tests.one_of_each import NOON


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A migrated database with a workspace and a decision; commands find it by the environment."""
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    migrate(url)
    monkeypatch.setenv("OPS_CONSOLE_DATABASE_URL", url)
    settings.cache_clear()
    engine = engine_for(url)
    with transaction(engine) as session:
        session.add(Workspace(name="Ours", time_zone="UTC", currency="USD", made_at=NOON))
        audit.record(session, Decision("moved", "action", 1, "ana"))
    return engine


def test_what_is_in_the_file_is_told(kept: Engine, tmp_path: Path) -> None:
    done = CliRunner().invoke(backup.command, [str(tmp_path / "b.db")])
    assert done.exit_code == 0
    assert "tables in" in done.stdout and "the trail of decisions holds (1)" in done.stdout
    assert "100% copied" in done.stderr


def test_a_script_gets_one_object_and_no_progress(kept: Engine, tmp_path: Path) -> None:
    done = CliRunner().invoke(backup.command, [str(tmp_path / "b.db"), "--json"])
    told = json.loads(done.output)
    assert (told["file"], told["tables"]["workspace"], told["tables"]["audit_entry"]) == (str(tmp_path / "b.db"), 1, 1)
    assert told["bytes"] == (tmp_path / "b.db").stat().st_size


def test_it_goes_back_into_an_empty_database(kept: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    CliRunner().invoke(backup.command, [str(tmp_path / "b.db")])
    url = f"sqlite:///{tmp_path / 'there.db'}"
    monkeypatch.setenv("OPS_CONSOLE_DATABASE_URL", url)
    settings.cache_clear()
    done = CliRunner().invoke(restore.command, [str(tmp_path / "b.db")])
    assert (done.exit_code, "are back" in done.stdout) == (0, True)
    with reading(engine_for(url)) as session:
        assert workspace.current(session).name == "Ours"
    settings.cache_clear()


def test_a_database_in_use_is_left_alone(kept: Engine, tmp_path: Path) -> None:
    CliRunner().invoke(backup.command, [str(tmp_path / "b.db")])
    done = CliRunner().invoke(restore.command, [str(tmp_path / "b.db")])
    assert isinstance(done.exception, BadInput) and "never overwritten" in str(done.exception)
    settings.cache_clear()
