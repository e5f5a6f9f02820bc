"""Facts a second through the door, from CSV files, beside plain inserts of the same number of rows: each kind by
itself, and all of them as a workspace of the size holds them.
"""

import csv
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from ops_console.ingest.door import Delivery, import_file
from tests.bench import table
from tests.bench.ground import Bench
from tests.bench.sizes import SPAN, START, Size
from tests.bench.table import Figure

ROWS = {"S": 10_000, "M": 20_000, "L": 100_000}
GOAL = 20_000
Row = dict[str, object]


def measure(bench: Bench) -> Iterator[Figure]:
    """Each kind twice: new facts, and the same file again."""
    engine, count = bench.empty("imports"), ROWS[bench.size.name]
    new: dict[str, tuple[float, float]] = {}
    for kind, rows in KINDS.items():
        path = bench.folder / f"{kind}.csv"
        _write(path, rows(count, bench.size.models))
        plain = _plain(path, bench.folder / "plain.db")
        for note in ("new", "again, unchanged"):
            began = table.watch()
            summary = import_file(engine, path, Delivery(kind, "bench"))
            took = table.watch() - began
            if summary.refused:
                raise RuntimeError(f"{summary.refused} {kind} refused")
            if summary.rows < count:
                continue  # the few SLOs that slices need say nothing of speed
            new.setdefault(kind, (took / summary.rows, plain / summary.rows))
            yield Figure(f"import {kind}", summary.rows / took, "/s", GOAL, summary.rows / plain, note)
    yield _together(bench.size, new)


def _together(size: Size, seconds: Mapping[str, tuple[float, float]]) -> Figure:
    """A fact of the whole workspace, by what one of each kind took."""
    holds = {
        "model_versions": size.releases,
        "deployments": size.releases,
        "changes": size.changes,
        "incidents": size.incidents,
        "sli_slices": size.slos * size.hours,
    }
    ours, plain = (sum(many * seconds[kind][place] for kind, many in holds.items()) for place in (0, 1))
    every = sum(holds.values())
    return Figure("import all of them", every / ours, "/s", GOAL, every / plain, f"{every:,} as such a workspace holds")


def at(n: int, count: int, hours: float = 0) -> str:
    """The n-th of so many moments, spread over the whole history, and some hours later."""
    return (START + SPAN * (n / count) + timedelta(hours=hours)).isoformat(timespec="seconds")


def _deployments(count: int, models: int) -> Iterator[Row]:
    for n in range(count):
        yield {
            "external_id": f"x{n}", "model": f"model-{n % models + 1}", "version": f"1.{n}",
            "environment": "production", "status": "succeeded", "ready_at": at(n, count, -90),
            "started_at": at(n, count, -1), "finished_at": at(n, count), "git_sha": f"{n:040x}", "actor": "bot",
        }  # fmt: skip


def _changes(count: int, models: int) -> Iterator[Row]:
    for n in range(count):
        yield {
            "external_id": f"x{n}", "service": f"model-{n % models + 1}", "repository": "r", "title": f"Change {n}",
            "first_commit_at": at(n, count, -60), "merged_at": at(n, count, -2),
            "deployment": f"x{n // 3}", "author": f"dev-{n % 40}",
        }  # fmt: skip


def _incidents(count: int, models: int) -> Iterator[Row]:
    for n in range(count):
        yield {
            "external_id": f"x{n}", "title": f"Incident {n}", "service": f"model-{n % models + 1}", "severity": "SEV2",
            "status": "resolved", "detected_at": at(n, count),
            "restored_at": at(n, count, 0.9),
            "resolved_at": at(n, count, 1), "caused_by": f"x{n}" if n % 3 == 0 else "",
        }  # fmt: skip


def _versions(count: int, models: int) -> Iterator[Row]:
    for n in range(count):
        yield {
            "external_id": f"x{n}", "model": f"model-{n % models + 1}", "version": f"1.{n}",
            "created_at": at(n, count, -100), "ready_at": at(n, count, -90), "git_sha": f"{n:040x}",
        }  # fmt: skip


def _slos(_count: int, models: int) -> Iterator[Row]:
    for n in range(1, models + 1):
        yield {"external_id": f"s{n}", "name": f"slo-{n}", "service": f"model-{n}", "objective_percent": "99.9"}


def _slices(count: int, models: int) -> Iterator[Row]:
    for n in range(count):
        at = START + timedelta(hours=n // models)
        yield {
            "external_id": f"x{n}", "slo": f"slo-{n % models + 1}", "started_at": at.isoformat(), "seconds": 3600,
            "good": 9990, "total": 10000, "covered_seconds": 3600,
        }  # fmt: skip


def _answers(count: int, _models: int) -> Iterator[Row]:
    for n in range(count):
        yield {
            "external_id": f"x{n}", "survey": "s", "wave": f"2025-Q{n % 4 + 1}", "question": "overall",
            "score": n % 11, "scale_min": 0, "scale_max": 10, "comment": "",
        }  # fmt: skip


KINDS = {
    "model_versions": _versions,
    "deployments": _deployments,
    "changes": _changes,
    "incidents": _incidents,
    "slos": _slos,
    "sli_slices": _slices,
    "survey_responses": _answers,
}


def _write(path: Path, rows: Iterator[Row]) -> None:
    first = next(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)


def _plain(path: Path, database: Path) -> float:
    """Read the same file and insert its cells as they are, with the unique key the door needs: nothing is checked."""
    database.unlink(missing_ok=True)
    began = table.watch()
    connection = sqlite3.connect(database)
    with path.open(newline="", encoding="utf-8") as file, connection:
        reader = csv.reader(file)
        columns = next(reader)
        connection.execute(f"CREATE TABLE plain ({', '.join(columns)}, UNIQUE (external_id))")
        connection.executemany(f"INSERT INTO plain VALUES ({', '.join('?' * len(columns))})", reader)
    connection.close()
    return table.watch() - began
