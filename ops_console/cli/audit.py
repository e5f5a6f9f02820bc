"""`ops-console audit`: the trail of decisions."""

import click

from ops_console.core.db import engine_for, reading
from ops_console.core.errors import OpsConsoleError
from ops_console.core.settings import settings
from ops_console.records import audit


@click.group("audit")
def command() -> None:
    """Prove that nobody changed the trail of decisions."""


@command.command("verify")
def verify() -> None:
    """Follow the trail from its first entry to its last; the exit code is 1 where it breaks."""
    with reading(engine_for(settings().database_url)) as session:
        broken = audit.broken_at(session)
        count = audit.length(session)
    if broken is not None:
        raise OpsConsoleError(
            f"The trail of decisions breaks at entry {broken}: it, or one before it, was changed or taken out.",
            remedy="Compare the database with a backup.",
        )
    click.echo(f"The trail of decisions holds: {count:,} {'entry' if count == 1 else 'entries'}.")
