"""A file goes through the door: good rows land, the others are told, and again changes nothing."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ops_console.core.errors import BadInput
from ops_console.ingest import batches, door, tables
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.summary import Summary
from ops_console.records.schema import metadata
from tests.examples import examples
from tests.ingest.deliveries import (
    count,
    csv_file,
    deliver,
    deployments_csv,
    everything,
    kept,
    mapping,
    packed,
    refusals,
    values,
)

ROWS = ("d1,ranker,1,2026-10-05T09:00:00Z", "d2,ranker,2,2026-10-06T09:00:00Z", "d3,search,1,2026-10-07T09:00:00Z")
SAVED = metadata.tables["mapping"]


def carried(engine: Engine, path: Path, **options: Any) -> Summary:
    refused_to = options.pop("refused_to", None)
    return door.import_file(
        engine, path, Delivery("deployments", **({"source": "cd"} | options)), refused_to=refused_to
    )


def test_a_file_lands_and_landing_again_changes_nothing(database: Engine, tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, *ROWS)
    first = carried(database, path)
    assert (first.rows, first.new, first.refused, first.unmapped) == (3, 3, 0, ["ranker", "search"])
    before = everything(database)
    again = carried(database, path)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    assert everything(database) == before


def test_json_lines_and_packed_files_land_alike(sqlite: Engine, tmp_path: Path) -> None:
    lines = [json.dumps(values("deployments", external_id=f"d{n}", version=n)) for n in range(3)]
    assert carried(sqlite, packed(csv_file(tmp_path, *lines))).new == 3


def test_the_import_is_recorded(sqlite: Engine, tmp_path: Path) -> None:
    until = datetime(2026, 10, 31, tzinfo=UTC)
    summary = carried(sqlite, deployments_csv(tmp_path, *ROWS), covers_until=until, made_by="Ada")
    told = ("id", "state", "origin", "made_by", "rows", "new", "first_at", "last_at", "covers_until")
    (row,) = kept(sqlite, metadata.tables["import"], *told)
    assert row == (
        summary.import_id,
        "done",
        "facts.csv",
        "Ada",
        3,
        3,
        datetime(2026, 10, 5, 9, tzinfo=UTC),
        datetime(2026, 10, 7, 9, tzinfo=UTC),
        until,
    )


def test_an_import_that_brings_nothing_new_still_says_what_it_spans(sqlite: Engine, tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, *ROWS)
    carried(sqlite, path)
    assert carried(sqlite, path).last_at == datetime(2026, 10, 7, 9, tzinfo=UTC)


def test_a_refused_row_names_line_column_reason_and_what_it_said(sqlite: Engine, tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, ROWS[0], "d2,ranker,2,yesterday", ROWS[2])
    summary = carried(sqlite, path, refused_to=tmp_path / "refused.csv")
    assert (summary.new, summary.refused, summary.is_clean) == (2, 1, False)
    assert summary.refused_file == tmp_path / "refused.csv"
    rows = list(csv.reader((tmp_path / "refused.csv").open(encoding="utf-8-sig")))
    assert rows[0] == ["line", "column", "reason", "raw"]
    assert rows[1][:2] == ["3", "finished_at"]
    assert "'yesterday' is no time" in rows[1][2]
    assert rows[1][3] == "d2,ranker,2,production,succeeded,yesterday"
    assert [row[:2] for row in refusals(sqlite)] == [(3, "finished_at")]


def test_no_file_of_refused_rows_is_made_when_all_land(sqlite: Engine, tmp_path: Path) -> None:
    summary = carried(sqlite, deployments_csv(tmp_path, *ROWS), refused_to=tmp_path / "refused.csv")
    assert summary.refused_file is None
    assert not (tmp_path / "refused.csv").exists()


def test_formulas_and_markup_are_text_and_harmless_in_the_refused_file(sqlite: Engine, tmp_path: Path) -> None:
    formula, markup = "=cmd|' /C calc'!A0", "<script>alert(1)</script>"
    path = deployments_csv(tmp_path, f"{formula},{markup},1,2026-10-05T09:00:00Z", f"{formula},x,1,never")
    carried(sqlite, path, refused_to=tmp_path / "refused.csv")
    assert kept(sqlite, tables.deployments, "external_id") == [formula]
    assert markup in kept(sqlite, tables.entries, "name")
    rows = list(csv.reader((tmp_path / "refused.csv").open(encoding="utf-8-sig")))
    assert rows[1][3].startswith("'=")


def test_columns_that_are_not_used_are_told(sqlite: Engine, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path, ",".join([*values("deployments"), "colour"]), ",".join([*values("deployments").values(), "red"])
    )
    assert "colour" in carried(sqlite, path).warnings[0]


def test_a_mapping_given_once_serves_later_files(database: Engine, tmp_path: Path) -> None:
    document = mapping(
        "deployments", source="argo", fields={"version": "tag", "environment": {"constant": "production"}}
    )
    header = "external_id,service,tag,status,finished_at"
    first = csv_file(tmp_path, header, "d1,ranker,7,succeeded,2026-10-05T09:00:00Z")
    assert carried(database, first, source="", mapping=document).source == "argo"
    later = csv_file(tmp_path, header, "d2,ranker,8,succeeded,2026-10-06T09:00:00Z", name="later.csv")
    assert carried(database, later, source="argo").new == 1
    assert kept(database, SAVED, "source", "kind") == [("argo", "deployments")]


def test_a_mapping_that_does_not_fit_is_not_kept(sqlite: Engine, tmp_path: Path) -> None:
    document = mapping("deployments", fields={"version": "tag"})
    with pytest.raises(BadInput, match="'tag'"):
        carried(sqlite, deployments_csv(tmp_path, *ROWS), mapping=document)
    assert count(sqlite, SAVED) == 0
    assert kept(sqlite, metadata.tables["import"], "state") == ["failed"]


def test_the_source_is_named_after_the_file_where_nobody_says_it(sqlite: Engine, tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, *ROWS, name="argo.2026.csv")
    assert carried(sqlite, path, source="").source == "argo"


def test_a_declared_zone_reads_times_without_an_offset(sqlite: Engine, tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, "d1,ranker,1,2026-07-01T09:00:00", "d2,ranker,1,2026-10-25T01:30:00")
    summary = carried(sqlite, path, zone=ZoneInfo("Europe/London"))
    assert (summary.new, summary.refused) == (1, 1)
    assert summary.first_at == datetime(2026, 7, 1, 8, tzinfo=UTC)


def test_filtered_rows_are_counted(sqlite: Engine, tmp_path: Path) -> None:
    document = mapping("deployments", keep=[{"column": "service", "equals": "ranker"}])
    summary = carried(sqlite, deployments_csv(tmp_path, *ROWS), mapping=document)
    assert (summary.new, summary.filtered) == (2, 1)


def test_a_row_of_several_facts_is_taken_whole_or_not_at_all(sqlite: Engine, tmp_path: Path) -> None:
    document = mapping(
        "deployments", fields={"external_id": {"template": "{external_id}:{service}"}}, expand={"column": "service"}
    )
    long = "x" * 301
    path = deployments_csv(tmp_path, "d1,a;b,1,2026-10-05T09:00:00Z", f"d2,c;{long},1,2026-10-05T09:00:00Z")
    summary = carried(sqlite, path, mapping=document)
    assert (summary.rows, summary.new, summary.refused) == (2, 2, 1)
    assert {*kept(sqlite, tables.deployments, "external_id")} == {"d1:a", "d1:b"}


def test_a_dry_run_tells_everything_and_writes_nothing(database: Engine, tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, *ROWS, "d1,ranker,2,2026-10-05T09:00:00Z", "d4,ranker,1,never")
    summary = carried(database, path, dry_run=True, mapping=mapping("deployments", zone="UTC"))
    assert (summary.new, summary.changed, summary.refused, summary.import_id) == (3, 1, 1, None)
    for table in metadata.tables.values():
        assert count(database, table) == 0, table.name


def test_progress_is_told(sqlite: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    path = deployments_csv(tmp_path, *ROWS)
    told: list[tuple[int, int, int]] = []
    door.import_file(sqlite, path, Delivery("deployments"), progress=lambda *state: told.append(state))
    assert [rows for _, _, rows in told] == [2, 3]
    assert told[-1][0] == told[-1][1] == path.stat().st_size


def test_rows_at_hand_get_a_result_each(database: Engine) -> None:
    document = mapping("deployments", keep=[{"column": "version", "not_equals": "0"}])
    rows: list[Any] = [
        values("deployments"),
        values("deployments", external_id="d2", version="0"),
        values("deployments", external_id="d3", status="odd"),
        "no object",
        values("deployments", version="a\0b"),
        values("deployments"),
    ]
    summary = door.import_rows(database, rows, Delivery("deployments", source="api", mapping=document))
    assert [(each.row, each.result, each.column) for each in summary.results] == [
        (1, "new", None),
        (2, "filtered", None),
        (3, "refused", "status"),
        (4, "refused", None),
        (5, "refused", None),
        (6, "unchanged", None),
    ]


def test_a_kind_that_does_not_exist_is_refused(sqlite: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no kind of fact"):
        door.import_file(sqlite, deployments_csv(tmp_path, *ROWS), Delivery("deployment"))
    with pytest.raises(BadInput, match="There is no file"):
        carried(sqlite, tmp_path / "absent.csv")


def test_slos_and_slices_and_answers_come_in_too(database: Engine) -> None:
    for kind in ("slos", "sli_slices", "survey_responses", "budgets", "changes", "incidents"):
        assert deliver(database, kind).new == 1, kind


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_any_text_lands_as_it_is_or_is_refused(sqlite: Engine, texts: list[str]) -> None:
    rows = [values("incidents", external_id=f"i{n}", title=text) for n, text in enumerate(texts)]
    summary = door.import_rows(sqlite, rows, Delivery("incidents", source="fuzz"))
    assert summary.new + summary.changed + summary.unchanged + summary.refused == len(texts)
    titles = dict(kept(sqlite, tables.incidents, "external_id", "title"))
    for result, (number, text) in zip(summary.results, enumerate(texts), strict=True):
        assert result.result == "refused" or titles[f"i{number}"] == text.strip()
