"""Commands are found by being there, and loaded when they are called."""

import pkgutil
import subprocess
import sys

from click.testing import CliRunner

from ops_console import cli

HEAVY = ("flask", "gunicorn", "plotly", "slack_sdk", "apscheduler", "ops_console.web", "ops_console.ingest")
CALL = """
import sys
from app import main
try:
    main()
except SystemExit:
    print(*(name for name in sys.argv.pop().split(",") if name in sys.modules), file=sys.stderr)
"""


def loaded(*words: str) -> list[str]:
    """Which of the heavy modules a call has loaded."""
    script = CALL.replace("sys.argv.pop()", repr(",".join(HEAVY)))
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=False)
    return done.stderr.split()


def test_help_lists_every_command_with_its_sentence_and_loads_none() -> None:
    answer = CliRunner().invoke(cli.group, ["--help"]).output
    for found in pkgutil.iter_modules(cli.__path__):
        assert (f"  {found.name.rstrip('_')} " in answer) == (not found.name.startswith("_"))
    assert "Print one figure with its target, change and source." in answer
    assert loaded("--help") == []


def test_a_command_loads_what_it_needs_alone() -> None:
    assert loaded("import", "--help") == ["ops_console.ingest"]
    assert "flask" not in loaded("report", "--help")


def test_every_command_has_the_name_it_is_listed_under() -> None:
    with cli.group.make_context("ops-console", [], resilient_parsing=True) as context:
        for name in cli.group.list_commands(context):
            command = cli.group.get_command(context, name)
            assert command is not None and command.name == name


def test_an_unknown_command_is_refused() -> None:
    answer = CliRunner().invoke(cli.group, ["nothing"])
    assert answer.exit_code == 2 and "No such command 'nothing'" in answer.output
