"""What the README says can be typed, set and opened is there."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ops_console import cli
from ops_console.contracts.facts import KINDS
from ops_console.core.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = sorted(set(re.findall(r"^\$ \.venv/bin/ops-console (.+)$", README, re.M)))
TARGETS = sorted(set(re.findall(r"(?:^\$ |`)make ([a-z0-9-]+)", README, re.M)))


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_and_option_exists(line: str) -> None:
    words = line.split()
    command: click.Command = cli.group
    context = click.Context(command)
    while isinstance(command, click.Group):
        found = command.get_command(context, words.pop(0))
        assert found is not None, line
        command = found
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.M)


def test_the_suite_leaves_no_database_out() -> None:
    (recipe,) = re.findall(r"^test:.*\n\t(.+)$", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert "pytest" in recipe and " -k " not in recipe and re.findall(r'-m "(.+?)"', recipe) == ["not servers"]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_there_with_its_help(name: str) -> None:
    assert f"| `{PREFIX}{name.upper()}` | {Settings.model_fields[name].description} |" in README


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fact_stands_there(kind: str) -> None:
    assert f"`{kind}`" in README


def test_every_path_exists() -> None:
    named = re.findall(r"`((?:ops_console|tests|integrations|reports)/[\w/.-]+)`", README)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_command_is_installed_under_its_name() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "ops-console", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("ops-console, version ")
