"""What goes wrong on the way in: killed processes, cut files, endless lines, thousands of duplicates."""

import random
import signal
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ops_console.core.db import engine_for
from ops_console.core.errors import BadInput
from ops_console.ingest import batches, door, store, tables
from ops_console.ingest import conclude as conclusions
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.summary import Summary
from ops_console.records.schema import metadata
from tests.forked import begun, ended
from tests.ingest.deliveries import count, csv_file, deployments_csv, everything, kept, packed, refusals
from tests.ingest.killed import import_and_die_between_batches, import_and_die_in_a_batch, import_deployments

IMPORTS = metadata.tables["import"]


def rows(many: int) -> list[str]:
    return [f"d{n},svc{n % 7},{n},2026-10-{n % 28 + 1:02}T09:00:00Z" for n in range(many)]


def carried(engine: Engine, path: Path) -> Summary:
    return door.import_file(engine, path, Delivery("deployments", source="cd"))


@pytest.mark.parametrize(
    ("importing", "landed"), [(import_and_die_between_batches, 2_000), (import_and_die_in_a_batch, 1_500)]
)
def test_a_killed_import_keeps_whole_batches_and_is_finished_by_the_next(
    sqlite: Engine, tmp_path: Path, importing: Callable[..., None], landed: int
) -> None:
    path = deployments_csv(tmp_path, *rows(3_000))
    assert ended(begun(importing, str(sqlite.url), path)) == -signal.SIGKILL
    assert count(sqlite, tables.deployments) == landed
    assert kept(sqlite, IMPORTS, "state", "rows") == [("running", landed)]
    again = carried(sqlite, path)
    assert (again.new, again.unchanged) == (3_000 - landed, landed)
    assert "was interrupted" in again.warnings[0]
    assert kept(sqlite, IMPORTS, "state") == ["interrupted", "done"]


def test_an_import_finished_after_a_kill_equals_one_that_was_never_killed(
    sqlite: Engine, sqlite_template: bytes, tmp_path: Path
) -> None:
    path = deployments_csv(tmp_path, *rows(3_000))
    ended(begun(import_and_die_between_batches, str(sqlite.url), path))
    carried(sqlite, path)
    (tmp_path / "other.db").write_bytes(sqlite_template)
    other = engine_for(f"sqlite:///{tmp_path / 'other.db'}")
    carried(other, path)
    assert everything(sqlite) == everything(other)
    other.dispose()


def test_an_error_in_a_batch_leaves_the_batch_out_and_marks_the_import(
    database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 10)
    whole, seen = conclusions.conclude, []

    def conclude(*told: object) -> None:
        whole(*told)  # type: ignore[arg-type]
        seen.append(1)
        if len(seen) == 3:
            raise OSError("the disk is full")

    monkeypatch.setattr(store, "conclude", conclude)
    with pytest.raises(OSError, match="disk"):
        carried(database, deployments_csv(tmp_path, *rows(50)))
    assert count(database, tables.deployments) == 20
    assert kept(database, IMPORTS, "state", "error", "rows") == [("failed", "OSError stopped the import", 20)]


def test_a_cut_gzip_lands_up_to_the_cut_and_a_whole_one_finishes(sqlite: Engine, tmp_path: Path) -> None:
    whole = packed(deployments_csv(tmp_path, *rows(3_000)))
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(whole.read_bytes()[:-2_000])
    first = carried(sqlite, cut)
    assert first.error and "ends early" in first.error and "import it again" in first.error
    assert 0 < first.new == first.rows < 3_000
    assert not first.is_clean
    assert kept(sqlite, IMPORTS, "state") == ["failed"]
    again = carried(sqlite, whole)
    assert again.new == 3_000 - first.new
    assert again.is_clean


def test_a_line_of_100_megabytes_is_refused_without_being_held(sqlite: Engine, tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, *rows(3))
    with path.open("ab") as file:
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b"\nd9,svc,9,production,succeeded,2026-10-05T09:00:00Z\n")
    tracemalloc.start()
    summary = carried(sqlite, path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (summary.new, summary.refused) == (4, 1)
    assert most < 20_000_000
    ((line, _, reason, raw),) = refusals(sqlite)
    assert (line, len(raw)) == (5, 200)
    assert "longer than" in reason


def test_ten_thousand_duplicates_are_one_fact(sqlite: Engine, tmp_path: Path) -> None:
    summary = carried(sqlite, deployments_csv(tmp_path, *rows(1) * 10_000))
    assert (summary.new, summary.unchanged) == (1, 9_999)
    assert count(sqlite, tables.deployments) == 1


def test_the_order_of_rows_in_a_file_does_not_matter(sqlite: Engine, sqlite_template: bytes, tmp_path: Path) -> None:
    (tmp_path / "other.db").write_bytes(sqlite_template)
    other = engine_for(f"sqlite:///{tmp_path / 'other.db'}")
    mixed = rows(300)
    random.Random(7).shuffle(mixed)
    carried(sqlite, deployments_csv(tmp_path, *rows(300)))
    carried(other, deployments_csv(tmp_path, *mixed))
    assert everything(sqlite) == everything(other)
    other.dispose()


def test_an_empty_file_says_so_and_the_import_is_marked(sqlite: Engine, tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_bytes(b"")
    with pytest.raises(BadInput, match=r"facts\.csv is empty"):
        carried(sqlite, tmp_path / "facts.csv")
    assert kept(sqlite, IMPORTS, "state") == ["failed"]


def test_a_file_of_headers_alone_is_an_import_of_nothing(sqlite: Engine, tmp_path: Path) -> None:
    assert carried(sqlite, deployments_csv(tmp_path)).rows == 0
    assert kept(sqlite, IMPORTS, "state") == ["done"]


def test_a_file_of_nothing_but_refusals_keeps_them(sqlite: Engine, tmp_path: Path) -> None:
    path = csv_file(tmp_path, "external_id,service,version,environment,status", *["a,b"] * 30)
    assert carried(sqlite, path).refused == 30
    assert len(refusals(sqlite)) == 30


def test_two_imports_at_once_both_land(sqlite: Engine, tmp_path: Path) -> None:
    first = deployments_csv(tmp_path, *rows(1_500), name="first.csv")
    second = deployments_csv(tmp_path, *rows(3_000)[1_000:], name="second.csv")
    both = [begun(import_deployments, str(sqlite.url), path) for path in (first, second)]
    assert [ended(each) for each in both] == [0, 0]
    assert count(sqlite, tables.deployments) == 3_000
