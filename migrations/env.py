"""Alembic's entry: one engine, made as the console makes it."""

from alembic import context

from ops_console.core.db import engine_for
from ops_console.core.settings import settings
from ops_console.records.schema import metadata

engine = engine_for(context.config.attributes.get("url") or settings().database_url)
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
