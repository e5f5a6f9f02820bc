"""Builders for tests of the door: files, rows and facts with defaults."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, func, select

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import KINDS
from ops_console.core.db import reading
from ops_console.ingest import tables
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.ingest.mapping import Mapping as Document
from ops_console.ingest.mapping import mapping_from
from ops_console.ingest.summary import Summary

DEFAULTS: dict[str, dict[str, Any]] = {
    "deployments": {
        "external_id": "d1",
        "service": "ranker",
        "version": "1",
        "environment": "production",
        "status": "succeeded",
        "finished_at": "2026-10-05T09:00:00Z",
    },
    "incidents": {
        "external_id": "i1",
        "title": "Latency",
        "service": "ranker",
        "impact_started_at": "2026-10-05T09:00:00Z",
        "resolved_at": "2026-10-05T09:30:00Z",
    },
    "changes": {"external_id": "c1", "service": "ranker", "merged_at": "2026-10-05T09:00:00Z"},
    "models": {"external_id": "m1", "name": "ranker"},
    "people": {"external_id": "p1", "name": "Ada"},
    "model_versions": {"external_id": "v1", "model": "ranker", "version": "1"},
    "slos": {"external_id": "s1", "name": "availability", "service": "ranker", "objective_percent": "99.9"},
    "sli_slices": {
        "external_id": "t1",
        "slo": "s1",
        "started_at": "2026-10-05T09:00:00Z",
        "seconds": 3600,
        "good": "999",
        "total": "1000",
    },
    "budgets": {
        "external_id": "b1",
        "scope": "workspace",
        "period": "2026-10",
        "amount": "1000.50",
        "currency": "USD",
    },
    "survey_responses": {
        "external_id": "r1",
        "survey": "pulse",
        "wave": "2026-Q3",
        "question": "satisfied",
        "score": 8,
        "scale_min": 1,
        "scale_max": 10,
    },
    "alerts": {
        "external_id": "a1",
        "name": "HighLatency",
        "service": "ranker",
        "class": "page",
        "started_at": "2026-10-05T09:00:00Z",
    },
    "shifts": {
        "external_id": "h1",
        "schedule": "primary",
        "person": "Ada",
        "started_at": "2026-10-05T08:00:00Z",
        "ended_at": "2026-10-05T20:00:00Z",
    },
    "pipeline_runs": {
        "external_id": "run-1",
        "pipeline": "train-ranker",
        "model": "ranker",
        "status": "succeeded",
        "finished_at": "2026-10-05T09:00:00Z",
    },
    "quality_checks": {
        "external_id": "q1",
        "pipeline_run": "run-1",
        "name": "not_null",
        "model": "ranker",
        "outcome": "passed",
        "checked_at": "2026-10-05T08:50:00Z",
    },
    "steps": {
        "external_id": "st1",
        "name": "fit",
        "model": "ranker",
        "flow": "train",
        "added_at": "2026-01-05T09:00:00Z",
    },
    "evaluations": {
        "external_id": "e1",
        "model": "ranker",
        "version": "1",
        "metric": "ndcg",
        "evaluated_at": "2026-10-05T09:00:00Z",
    },
    "degradations": {
        "external_id": "g1",
        "model": "ranker",
        "signal": "data_drift",
        "detected_at": "2026-10-05T09:00:00Z",
    },
    "reproductions": {
        "external_id": "rp1",
        "model": "ranker",
        "version": "1",
        "succeeded": True,
        "checked_at": "2026-10-05T09:00:00Z",
    },
    "experiments": {"external_id": "x1", "name": "New ranking", "started_at": "2026-10-05T09:00:00Z"},
    "outcomes": {
        "external_id": "o1",
        "model": "ranker",
        "metric": "conversion",
        "method": "ab_test",
        "period_start": "2026-10-01",
        "period_end": "2026-10-31",
    },
    "documents": {"external_id": "dc1", "kind": "model_card", "model": "ranker", "reviewed_at": "2026-10-05T09:00:00Z"},
    "findings": {
        "external_id": "f1",
        "tool": "register",
        "rule": "no owner",
        "first_seen_at": "2026-10-05T09:00:00Z",
    },
    "requests": {"external_id": "rq1", "title": "A new feature", "submitted_at": "2026-10-05T09:00:00Z"},
    "initiatives": {
        "external_id": "in1",
        "title": "Safer rollouts",
        "category": "reliability",
        "status": "delivered",
        "delivered_at": "2026-10-05T09:00:00Z",
    },
    "toil": {"external_id": "to1", "person": "Ada", "date": "2026-10-05", "minutes": 90, "category": "retries"},
    "capacity": {
        "external_id": "ca1",
        "person": "Ada",
        "starts_on": "2026-10-01",
        "ends_on": "2026-10-31",
        "hours": "160",
    },
    "positions": {"external_id": "po1", "title": "MLOps engineer", "planned_at": "2026-10-05T09:00:00Z"},
    "skills": {
        "external_id": "sk1",
        "person": "Ada",
        "skill": "Kubernetes",
        "level": 2,
        "target": 3,
        "assessed_on": "2026-10-05",
    },
    "usage": {"external_id": "u1", "model": "ranker", "date": "2026-10-05", "unit": "inferences", "quantity": "1000"},
}


def values(kind: str, /, **changes: Any) -> dict[str, Any]:
    """A row of a kind, valid unless a test changes it."""
    return DEFAULTS[kind] | changes


def fact(kind: str, /, **changes: Any) -> Fact:
    return KINDS[kind].model_validate({"source": "test"} | values(kind, **changes))


def deliver(engine: Engine, kind: str, *rows: Mapping[str, Any], **options: Any) -> Summary:
    """Rows through the door; each starts from the defaults."""
    options.setdefault("source", "test")
    return import_rows(engine, [values(kind, **row) for row in rows or ({},)], Delivery(kind, **options))


def mapping(kind: str, /, **document: Any) -> Document:
    return mapping_from(document, kind)


def csv_file(folder: Path, *lines: str, name: str = "facts.csv", encoding: str = "utf-8", end: str = "\n") -> Path:
    path = folder / name
    path.write_bytes(end.join([*lines, ""]).encode(encoding))
    return path


def packed(path: Path) -> Path:
    """The same file packed; its name does not say so."""
    path.write_bytes(gzip.compress(path.read_bytes()))
    return path


def deployments_csv(folder: Path, *rows: str, name: str = "facts.csv", **form: str) -> Path:
    """external_id, service, version, finished_at."""
    header = "external_id,service,version,environment,status,finished_at"
    lines = (f"{a},{b},{c},production,succeeded,{d}" for a, b, c, d in (row.split(",") for row in rows))
    return csv_file(folder, header, *lines, name=name, **form)


def kept(engine: Engine, table: Table, *columns: str, **where: Any) -> list[Any]:
    """Rows of a table by id; a single column comes as plain values."""
    wanted = [table.c[name] for name in columns]
    statement = select(*wanted).where(*(table.c[name] == value for name, value in where.items())).order_by(table.c.id)
    with reading(engine) as session:
        rows = session.execute(statement).all()
    return [row[0] for row in rows] if len(columns) == 1 else [tuple(row) for row in rows]


def count(engine: Engine, table: Table) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def everything(engine: Engine, *chosen: Table) -> dict[str, list[tuple[Any, ...]]]:
    """What the tables hold, without what says when and in which order it came."""
    passing = {"id", "ingested_at", "release_id", "imported_at", "partition_id"}
    found = {}
    for table in chosen or (tables.deployments, tables.incidents, tables.slices, tables.slos):
        columns = [column for column in table.columns if column.name not in passing]
        with reading(engine) as session:
            found[table.name] = sorted((tuple(row) for row in session.execute(select(*columns))), key=repr)
    return found


def refusals(engine: Engine) -> Sequence[tuple[Any, ...]]:
    from ops_console.records.schema import metadata

    return kept(engine, metadata.tables["refusal"], "line", "column", "reason", "raw")
