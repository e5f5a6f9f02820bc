"""`ops-console demo` makes a workspace of its own and prints one link to it."""

import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from ops_console.accounts import links
from ops_console.cli import demo as command_module
from ops_console.contracts.parts import Parts
from ops_console.core.db import engine_for, reading
from ops_console.core.errors import Misconfigured
from ops_console.core.settings import PREFIX, settings
from ops_console.demo import database
from ops_console.demo.load import Loaded, load
from ops_console.records.access import Account
from ops_console.records.deployments import Release
from ops_console.records.schema import metadata
from ops_console.records.workspace import Workspace
from tests.demo.stories import ANCHOR

pytestmark = pytest.mark.xdist_group("demo command")


@contextmanager
def beside(folder: Path) -> Iterator[None]:
    """A console in a folder of its own, tables without migrations, a story of two months."""

    def make(url: str, _revision: str = "head") -> None:
        engine = engine_for(url)
        metadata.create_all(engine)
        engine.dispose()

    kept = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"{PREFIX}DATABASE_URL", f"sqlite:///{folder / 'ops-console.db'}")
        patch.setattr(database, "migrate", make)
        patch.setattr(command_module, "load", lambda engine, at, progress: load(engine, at, progress, months=1))
        settings.cache_clear()
        yield
    for name in set(os.environ) - set(kept):
        del os.environ[name]
    os.environ |= kept
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _beside(tmp_path: Path) -> Iterator[None]:
    with beside(tmp_path):
        yield


@dataclass(frozen=True)
class Made:
    """What the first start of a demo said, and the folder it was started in."""

    result: Result
    folder: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("demo")
    with beside(folder):
        return Made(_run("--no-serve", "--port", "8123"), folder)


@pytest.fixture
def again(made: Made, tmp_path: Path) -> str:
    """The address of the same demo in this test's folder."""
    for path in made.folder.iterdir():
        shutil.copy(path, tmp_path)
    return f"sqlite:///{tmp_path / database.FILE}"


def _run(*words: str) -> Result:
    with time_machine.travel(ANCHOR):
        return CliRunner().invoke(command_module.command, words, obj=Parts())


def _keys(result: Result) -> list[str]:
    return re.findall(r"http://127\.0\.0\.1:\d+/sign-in/link/(\S+)", result.output)


def test_it_prints_exactly_one_link_that_signs_in(made: Made) -> None:
    assert made.result.exit_code == 0, made.result.output
    (key,) = _keys(made.result)
    assert "http://127.0.0.1:8123/" in made.result.output
    with reading(engine_for(f"sqlite:///{made.folder / database.FILE}")) as session:
        visitor = links.peek(session, key, ANCHOR)
        assert visitor is not None and visitor.role == "admin"
        assert session.scalars(select(Workspace.is_demo)).all() == [True]
        assert session.scalar(select(func.count()).select_from(Release))


def test_the_console_of_the_same_folder_stays_untouched(made: Made) -> None:
    assert sorted(path.name for path in made.folder.glob("*.db")) == [database.FILE]


def test_a_second_start_adds_and_changes_nothing_but_a_link(again: str, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[Loaded] = []
    loading = command_module.load
    monkeypatch.setattr(command_module, "load", lambda *given: loaded.append(loading(*given)) or loaded[-1])
    result = _run("--no-serve")
    assert "0 new facts" in result.output
    assert [(each.new, each.changed) for each in loaded] == [(0, 0)]
    with reading(engine_for(again)) as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_it_serves_the_demo_and_nothing_else(again: str, monkeypatch: pytest.MonkeyPatch) -> None:
    served: dict[str, object] = {}
    monkeypatch.setattr(
        command_module.serve.command, "callback", lambda **given: served.update(given, url=settings().database_url)
    )
    _run("--port", "8124")
    assert served["port"] == 8124
    assert served["url"] == again


def test_a_port_that_is_taken_is_named_before_anything_is_loaded(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = _run("--port", str(taken.getsockname()[1]))
    assert isinstance(result.exception, Misconfigured)
    assert not list(tmp_path.glob("*.db"))


def test_a_real_workspace_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'real.db'}"
    engine = engine_for(url)
    metadata.create_all(engine)
    result = _run("--no-serve", "--database", url)
    assert isinstance(result.exception, Misconfigured)
