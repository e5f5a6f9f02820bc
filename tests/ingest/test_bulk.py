"""Rows reach the database as they are, however they are cut into blocks and whatever columns stay empty."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from ops_console.core.db import reading, transaction
from ops_console.ingest import bulk, tables
from ops_console.ingest.bulk import insert_rows

P = tables.incidents.c
ASKED = (P.external_id, P.url, P.drill, P.reopenings, P.resolved_at)


def incident(number: int, **told: Any) -> dict[str, Any]:
    empty = {"url": None, "resolved_at": None, "drill": False, "false_positive": False, "maintenance": False}
    envelope = {"source": "pager", "external_id": str(number), "ingested_at": number, "fingerprint": "f"}
    return {**envelope, **empty, "entry_id": 1, "title": "t", "reopenings": [], "reopened_ms": 0, **told}


@pytest.fixture
def entered(database: Engine) -> Engine:
    lists = {name: [] for name in ("environments", "guardrails", "paved_road", "monitors", "depends_on")}
    entry = {"id": 1, "slug": "s", "name": "s", "provisional": False, "first_seen_at": 0, "fingerprint": "", **lists}
    with transaction(database) as session:
        insert_rows(session, tables.entries, [entry])
    return database


def kept(engine: Engine) -> list[tuple[Any, ...]]:
    with reading(engine) as session:
        return [tuple(row) for row in session.execute(select(*ASKED).order_by(P.external_id))]


def test_a_column_that_only_some_blocks_tell_is_kept_where_it_is_told(
    entered: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BLOCK", 2)
    rows = [
        incident(1),
        incident(2, drill=True),
        incident(3, url="u", resolved_at=0),
        incident(4, reopenings=["2026-10-31T09:00:00Z/"]),
        incident(5),
    ]
    with transaction(entered) as session:
        assert insert_rows(session, tables.incidents, rows) == 5
    assert kept(entered) == [
        ("1", None, False, [], None),
        ("2", None, True, [], None),
        ("3", "u", False, [], 0),
        ("4", None, False, ["2026-10-31T09:00:00Z/"], None),
        ("5", None, False, [], None),
    ]


def test_rows_whose_key_is_there_are_counted_out_over_all_blocks(
    entered: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BLOCK", 2)
    with transaction(entered) as session:
        insert_rows(session, tables.incidents, [incident(1), incident(4)])
    with transaction(entered) as session:
        again = [incident(number, url="u") for number in range(1, 6)]
        assert insert_rows(session, tables.incidents, again, unless=("source", "external_id")) == 3
    assert [row[:2] for row in kept(entered)] == [("1", None), ("2", "u"), ("3", "u"), ("4", None), ("5", "u")]
