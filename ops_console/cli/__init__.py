"""The command line. One module per command, found by being there: each offers `command`."""

import importlib
import pkgutil
import sys

import click
from sqlalchemy.exc import DatabaseError

from ops_console.contracts.parts import Parts
from ops_console.core import logs
from ops_console.core.db import is_unprepared
from ops_console.core.errors import OpsConsoleError
from ops_console.core.settings import settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ops-console")
def group() -> None:
    """Ops Console: deployments, incidents, SLOs, cost and surveys of an MLOps team, on pages and in reports."""


for _found in pkgutil.iter_modules(__path__):
    if not _found.name.startswith("_"):
        group.add_command(importlib.import_module(f"{__name__}.{_found.name}").command)


def run(parts: Parts) -> None:
    """Run one command. Exit codes: 0 done, 1 something was refused or failed, 2 the words of the call are wrong."""
    try:
        logs.configure(settings().log_format)
        group(obj=parts)
    except OpsConsoleError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
    except DatabaseError as error:
        if not is_unprepared(error):
            raise
        click.echo("Error: The database has no tables yet, or old ones. Run ops-console migrate.", err=True)
        sys.exit(1)
