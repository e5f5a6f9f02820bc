"""A backup is one SQLite file with every row, whichever database it was made of; it goes back into either."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, delete, func, inspect, select, text
from sqlalchemy.exc import DatabaseError

from ops_console.core.db import JSON, engine_for, reading, transaction
from ops_console.core.errors import BadInput, Misconfigured, OpsConsoleError
from ops_console.records import audit
from ops_console.records.copying import Said, copy
from ops_console.records.schema import head, metadata, migrate

PAGES = 20_000
"""Of a database file that are copied before others may write again."""
REVISION = "SELECT version_num FROM alembic_version"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a file holds, after it was looked at; `decisions` is the length of the trail, which holds."""

    rows: dict[str, int]
    revision: str
    decisions: int

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def back_up(engine: Engine, path: Path, said: Said) -> Backup:
    """Made beside the path and put there when it was found whole. Others may go on reading and writing meanwhile."""
    if path.exists():
        raise BadInput(f"{path} is there already.", remedy="Choose another name; a backup never replaces a file.")
    if not path.absolute().parent.is_dir():
        raise BadInput(f"There is no folder {path.absolute().parent}.", remedy="Make it first.")
    _at_head(engine)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)
        found = (
            _from_sqlite(engine, part, said) if engine.dialect.name == "sqlite" else _from_server(engine, part, said)
        )
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)  # where it did not get its name
    return found


def _at_head(engine: Engine) -> None:
    with engine.connect() as connection:
        if connection.scalar(text(REVISION)) != head():
            raise Misconfigured("The database has the shape of an older version.", remedy="Run ops-console migrate.")


def _from_sqlite(engine: Engine, part: Path, said: Said) -> Backup:
    """By the database's own means, which give one moment of it: https://www.sqlite.org/backup.html"""
    with closing(sqlite3.connect(engine.url.database or "")) as origin, closing(sqlite3.connect(part)) as onto:
        origin.backup(onto, pages=PAGES, progress=lambda _, left, all_: said(f"{1 - left / max(all_, 1):.0%} copied"))
        onto.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    return check(part)


def _from_server(engine: Engine, part: Path, said: Said) -> Backup:
    copied = _filled(engine, f"sqlite:///{part}", said)
    with closing(sqlite3.connect(part)) as onto:
        onto.execute("PRAGMA journal_mode=DELETE")
    found = check(part)
    _same(copied, found.rows)
    return found


def check(path: Path) -> Backup:
    """Whether a file is a whole backup: its pages, its references, its trail of decisions."""
    if not path.is_file():
        raise BadInput(f"There is no file {path}.", remedy="Name a file that `ops-console backup` made.")
    engine = create_engine(f"sqlite:///file:{quote(str(path.absolute()))}?mode=ro&uri=true", **JSON)
    try:
        with engine.connect() as connection:
            wrong = connection.scalar(text("PRAGMA integrity_check"))
            lost = connection.execute(text("PRAGMA foreign_key_check")).first()
            revision = str(connection.scalar(text(REVISION)))
            tables = set(inspect(connection).get_table_names())
            known = [table for table in metadata.sorted_tables if table.name in tables]
            rows = {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in known}
        with reading(engine) as session:
            broken, decisions = audit.broken_at(session), audit.length(session)
    except DatabaseError as error:
        raise BadInput(f"{path} is no backup, or a damaged one: {error.orig}.") from None
    finally:
        engine.dispose()
    if wrong != "ok":
        raise BadInput(f"{path} is damaged: {wrong}.", remedy="Use another backup.")
    if lost is not None:
        raise BadInput(f"A row of {lost[0]} in {path} lost what it refers to.", remedy="Use another backup.")
    if broken is not None:
        raise BadInput(f"The trail of decisions in {path} breaks at entry {broken}.", remedy="Use an earlier backup.")
    return Backup(rows, revision, decisions)


def restore(path: Path, url: str, said: Said) -> Backup:
    """Into a database that has no tables yet; an older backup is brought to the shape of today on its way."""
    check(path)
    onto = engine_for(url)
    if inspect(onto).get_table_names():
        raise BadInput(
            "The database that OPS_CONSOLE_DATABASE_URL names is in use.",
            remedy="Name one that is empty: what is there is never overwritten.",
        )
    onto.dispose()
    with tempfile.TemporaryDirectory(prefix="ops-console-restore-") as folder:
        fresh = Path(folder) / "backup.db"
        shutil.copyfile(path, fresh)
        try:
            migrate(f"sqlite:///{fresh}")
        except CommandError:
            raise BadInput(f"{path} was made by a newer version.", remedy="Install that version.") from None
        origin = engine_for(f"sqlite:///{fresh}")
        copied = _filled(origin, url, said)
        origin.dispose()
    with engine_for(url).connect() as connection:
        there = {t.name: connection.scalar(select(func.count()).select_from(t)) or 0 for t in metadata.sorted_tables}
    _same(copied, there)
    return Backup(there, head(), there[audit.AuditEntry.__tablename__])


def _filled(origin: Engine, url: str, said: Said) -> dict[str, int]:
    """A new database with every row of another one; what migrations put there comes with the rows."""
    migrate(url)
    onto = engine_for(url)
    with transaction(onto) as session:
        for table in reversed(metadata.sorted_tables):
            session.execute(delete(table))
    copied = copy(origin, onto, said)
    onto.dispose()
    return copied


def _same(copied: dict[str, int], there: dict[str, int]) -> None:
    missing = [name for name, count in copied.items() if there.get(name) != count]
    if missing:
        raise OpsConsoleError(f"Not every row arrived: {', '.join(missing)}.", remedy="Try again.")
