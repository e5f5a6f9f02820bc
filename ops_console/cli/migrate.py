"""`ops-console migrate`"""

import click

from ops_console.core.settings import settings
from ops_console.records.schema import migrate


@click.command("migrate")
@click.argument("revision", default="head")
def command(revision: str) -> None:
    """Bring the database to the newest shape (or to REVISION)."""
    migrate(settings().database_url, revision)
    click.echo("The database is up to date." if revision == "head" else f"The database is at {revision}.")
