"""A long file is read by a process of its own, and everything becomes of it that one process alone would make."""

import gzip
import json
import multiprocessing
import pickle
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import KINDS
from ops_console.core.db import engine_for, reading
from ops_console.ingest import ahead, batches, store, tables
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_file
from ops_console.ingest.drafts import Drafts, is_bare
from ops_console.ingest.opened import Opened
from ops_console.ingest.recorded import drafter_of
from ops_console.ingest.summary import Summary
from tests.dying import kill_oneself
from tests.ingest.deliveries import DEFAULTS, count, csv_file, everything, fact, refusals, values

pytestmark = pytest.mark.xdist_group("workers")


@pytest.fixture(autouse=True)
def _three_rows_make_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)


@pytest.fixture
def other(sqlite_template: bytes, tmp_path: Path) -> Iterator[Engine]:
    """A second empty database."""
    (tmp_path / "other.db").write_bytes(sqlite_template)
    engine = engine_for(f"sqlite:///{tmp_path / 'other.db'}")
    yield engine
    engine.dispose()


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "incidents.jsonl"
    path.write_text("".join(json.dumps(values("incidents", **row)) + "\n" for row in rows))
    return path


def of_every_kind(many: int = 30) -> list[dict[str, Any]]:
    """Good rows, and every fifth of another kind: refused, unknown to the store, told twice, odd, with a stray key."""
    rows: list[dict[str, Any]] = [{"external_id": f"i{number}"} for number in range(many)]
    for number in range(0, many, 5):
        rows[number]["severity"] = "grave"
        rows[number + 1] = {"external_id": f"gone-{number}", "deleted": True, "title": None}
        rows[number + 2]["external_id"] = "i3"
        rows[number + 3]["mitigated_at"] = "2026-10-05T08:00:00Z"
        rows[number + 4][f"stray-{number // 10}"] = "x"
    return rows


def imported(engine: Engine, path: Path) -> Summary:
    return import_file(engine, path, Delivery("incidents", source="pager"))


def told(summary: Summary) -> dict[str, Any]:
    return summary.as_json() | {"seconds": None}


def alone(engine: Engine, path: Path, monkeypatch: pytest.MonkeyPatch) -> Summary:
    """The import without a second process."""
    with monkeypatch.context() as patched:
        patched.setattr(ahead, "workers", pytest.fail)
        return import_file(engine, path, Delivery("incidents", source="pager"), processes=1)


def test_two_processes_end_where_one_does(
    sqlite: Engine, other: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, *of_every_kind())
    summary = imported(sqlite, path)
    assert (summary.rows, summary.new, summary.refused) == (30, 12, 12)
    unused, odd = summary.warnings
    assert "stray-0, stray-1, stray-2" in unused
    assert odd.startswith("Line 4, mitigated_at") and "6 rows are kept" in odd
    assert told(summary) == told(alone(other, path, monkeypatch))
    assert everything(sqlite) == everything(other)
    assert refusals(sqlite) == refusals(other)


def test_what_nobody_uses_of_a_header_is_told_once(sqlite: Engine, tmp_path: Path) -> None:
    lines = (f"i{number},Latency,ranker,2026-10-05T09:00:00Z,red" for number in range(12))
    path = csv_file(tmp_path, "external_id,title,service,detected_at,colour", *lines)
    summary = imported(sqlite, path)
    assert summary.new == 12
    (warning,) = summary.warnings
    assert "not used: colour" in warning


def test_where_the_other_process_dies_this_one_goes_on_alone(
    sqlite: Engine, other: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, *of_every_kind())
    with monkeypatch.context() as patched:
        patched.setattr(ahead, "next_batch", kill_oneself)
        summary = imported(sqlite, path)
    assert told(summary) == told(alone(other, path, monkeypatch))
    assert everything(sqlite) == everything(other)
    assert "the process that reads ahead is gone" in capsys.readouterr().out


def test_a_file_that_was_replaced_meanwhile_is_read_to_its_old_end(
    sqlite: Engine, other: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, *of_every_kind())
    as_it_was = alone(other, path, monkeypatch)
    start = ahead.workers

    def replaced(*told: Any) -> Any:
        written(tmp_path / "later", *of_every_kind(10)).replace(path)
        return start(*told)

    (tmp_path / "later").mkdir()
    monkeypatch.setattr(ahead, "workers", replaced)
    assert told(imported(sqlite, path)) == told(as_it_was)
    assert everything(sqlite) == everything(other)


@pytest.mark.parametrize("many", [6, 9, 13])
def test_the_hash_and_the_progress_are_those_of_the_whole_file(sqlite: Engine, tmp_path: Path, many: int) -> None:
    path = written(tmp_path, *({"external_id": f"i{number}"} for number in range(many)))
    seen: list[tuple[int, int, int]] = []
    import_file(sqlite, path, Delivery("incidents", source="pager"), progress=lambda *told: seen.append(told))
    size = path.stat().st_size
    assert seen[-1] == (size, size, many)
    with sqlite.connect() as connection:
        (hashed,) = connection.execute(select(tables.imports.c.content_hash)).scalars()
    assert hashed == sha256(path.read_bytes()).hexdigest()


def test_where_a_long_packed_file_ends_early_is_told(sqlite: Engine, tmp_path: Path) -> None:
    path = tmp_path / "incidents.jsonl.gz"
    path.write_bytes(gzip.compress(written(tmp_path, *of_every_kind(60)).read_bytes())[:-40])
    summary = imported(sqlite, path)
    assert summary.error is not None
    assert summary.error.startswith("incidents.jsonl.gz: the gzip data ends early")
    assert f"The {summary.rows:,} rows before that are imported" in summary.error
    assert 0 < summary.rows <= 60


def test_an_import_that_fails_leaves_no_process_behind(
    sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def conclude(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(store, "conclude", conclude)
    before = multiprocessing.active_children()
    with pytest.raises(OSError, match="disk"):
        imported(sqlite, written(tmp_path, *of_every_kind()))
    assert multiprocessing.active_children() == before
    assert count(sqlite, tables.incidents) == 0


def test_a_short_file_starts_no_process(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "workers", pytest.fail)
    rows = [{"external_id": f"i{number}"} for number in range(ahead.HERE * 3)]
    assert imported(sqlite, written(tmp_path, *rows)).new == len(rows)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind in DEFAULTS])
def test_a_fact_of_any_kind_comes_over_as_it_was_and_so_does_its_row(sqlite: Engine, kind: str) -> None:
    sent = drafted(sqlite, fact(kind, url="https://example.com", updated_at="2026-10-05T09:00:00.123+02:00"))
    came = pickle.loads(pickle.dumps(sent))
    assert came.rows == sent.rows
    assert [*came.facts] == [*sent.facts]
    assert type(came.facts[0]) is type(sent.facts[0])
    assert came.facts[0].model_dump(mode="json") == sent.facts[0].model_dump(mode="json")


def test_facts_and_tombstones_come_over_in_their_order(sqlite: Engine) -> None:
    gone = Fact(source="pager", external_id="i1", deleted=True)
    sent = drafted(sqlite, fact("incidents"), gone, gone, fact("incidents", external_id="i2"))
    came = pickle.loads(pickle.dumps(sent))
    assert came.rows == sent.rows and [is_bare(row) for row in came.rows] == [False, True, True, False]
    assert [*came.facts] == [*sent.facts]


def drafted(engine: Engine, *facts: Fact) -> Drafts:
    with reading(engine) as session:
        return Drafts(facts, drafter_of(session, facts[0].kind_of_fact))


@given(many=st.integers(0, 40), columns=st.integers(1, 8))
def test_rows_are_cut_into_batches_of_facts_whatever_one_row_makes(many: int, columns: int) -> None:
    unpivoting = {"unpivot": {"columns": [f"c{number}" for number in range(columns)]}}
    document = batches.Mapping.model_validate(unpivoting if columns > 1 else {})
    rows = [batches.Row(line, {}) for line in range(many)]
    parts = [part.rows for part in Opened(rows).parts(batches.rows_of_batch(document))]
    assert [row for part in parts for row in part] == rows
    assert all(len(part) * columns <= max(batches.BATCH, columns) for part in parts)
    assert [bool(part) for part in parts] == [True] * (len(parts) - 1) + [False]
