"""`ops-console scheduler`"""

import signal
import threading

import click

from ops_console.contracts.parts import Parts
from ops_console.core.db import engine_for
from ops_console.core.settings import settings
from ops_console.jobs import runner
from ops_console.jobs.timetable import timetable


@click.command("scheduler")
@click.option("--list", "listed", is_flag=True, help="Show the timetable and stop.")
@click.pass_obj
def command(parts: Parts, listed: bool) -> None:
    """Run the timetable: ask sources, refresh the scorecard, send reports. Any number may run at once."""
    for job in timetable(parts):
        click.echo(f"{job.name}, {job.when}: {job.why}")
    if listed:
        return
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    running = runner.start(engine_for(settings().database_url), parts)
    ended.wait()
    running.stop()
