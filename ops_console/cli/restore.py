"""`ops-console restore FILE`"""

from pathlib import Path

import click

from ops_console.core.settings import settings
from ops_console.records.backup import restore


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Put the backup FILE into the empty database that OPS_CONSOLE_DATABASE_URL names, SQLite or PostgreSQL.

    The file is proven whole first; what is there already is never overwritten.
    """
    made = restore(file, settings().database_url, lambda text: click.echo(f"  {text}", err=True))
    click.echo(
        f"{made.total:,} rows of {len(made.rows)} tables are back; the trail of decisions has {made.decisions:,}."
    )
