"""Alembic's entry: one engine, made as the console makes it."""

from typing import Any

from alembic import context
from sqlalchemy import event

from ops_console.core.db import engine_for
from ops_console.core.settings import settings
from ops_console.records.schema import metadata


def _may_copy_tables(raw: Any, _record: Any) -> None:
    """A table is altered by copying it, and while there is none of its name nothing can refer to it. Inside a
    transaction the switch does nothing: https://www.sqlite.org/lang_altertable.html#otheralter
    """
    raw.execute("PRAGMA foreign_keys=OFF")


engine = engine_for(context.config.attributes.get("url") or settings().database_url)
if engine.dialect.name == "sqlite":
    event.listen(engine, "connect", _may_copy_tables)
with engine.execution_options(writes=True).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,  # SQLite cannot alter a table in place
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
