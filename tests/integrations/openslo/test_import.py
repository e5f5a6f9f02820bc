"""The file comes in by every door, is recognised by itself, and lands once."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select

import integrations
import reports
from ops_console import cli
from ops_console.contracts.parts import Parts, assemble
from ops_console.core.db import reading
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_file, import_rows
from ops_console.records.slos import SliSlice, Slo
from tests.integrations.openslo.test_reader import SAMPLES, slo

COMPANY = SAMPLES / "objectives.yaml"


@pytest.fixture(scope="module")
def parts() -> Parts:
    return assemble(integrations, reports)


def test_the_file_is_recognised_and_lands_once(database: Engine, parts: Parts) -> None:
    summary = import_file(database, COMPANY, Delivery("slos"), readers=parts.readers)
    assert (summary.source, summary.new, summary.refused) == ("openslo", 4, 0)
    assert summary.warnings[0] == "Left out: 1 AlertPolicy, 1 SLI, 1 Service."
    again = import_file(database, COMPANY, Delivery("slos"), readers=parts.readers)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 4)
    with reading(database) as session:
        kept = {each.external_id: each for each in session.scalars(select(Slo))}
    assert kept["ranker-availability"].objective_ppm == 999_000
    assert (kept["embed-freshness"].window, kept["embed-freshness"].calendar) == ("1Q", True)


def test_slices_find_their_objective_by_its_name(sqlite: Engine, parts: Parts) -> None:
    import_file(sqlite, COMPANY, Delivery("slos"), readers=parts.readers)
    row = {"external_id": "1", "started_at": "2026-10-01T00:00:00Z", "seconds": 3600, "good": 9, "total": 10}
    told = [row | {"slo": "Ranker answers"}, row | {"external_id": "2", "slo": "ranker-latency/lte 0.25"}]
    assert import_rows(sqlite, told, Delivery("sli_slices", source="csv")).refused == 0
    with reading(sqlite) as session:
        assert len(session.scalars(select(SliSlice)).all()) == 2


def test_a_broken_document_is_kept_aside_and_the_others_land(sqlite: Engine, parts: Parts, tmp_path: Path) -> None:
    path = tmp_path / "slos.yaml"
    path.write_text(f"{slo('a')}---\nkind: [\n---\n{slo('b', objectives='[{target: 2}]')}---\n{slo('c')}")
    summary = import_file(sqlite, path, Delivery("slos"), readers=parts.readers)
    assert (summary.new, summary.refused) == (2, 2)


@pytest.mark.usefixtures("command_line")
def test_the_command_line_takes_files_of_sloth_and_pyrra(parts: Parts) -> None:
    for name, count in (("sloth", 4), ("pyrra", 2)):
        done = CliRunner().invoke(cli.group, ["import", "slos", str(SAMPLES / f"{name}.yaml")], obj=parts)
        assert done.exit_code == 0, done.output
        assert f"new {count}" in done.output
