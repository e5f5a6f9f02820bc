"""`ops-console measure`"""

import click
from rich.console import Console

from ops_console.cli._days import begin_of
from ops_console.core.clock import now
from ops_console.core.db import engine_for, reading
from ops_console.core.settings import settings
from ops_console.scorecard import refresh


@click.command("measure")
@click.option("--since", help="Compute again whatever facts since this day (2026-10-01) touch.")
@click.option("--rebuild", is_flag=True, help="Compute every figure again.")
def command(since: str | None, rebuild: bool) -> None:
    """Bring the scorecard up to date with the facts: what changed, what a date names, or everything."""
    if since and rebuild:
        raise click.UsageError("Give --since or --rebuild, not both.")
    engine, started = engine_for(settings().database_url), now()
    with Console(stderr=True).status("Computing figures"):
        if rebuild or since:
            with reading(engine) as session:
                begin = begin_of(session, since)
            written = refresh.rebuild(engine, started, begin, settings().processes)
        else:
            written = refresh.refresh(engine, started, settings().processes)
    click.echo(f"The scorecard is up to date: {written:,} figures changed.")
