"""`ops-console replay`"""

import click

from ops_console.cli._days import begin_of
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.db import engine_for, reading
from ops_console.core.settings import settings
from ops_console.core.units import counted
from ops_console.ingest import inbox, sources


@click.command("replay")
@click.argument("source")
@click.option("--since", help="Only what arrived since this day (2026-10-01).")
@click.pass_obj
def command(parts: Parts, source: str, since: str | None) -> None:
    """Read again what SOURCE sent by webhook, after a mistake in reading it was mended. Nothing counts twice."""
    office = Office(engine_for(settings().database_url), parts, settings())
    with reading(office.engine) as session:
        found, begin = sources.named(session, source), begin_of(session, since)
    count = inbox.replay(office, found, begin)
    told = counted(count, "deliveries")
    click.echo(f"{source}: {told} read again. Those that say nothing are listed on the page of the source.")
