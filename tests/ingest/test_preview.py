"""A look at a file tells what it is and what its first rows would become, and writes nothing."""

from pathlib import Path
from typing import Any

import pytest

from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import Preview, preview
from ops_console.ingest.suggest import plain_name, suggestions
from tests.conftest import samples
from tests.ingest.deliveries import csv_file, deployments_csv, mapping, packed


def looked(path: Path, kind: str = "deployments", **options: Any) -> Preview:
    return preview(path, Delivery(kind, source="cd", **options))


def test_form_encoding_delimiter_and_columns_are_told(tmp_path: Path) -> None:
    found = looked(packed(csv_file(tmp_path, "id;Zoë", "1;2", encoding="utf-16")))
    assert (found.form, found.encoding, found.is_packed, found.delimiter) == ("CSV", "utf-16", True, ";")
    assert found.columns == ["id", "Zoë"]


def test_rows_are_shown_as_facts_or_with_the_reason(tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, "d1,ranker,1,2026-10-05T09:00:00Z", "d2,ranker,1,yesterday")
    good, bad = looked(path).rows
    assert good.facts[0]["finished_at"] == "2026-10-05T09:00:00Z"
    assert (bad.line, bad.column, bad.facts) == (3, "finished_at", [])
    assert bad.reason and "is no time" in bad.reason


def test_no_more_rows_are_shown_than_asked_for(tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, *(f"d{n},ranker,1,2026-10-05T09:00:00Z" for n in range(50)))
    assert len(preview(path, Delivery("deployments"), limit=7).rows) == 7


def test_a_mapping_is_suggested_from_the_names_of_columns(tmp_path: Path) -> None:
    header = "Deployment ID,Application,Version,Env,State,deployedAt,commit,colour"
    path = csv_file(tmp_path, header, "d1,ranker,1,production,succeeded,2026-10-05T09:00:00Z,abc,red")
    found = looked(path)
    assert found.is_suggested
    assert {field: rule.column for field, rule in found.mapping.fields.items()} == {
        "external_id": ["Deployment ID"],
        "service": ["Application"],
        "version": ["Version"],
        "environment": ["Env"],
        "status": ["State"],
        "finished_at": ["deployedAt"],
        "git_sha": ["commit"],
    }
    assert found.unknown == ["colour"]
    assert found.rows[0].facts[0]["service"] == "ranker"


def test_spellings_of_null_are_noticed(tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, "d1,ranker,1,NA", "d2,ranker,1,-", "d3,ranker,1,NULL")
    assert looked(path).mapping.null == ["NA", "-"]
    assert all(row.facts for row in looked(path).rows)


def test_a_given_mapping_is_used_and_its_trouble_told(tmp_path: Path) -> None:
    path = deployments_csv(tmp_path, "d1,ranker,1,2026-10-05T09:00:00Z")
    good = looked(path, mapping=mapping("deployments", fields={"git_sha": "version"}))
    assert good.rows[0].facts[0]["git_sha"] == "1"
    bad = looked(path, mapping=mapping("deployments", fields={"git_sha": "commit"}))
    assert bad.problem and "'commit'" in bad.problem
    assert bad.rows[0].raw.startswith("d1,ranker")


def test_missing_fields_are_told_as_the_problem(tmp_path: Path) -> None:
    problem = looked(csv_file(tmp_path, "colour", "red")).problem
    assert problem and "No column gives external_id" in problem


def test_keys_of_json_objects_are_the_columns(tmp_path: Path) -> None:
    found = looked(csv_file(tmp_path, '{"id": 1, "odd": 2}', "broken", '{"id": 2, "more": 3}'))
    assert found.columns == ["id", "odd", "more"]
    assert found.unknown == ["odd", "more"]
    assert [row.line for row in found.rows] == [1, 2, 3]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("BillingPeriodStart", "billing_period_start"),
        ("Deployed At", "deployed_at"),
        ("HTMLUrl", "html_url"),
        ("a-b", "a_b"),
    ],
)
def test_spellings_of_one_name_are_one_name(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_columns_named_without_the_words_of_a_field_are_found() -> None:
    found = suggestions("deployments", ["Deploy ID", "Image tag", "Finished", "Started"])
    assert found == {
        "external_id": "Deploy ID",
        "version": "Image tag",
        "started_at": "Started",
        "finished_at": "Finished",
    }


def test_a_column_is_suggested_once_and_exact_names_win() -> None:
    found = suggestions("incidents", ["id", "external_id", "title", "name", "closed_at", "started_at", "services"])
    assert found["external_id"] == "external_id"
    assert found["title"] == "title"
    assert found["resolved_at"] == "closed_at"
    assert found["impact_started_at"] == "started_at"
    assert len(set(found.values())) == len(found)


@pytest.mark.samples
@pytest.mark.skipif(not samples().exists(), reason="the samples folder is absent")
def test_a_real_cost_file_is_readable_without_any_mapping() -> None:
    found = preview(samples() / "focus" / "focus_1_0_real_multicloud_1000.csv.gz", Delivery("costs"))
    assert (found.problem, found.unknown) == (None, ["Id"])
    assert all(row.facts for row in found.rows)
