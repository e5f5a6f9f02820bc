"""The shape of the database: every table's metadata, and the migrations that bring a database to it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData
from sqlmodel import SQLModel

import ops_console.records  # noqa: F401  (importing the package fills the metadata)

MIGRATIONS = Path(__file__).parents[2] / "migrations"

metadata: MetaData = SQLModel.metadata


def head() -> str:
    """The newest revision."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head() or ""


def migrate(url: str, revision: str = "head") -> None:
    """Run the migrations on the database at `url`, up or down to `revision`."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    if revision == "base" or revision.startswith("-"):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)
