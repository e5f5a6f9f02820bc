"""`ops-console sync`"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from sqlmodel import Session

from ops_console.cli._days import begin_of
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.core.db import engine_for, reading
from ops_console.core.errors import BadInput
from ops_console.core.settings import settings
from ops_console.ingest import sources, sync
from ops_console.ingest.sources import Busy
from ops_console.records.sources import Source, SyncRun


@click.command("sync")
@click.argument("source", required=False)
@click.option("--since", help="Read everything since this day (2026-06-01) again.")
@click.pass_obj
def command(parts: Parts, source: str | None, since: str | None) -> None:
    """Ask SOURCE, or every source that is not paused, for what is new. A sync that was interrupted is gone on with.

    Exit code 0: all are up to date; 1: one could not be asked, and the last line says why and what to do.
    """
    office = Office(engine_for(settings().database_url), parts, settings())
    with reading(office.engine) as session:
        found = (
            [_asked(session, source)] if source else [s for s in sources.every(session) if s.minutes and not s.paused]
        )
        begin = begin_of(session, since)
    if not found:
        click.echo("Every source is paused, or none is set up yet; see the page Integrations.")
    results = [_synced(office, each, begin) for each in found]
    sys.exit(0 if all(results) else 1)


def _asked(session: Session, name: str) -> Source:
    found = sources.named(session, name)
    if not found.minutes:
        raise BadInput(f"{name} is told by webhook and cannot be asked.", remedy="Use ops-console replay.")
    return found


def _synced(office: Office, source: Source, since: datetime | None) -> bool:
    try:
        with _progress(source.name) as progress:
            run = sync.sync(office, source.id or 0, "command line", since=since, progress=progress)
    except Busy as error:
        click.echo(f"{source.name}: {error}", err=True)
        return False
    told = (
        f"{run.rows:,} {'fact' if run.rows == 1 else 'facts'}, {run.changed:,} new or changed, {run.refused:,} refused"
    )
    if run.state == sync.DONE:
        click.echo(f"{source.name}: up to date; {told}.")
        return True
    click.echo(f"{source.name}: {told}. Then: {run.error} {run.remedy or ''}".rstrip(), err=True)
    return False


@contextmanager
def _progress(name: str) -> Iterator[sync.Progress | None]:
    """A bar on standard error while somebody watches."""
    display = Console(stderr=True)
    if not display.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rows]:,} facts"))
    with Progress(*columns, TimeRemainingColumn(), console=display, transient=True) as bar:
        task = bar.add_task(name, total=None, rows=0)

        def moved(run: SyncRun) -> None:
            bar.update(task, completed=run.done, total=run.total, rows=run.rows)

        yield moved
