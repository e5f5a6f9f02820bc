"""The file comes in by every door, is recognised by itself, and lands once."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select

import integrations
import reports
from ops_console import cli
from ops_console.contracts.parts import Parts, assemble
from ops_console.core.db import reading
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_file
from ops_console.records.alerts import Shift
from tests.integrations.ical.test_reader import SAMPLES
from tests.integrations.ical.wall import calendar, event, shift

ROTA = SAMPLES / "rota.ics"


@pytest.fixture(scope="module")
def parts() -> Parts:
    return assemble(integrations, reports)


def test_the_file_is_recognised_and_lands_once(database: Engine, parts: Parts) -> None:
    summary = import_file(database, ROTA, Delivery("shifts"), readers=parts.readers)
    assert (summary.source, summary.new, summary.refused) == ("ical", 8, 0)
    assert summary.warnings[0] == "Left out: 1 cancelled, 1 to come, 1 without a person."
    again = import_file(database, ROTA, Delivery("shifts"), readers=parts.readers)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 8)
    with reading(database) as session:
        kept = session.scalars(select(Shift)).all()
    assert {each.schedule for each in kept} == {"Search primary"}


def test_a_broken_event_is_kept_aside_and_the_others_land(sqlite: Engine, parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "rota.ics"
    path.write_text(calendar(shift("Ana", 3), event("X", "odd", ""), shift("Ben", 4)))
    summary = import_file(sqlite, path, Delivery("shifts"), readers=parts.readers)
    assert (summary.new, summary.refused) == (2, 1)


def test_times_without_a_zone_take_the_one_that_is_declared(sqlite: Engine, parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "rota.ics"
    path.write_text(calendar(event("Ana", "20261005T090000", "20261006T090000")))
    assert import_file(sqlite, path, Delivery("shifts"), readers=parts.readers).refused == 1
    declared = Delivery("shifts", zone=ZoneInfo("Europe/Berlin"))
    assert import_file(sqlite, path, declared, readers=parts.readers).new == 1
    with reading(sqlite) as session:
        assert f"{session.scalars(select(Shift)).one().started_at:%H:%M}" == "07:00"


@pytest.mark.usefixtures("command_line")
def test_the_command_line_takes_it(parts: Parts) -> None:
    done = CliRunner().invoke(cli.group, ["import", "shifts", str(ROTA)], obj=parts)
    assert done.exit_code == 0, done.output
    assert "new 8" in done.output
