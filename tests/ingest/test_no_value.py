"""NULL and its like are no value: an optional column is unknown then, and a needed one is asked for."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from ops_console.contracts.readers import NO_VALUE
from ops_console.core.db import reading
from ops_console.ingest import tables
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_file
from ops_console.ingest.preview import preview
from ops_console.ingest.rules import Rules
from ops_console.ingest.sync import sync
from ops_console.records.imports import Refusal
from tests.ingest.deliveries import csv_file, deliver, deployments_csv, mapping, values
from tests.ingest.vendor import Shop, add_source, deployment, office, versions

EACH = pytest.mark.parametrize("word", sorted(NO_VALUE))


NEEDED = {"external_id": "d1", "version": "1", "environment": "production", "status": "succeeded"}


def read(cells: dict[str, Any], **document: Any) -> dict[str, Any]:
    cells = NEEDED | cells
    (found,) = Rules("deployments", mapping("deployments", **document), list(cells))(list(cells.values()))
    return found


@EACH
def test_in_an_optional_column_it_is_an_empty_cell(word: str, sqlite: Engine, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        "external_id,title,service,severity,caused_by,impact_started_at,restored_at",
        f"i1,Slow,ranker,{word},{word},2026-10-05T09:00:00Z,{word}",
    )
    summary = import_file(sqlite, path, Delivery("incidents", "pd"))
    assert (summary.new, summary.refused, summary.warnings) == (1, 0, [])
    with reading(sqlite) as session:
        row = session.execute(select(tables.incidents)).mappings().one()
    assert (row["severity"], row["caused_by"], row["restored_at"]) == (None, None, None)


@EACH
@pytest.mark.parametrize("column", ["external_id", "version", "service"])
def test_in_a_needed_column_it_is_refused_with_line_column_and_way_out(
    word: str, column: str, sqlite: Engine, tmp_path: Path
) -> None:
    cells = {"external_id": "d2", "service": "ranker", "version": "2"} | {column: word}
    path = deployments_csv(
        tmp_path, "d1,ranker,1,2026-10-05T09:00:00Z", f"{','.join(cells.values())},2026-10-05T09:00:00Z"
    )
    summary = import_file(sqlite, path, Delivery("deployments", "cd"))
    assert (summary.new, summary.refused, summary.unmapped) == (1, 1, ["ranker"])
    (refused,) = summary.first_refused
    assert refused.line == 3
    assert f"{column} says {word!r}, which is how programs write that they know no value" in refused.reason
    assert f'where it is a real name, say so in the mapping: not_null = ["{word}"]' in refused.reason


def test_an_empty_cell_is_refused_without_a_word_about_it(sqlite: Engine) -> None:
    (result,) = deliver(sqlite, "deployments", {"version": ""}).results
    assert result.reason == "version is missing; map a column onto it or give it a constant"


def test_a_model_named_none_is_kept_where_the_mapping_says_that_it_is_one(sqlite: Engine) -> None:
    row = {"service": "None", "version": "NULL"}
    said = mapping("deployments", not_null=["None"])
    assert deliver(sqlite, "deployments", row, mapping=said).refused == 1
    summary = deliver(sqlite, "deployments", row | {"version": "2"}, mapping=said)
    assert (summary.new, summary.unmapped) == (1, ["None"])


def test_words_that_a_mapping_speaks_of_are_themselves() -> None:
    cells = {"stage": "None", "kind": "null"}
    fields = {"environment": {"column": "stage", "values": {"None": "staging"}}}
    assert read(cells, fields=fields)["environment"] == "staging"
    case = {"when": [{"column": "kind", "equals": "null"}], "then": "release"}
    assert read(cells, fields={"kind": {"cases": [case]}})["kind"] == "release"


def test_the_next_candidate_stands_in_for_it() -> None:
    cells = {"tag": "N/A", "build": "7"}
    assert read(cells, fields={"version": ["tag", "build"]})["version"] == "7"


def test_a_word_of_the_vocabulary_and_a_place_are_values() -> None:
    found = read({"environment": "NA", "strategy": "none"})
    assert (found["environment"], found["strategy"]) == ("NA", "none")


def test_a_title_may_be_any_text(sqlite: Engine) -> None:
    deliver(sqlite, "incidents", {"title": "N/A"})
    with reading(sqlite) as session:
        assert session.execute(select(tables.incidents.c.title)).scalar_one() == "N/A"


def test_the_preview_says_what_the_import_will(tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, "d1,ranker,NULL,2026-10-05T09:00:00Z")
    (row,) = preview(path, Delivery("deployments", "cd")).rows
    assert "version says 'NULL'" in (row.reason or "")


def test_what_a_source_sends_passes_the_same_door(sqlite: Engine) -> None:
    vendor = Shop([deployment(0, strategy="None"), deployment(1, version="NULL"), deployment(2)])
    done = sync(office(sqlite, vendor), add_source(sqlite), "timetable")
    assert (done.state, done.changed, done.refused) == ("done", 2, 1)
    assert versions(sqlite) == {"0": "v0", "2": "v2"}
    with reading(sqlite) as session:
        strategies = session.scalars(select(tables.deployments.c.strategy)).all()
        (refusal,) = session.scalars(select(Refusal))
    assert set(strategies) == {None}
    assert "version says 'NULL'" in refusal.reason


@settings(deadline=None)
@given(st.sampled_from(sorted(NO_VALUE)), st.sampled_from(["version", "git_sha", "actor"]), st.text(" \t", max_size=2))
def test_it_is_read_as_an_empty_cell_wherever_it_stands(word: str, column: str, space: str) -> None:
    row = values("deployments") | {"git_sha": "a", "actor": "Ada"}
    assert read(row | {column: f"{space}{word}{space}"}) == read(row | {column: ""})
