"""Commands are found by being there, and loaded when they are called."""

import pkgutil
import subprocess
import sys

from click.testing import CliRunner

from ops_console import cli

HEAVY = ("flask", "gunicorn", "plotly", "slack_sdk", "apscheduler", "ops_console.web", "ops_console.ingest")
CALLS = f"""
import sys
from app import main
for words in (["--help"], ["import", "--help"], ["report", "--help"]):
    sys.argv[1:] = words
    try:
        main()
    except SystemExit:
        print(*(name for name in {HEAVY} if name in sys.modules), file=sys.stderr)
"""


def test_help_lists_every_command_with_its_sentence() -> None:
    answer = CliRunner().invoke(cli.group, ["--help"]).output
    for found in pkgutil.iter_modules(cli.__path__):
        assert (f"  {found.name.rstrip('_')} " in answer) == (not found.name.startswith("_"))
    assert "Print one figure with its target, change and source." in answer


def test_a_command_loads_what_it_needs_alone() -> None:
    """One after the other in one process: each may load more than the one before it."""
    done = subprocess.run([sys.executable, "-c", CALLS], capture_output=True, text=True, check=True)
    of_help, of_import, of_report = (line.split() for line in done.stderr.split("\n")[:3])
    assert of_help == []
    assert of_import == ["ops_console.ingest"]
    assert "flask" not in of_report


def test_a_process_that_works_for_a_command_loads_nothing_of_it_again() -> None:
    """Where a command began as a script, Python runs that script again in each process it starts."""
    told = "import app, sys; print(*(name for name in sys.modules if name.startswith(('ops_console', 'sqlalchemy'))))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_command_has_the_name_it_is_listed_under() -> None:
    with cli.group.make_context("ops-console", [], resilient_parsing=True) as context:
        for name in cli.group.list_commands(context):
            command = cli.group.get_command(context, name)
            assert command is not None and command.name == name


def test_an_unknown_command_is_refused() -> None:
    answer = CliRunner().invoke(cli.group, ["nothing"])
    assert answer.exit_code == 2 and "No such command 'nothing'" in answer.output
