"""`ops-console backup FILE`"""

import json
from pathlib import Path

import click

from ops_console.core.db import engine_for
from ops_console.core.settings import settings
from ops_console.records.backup import back_up


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and no progress.")
def command(file: Path, as_json: bool) -> None:
    """Copy the whole database into FILE while the console runs, and prove that it is whole.

    FILE is an SQLite database, from PostgreSQL too; `ops-console restore` puts it into either.
    """
    made = back_up(engine_for(settings().database_url), file, (lambda _: None) if as_json else _say)
    size = file.stat().st_size
    if as_json:
        told = {"file": str(file), "bytes": size, "rows": made.total, "revision": made.revision, "tables": made.rows}
        click.echo(json.dumps(told))
        return
    click.echo(f"{made.total:,} rows of {len(made.rows)} tables in {file}, {size / 1_000_000:,.1f} MB.")
    click.echo(f"Looked at again: pages and references are whole, the trail of decisions holds ({made.decisions:,}).")


def _say(text: str) -> None:
    click.echo(f"  {text}", err=True)
