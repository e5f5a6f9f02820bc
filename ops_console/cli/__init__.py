"""The command line. One module per command, found by being there: each offers `command`.

A module is loaded when its command is called, for together they load half of what is installed.
"""

import ast
import importlib
import pkgutil
import sys
from importlib.abc import InspectLoader
from importlib.util import find_spec

import click
from sqlalchemy.exc import DatabaseError

from ops_console.contracts.parts import Parts
from ops_console.core import logs
from ops_console.core.db import is_unprepared
from ops_console.core.errors import OpsConsoleError
from ops_console.core.settings import settings


class Commands(click.Group):
    """Commands by the names of their modules; a name that Python keeps for itself carries an underscore there."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _modules().get(cmd_name)
        command: click.Command | None = importlib.import_module(module).command if module else None
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        commands = [click.Command(name, help=_told(module)) for name, module in sorted(_modules().items())]
        room = formatter.width - 6 - max(len(command.name or "") for command in commands)
        with formatter.section("Commands"):
            formatter.write_dl([(command.name or "", command.get_short_help_str(room)) for command in commands])


def _modules() -> dict[str, str]:
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return {name.rstrip("_"): f"{__name__}.{name}" for name in found if not name.startswith("_")}


def _told(module: str) -> str:
    """What a command says of itself, read from its source without loading it."""
    spec = find_spec(module)
    source = spec.loader.get_source(module) if spec and isinstance(spec.loader, InspectLoader) else None
    functions = (node for node in ast.parse(source or "").body if isinstance(node, ast.FunctionDef))
    return next((ast.get_docstring(node) or "" for node in functions if node.name == "command"), "")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ops-console")
def group() -> None:
    """Ops Console: deployments, incidents, SLOs, cost and surveys of an MLOps team, on pages and in reports."""


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
