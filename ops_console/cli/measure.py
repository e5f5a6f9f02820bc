"""`ops-console measure`"""

from datetime import date

import click
from rich.console import Console

from ops_console.core.clock import now
from ops_console.core.db import engine_for, transaction
from ops_console.core.errors import BadInput
from ops_console.core.periods import midnight
from ops_console.core.settings import settings
from ops_console.records import workspace
from ops_console.scorecard import refresh


@click.command("measure")
@click.option("--since", help="Compute again whatever facts since this day (2026-10-01) touch.")
@click.option("--rebuild", is_flag=True, help="Compute every figure again.")
def command(since: str | None, rebuild: bool) -> None:
    """Bring the scorecard up to date with the facts: what changed, what a date names, or everything."""
    if since and rebuild:
        raise click.UsageError("Give --since or --rebuild, not both.")
    engine, started = engine_for(settings().database_url), now()
    with Console(stderr=True).status("Computing figures"), transaction(engine) as session:
        if rebuild or since:
            begin = midnight(_day(since), workspace.current(session).zone) if since else None
            written = refresh.rebuild(session, started, begin)
        else:
            written = refresh.refresh(session, started)
    click.echo(f"The scorecard is up to date: {written:,} figures computed.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no day.", remedy="Write it as 2026-10-01.") from None
