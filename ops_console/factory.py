"""Puts the parts together: settings, database, pages, command line."""

from ops_console import cli
from ops_console.contracts.parts import Parts


def command_line(parts: Parts) -> None:
    """Run the command that the process was called with."""
    cli.run(parts)
