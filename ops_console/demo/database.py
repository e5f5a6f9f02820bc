"""The demo's own database: never the one that holds real facts."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, inspect, make_url
from sqlmodel import Session, select

from ops_console.core.db import engine_for, reading
from ops_console.core.errors import Misconfigured
from ops_console.demo import company
from ops_console.records.schema import migrate
from ops_console.records.workspace import Workspace

FILE = "ops-console-demo.db"
FRESH_FOR = timedelta(days=31)
"""An older demo is told anew, so that its bad month stays about three months back."""


def address(configured: str) -> str:
    """A file beside the configured SQLite database, else in the working directory."""
    url = make_url(configured)
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    folder = Path(url.database or "").parent if is_file else Path()
    return f"sqlite:///{folder / FILE}"


def prepared(url: str, now: datetime, *, fresh: bool = False) -> Engine:
    """The migrated demo database at `url`; emptied first if its story has grown old or `fresh` is asked for.

    `Misconfigured` if the database holds anything but a demo.
    """
    made_at = _made_at(url)
    if made_at is not None and (fresh or not timedelta() <= now - made_at < FRESH_FOR):
        _empty(url)
    migrate(url)
    return engine_for(url)


def workspace(session: Session, now: datetime) -> Workspace:
    """The demo's workspace, made when it is not there yet; `made_at` anchors its story."""
    kept = session.exec(select(Workspace).limit(1)).first()
    if kept is None:
        kept = Workspace(
            name=company.WORKSPACE_NAME,
            time_zone=company.ZONE,
            currency=company.CURRENCY,
            country=company.COUNTRY,
            is_demo=True,
            made_at=now,
        )
        session.add(kept)
        session.flush()
    return kept


def _made_at(url: str) -> datetime | None:
    """When the demo in this database was made; None where there is none yet."""
    path = _file(url)
    if path is not None and not path.exists():
        return None
    engine = engine_for(url)
    try:
        tables = set(inspect(engine).get_table_names())
        if not tables:
            return None
        kept = None
        if Workspace.__tablename__ in tables:
            with reading(engine) as session:
                kept = session.exec(select(Workspace).limit(1)).first()
        if kept is None or not kept.is_demo:
            raise Misconfigured(
                f"{make_url(url).render_as_string()} holds something other than a demo, so it is left alone.",
                remedy="Name another database with --database.",
            )
        return kept.made_at
    finally:
        engine.dispose()


def _empty(url: str) -> None:
    path = _file(url)
    if path is None:
        migrate(url, "base")
        return
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None
