"""`ops-console demo`: an invented company to look around in, in a database of its own."""

import logging
import os
import socket
from datetime import datetime

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine

from ops_console.accounts import links, people
from ops_console.accounts.roles import Role
from ops_console.cli import serve
from ops_console.contracts.parts import Parts
from ops_console.core import logs
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.core.errors import Misconfigured
from ops_console.core.settings import PREFIX, settings
from ops_console.demo import company, database, reports
from ops_console.demo.load import Loaded, load

VISITOR = "visitor@quillmark.example"
HOST = "127.0.0.1"


@click.command("demo")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to serve on.")
@click.option("--no-serve", is_flag=True, help="Load the workspace and stop.")
@click.option("--fresh", is_flag=True, help="Begin anew, without what was changed in the demo before.")
@click.option("--database", "url", default="", help="Address of its database; a file beside the console's by default.")
@click.pass_context
def command(context: click.Context, port: int, no_serve: bool, fresh: bool, url: str) -> None:
    """Make or top up the demo workspace, print a link to it, and serve it. It sends nothing, ever."""
    if not no_serve:
        _claim(port)
    url, started = url or database.address(settings().database_url), now()
    _serve_as(url, port)
    logs.configure(settings().log_format, logging.WARNING)
    engine = database.prepared(url, started, fresh=fresh)
    loaded = _load(engine, context.find_object(Parts) or Parts(), started)
    click.echo(f"{company.WORKSPACE_NAME}: {loaded.new:,} new facts up to today, in {engine.url.render_as_string()}.")
    click.echo(f"Sign in, once within 24 hours: {_link(engine, started)}")
    engine.dispose()
    if not no_serve:
        logs.configure(settings().log_format)
        context.invoke(serve.command, host=HOST, port=port, workers=1, web_only=False)


def _load(engine: Engine, parts: Parts, at: datetime) -> Loaded:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        task = display.add_task("", total=None)
        loaded = load(engine, at, lambda doing, rows: display.update(task, description=doing, completed=rows))
        display.update(task, description="Last month's report", completed=len(parts.reports))
        reports.make(engine, parts, settings(), at)
    return loaded


def _link(engine: Engine, at: datetime) -> str:
    """The one link: whoever opens it looks around as an administrator."""
    with transaction(engine) as session:
        account = people.add(session, VISITOR, Role.ADMIN, at, name="Visitor")
        return links.address(settings().base_url, links.make(session, account, at))


def _serve_as(url: str, port: int) -> None:
    """From here on this process is the demo's: its database, and its address unless one is given."""
    os.environ[f"{PREFIX}DATABASE_URL"] = url
    os.environ.setdefault(f"{PREFIX}BASE_URL", f"http://{HOST}:{port}")
    settings.cache_clear()


def _claim(port: int) -> None:
    """Say that the port is taken before anything is loaded, not after."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Misconfigured(
                f"Port {port} cannot be used ({error.strerror}).", remedy=f"Try --port {port + 1}."
            ) from None
