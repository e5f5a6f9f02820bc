"""`ops-console report`: every rendering into a folder, to everyone once, in words or as JSON."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result
from sqlalchemy import Engine

import integrations
import reports
from ops_console.cli.report import command
from ops_console.contracts.parts import Parts, assemble
from ops_console.core import logs
from ops_console.core.errors import BadInput, NotFound
from ops_console.core.settings import settings
from tests.integrations.email.mailroom import Mailroom, open_mailroom
from tests.reporting.posting import NINE
from tests.reporting.workspaces import late_incident, workspace

NAME = "monthly_operations"


@pytest.fixture
def console(command_line: Engine) -> Iterator[Engine]:
    with time_machine.travel(NINE, tick=False):
        logs.configure()  # to standard error, as the command line does
        yield command_line


@pytest.fixture
def room(console: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailroom]:
    with open_mailroom(Mailroom()) as opened:
        for name, value in opened.settings().model_dump(include=FIELDS).items():
            monkeypatch.setenv(f"OPS_CONSOLE_{name.upper()}", str(value))
        settings.cache_clear()
        yield opened


FIELDS = {"smtp_host", "smtp_port", "smtp_security", "mail_from", "mail_to"}


def call(*words: str, parts: Parts | None = None) -> Result:
    return CliRunner().invoke(command, words, obj=parts or assemble(integrations, reports))


def test_every_rendering_is_written(console: Engine, tmp_path: Path) -> None:
    workspace(console)
    result = call(NAME, "--period", "2026-10", "--out", str(tmp_path / "july"))
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "july").iterdir()) == [
        "incidents_2026-10.csv",
        "monthly_operations_2026-10.eml",
        "monthly_operations_2026-10.html",
        "monthly_operations_2026-10.pdf",
        "monthly_operations_2026-10.slack.json",
        "monthly_operations_2026-10.txt",
        "scorecard_2026-10.csv",
    ]


def test_the_same_minute_gives_the_same_bytes(console: Engine, tmp_path: Path) -> None:
    workspace(console)
    for folder in ("a", "b"):
        call(NAME, "--period", "2026-10", "--out", str(tmp_path / folder))
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_without_a_period_the_newest_complete_one_is_meant(console: Engine, tmp_path: Path) -> None:
    workspace(console)
    result = call(NAME, "--out", str(tmp_path), "--json")
    assert json.loads(result.stdout)["period"] == "2026-10"


def test_json_is_the_whole_of_standard_output(console: Engine, tmp_path: Path) -> None:
    workspace(console)
    said = json.loads(call(NAME, "--out", str(tmp_path), "--json").stdout)
    assert said["run"] == "r-2026-10-draft" and len(said["files"]) == 7


def test_sending_twice_sends_once(console: Engine, room: Mailroom) -> None:
    workspace(console)
    first, second = (call(NAME, "--period", "2026-10", "--send") for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert sorted(to for _, names in room.envelopes for to in names) == ["ann@example.com", "bob@example.com"]
    assert "Everyone had it before; nothing was sent again." in second.output


def test_a_report_that_was_sent_is_written_as_it_was_sent(console: Engine, room: Mailroom, tmp_path: Path) -> None:
    workspace(console)
    call(NAME, "--period", "2026-10", "--send", "--out", str(tmp_path / "before"))
    late_incident(console)
    call(NAME, "--period", "2026-10", "--out", str(tmp_path / "after"))
    name = "monthly_operations_2026-10.pdf"
    assert (tmp_path / "before" / name).read_bytes() == (tmp_path / "after" / name).read_bytes()


def test_a_refused_recipient_is_named_and_fails_the_command(console: Engine, room: Mailroom) -> None:
    workspace(console)
    room.answers["bob@example.com"] = "550 No such user"
    result = call(NAME, "--period", "2026-10", "--send", "--json")
    assert result.exit_code == 1
    states = {row["recipient"]: row["state"] for row in json.loads(result.stdout)["deliveries"]}
    assert states == {"ann@example.com": "delivered", "bob@example.com": "failed"}


def test_a_test_goes_to_one_address_marked(console: Engine, room: Mailroom) -> None:
    workspace(console)
    assert call(NAME, "--period", "2026-10", "--test-to", "me@example.com").exit_code == 0
    assert [message["To"] for message in room.messages] == ["me@example.com"]
    assert room.messages[0]["Subject"].startswith("TEST MLOps monthly report")


def test_a_note_stands_above_the_report(console: Engine, tmp_path: Path) -> None:
    workspace(console)
    call(NAME, "--period", "2026-10", "--out", str(tmp_path), "--note", "We moved two teams.")
    assert "We moved two teams." in (tmp_path / "monthly_operations_2026-10.txt").read_text()


@pytest.mark.parametrize("words", [("--send",), ("--test-to", "me@example.com")])
def test_a_demo_refuses(console: Engine, room: Mailroom, words: tuple[str, ...]) -> None:
    workspace(console, is_demo=True)
    result = call(NAME, "--period", "2026-10", *words)
    assert isinstance(result.exception, BadInput) and "A demo workspace sends nothing." in str(result.exception)
    assert room.taken == []


def test_an_unknown_report_is_named_with_those_there_are(console: Engine) -> None:
    result = call("weekly")
    assert isinstance(result.exception, NotFound) and "monthly_operations" in str(result.exception)


def test_a_monthly_report_is_about_a_month(console: Engine) -> None:
    workspace(console)
    result = call(NAME, "--period", "2026-W43")
    assert result.exit_code == 2 and "is about one month" in result.output
