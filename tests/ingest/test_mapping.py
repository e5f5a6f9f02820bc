"""A mapping turns a source's rows into the values of facts, and says what it cannot read."""

from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.core.errors import BadInput
from ops_console.ingest.cells import Unmappable
from ops_console.ingest.mapping import mapping_from, read_mapping
from ops_console.ingest.rules import Rules
from ops_console.ingest.saved_mappings import save_mapping, saved_mapping
from tests.ingest.deliveries import mapping

COLUMNS = ["id", "app", "tag", "env", "state", "at", "extra"]
CELLS = ["7", " ranker ", "v1", "prod", "ok", "2026-10-05", "x"]
BASE: dict[str, Any] = {
    "external_id": "id",
    "service": "app",
    "version": "tag",
    "environment": "env",
    "status": {"constant": "succeeded"},
}


def mapped(
    fields: dict[str, Any], columns: list[str] = COLUMNS, cells: Any = CELLS, kind: str = "deployments", **document: Any
) -> list[dict[str, Any]]:
    rules = Rules(kind, mapping(kind, fields=BASE | fields if kind == "deployments" else fields, **document), columns)
    return list(rules(cells))


def one(rule: Any, field: str = "git_sha", **options: Any) -> Any:
    return mapped({field: rule}, **options)[0].get(field)


def test_columns_are_renamed_and_trimmed() -> None:
    (values,) = mapped({})
    assert values == {
        "external_id": "7",
        "service": "ranker",
        "version": "v1",
        "environment": "prod",
        "status": "succeeded",
    }


def test_a_column_with_a_fields_name_becomes_that_field_unless_it_is_ignored() -> None:
    columns, cells = [*COLUMNS, "actor", "strategy"], [*CELLS, "Ada", "blue-green"]
    (values,) = mapped({}, columns, cells, ignore=["strategy"])
    assert values["actor"] == "Ada"
    assert "strategy" not in values


def test_columns_nobody_uses_are_told() -> None:
    rules = Rules("deployments", mapping("deployments", fields=BASE, ignore=["extra"]), COLUMNS)
    assert rules.unknown == ["state", "at"]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"constant": "main"}, "main"),
        ({"template": "{app}/{tag}"}, "ranker/v1"),
        (["none", "tag"], "v1"),
        ({"column": "state", "values": {"ok": "good"}}, "good"),
        ({"column": "state", "values": {"bad": "good"}}, "ok"),
        ({"column": "state", "values": {"bad": "good"}, "otherwise": "other"}, "other"),
        ({"column": "state", "values": {"ok": ""}}, None),
        ({"column": "at", "split": "-", "part": 0}, "2026"),
        ({"column": "at", "split": "-", "part": -1}, "05"),
        ({"column": "at", "split": "-", "part": 9}, None),
        ({"cases": [{"when": [{"column": "env", "equals": "prod"}], "then": "yes"}], "otherwise": "no"}, "yes"),
        ({"cases": [{"when": [{"column": "env", "equals": "dev"}], "then": "yes"}], "otherwise": "no"}, "no"),
        ({"cases": [{"when": [{"column": "env", "one_of": ["prod"]}], "column": "tag"}]}, "v1"),
    ],
)
def test_a_text_field_comes_from(rule: Any, expected: str | None) -> None:
    assert one(rule) == expected


def test_the_first_candidate_that_is_not_empty_wins() -> None:
    assert one(["state", "tag"], cells=["7", "ranker", "v1", "prod", "-", "", ""], null=["-"]) == "v1"
    assert one({"column": "state", "default": "unknown"}, cells=["7", "a", "v", "p", " ", "", ""]) == "unknown"


def test_spellings_of_null_are_unknown() -> None:
    (values,) = mapped({"git_sha": "extra"}, cells=[*CELLS[:6], "NULL"], null=["NULL"])
    assert "git_sha" not in values


@pytest.mark.parametrize(
    ("condition", "is_kept"),
    [
        ({"equals": "prod"}, True),
        ({"not_equals": "prod"}, False),
        ({"one_of": ["prod", "live"]}, True),
        ({"none_of": ["prod"]}, False),
        ({"contains": "ro"}, True),
        ({"contains_not": "ro"}, False),
        ({"empty": True}, False),
        ({"empty": False}, True),
    ],
)
def test_rows_are_kept_by_a_condition(condition: dict[str, Any], is_kept: bool) -> None:
    assert bool(mapped({}, keep=[{"column": "env"} | condition])) is is_kept


def test_every_condition_must_hold() -> None:
    assert not mapped({}, keep=[{"column": "env", "equals": "prod"}, {"column": "tag", "equals": "v2"}])


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("iso", "2026-10-05T09:00:00", "2026-10-05T09:00:00+02:00"),
        ("%d.%m.%Y %H:%M", "05.10.2026 09:00", "2026-10-05T09:00:00+02:00"),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-10-05T09:00:00+0800", "2026-10-05T09:00:00+08:00"),
        ("epoch_s", "1759654800", "2025-10-05T09:00:00+00:00"),
        ("epoch_ms", "1759654800123", "2025-10-05T09:00:00.123000+00:00"),
        ("epoch_ns", "1759654800123456789", "2025-10-05T09:00:00.123456+00:00"),
    ],
)
def test_times_of_a_declared_form_get_their_zone(form: str, text: str, expected: str) -> None:
    rule = {"column": "at", "time": form, "zone": "Europe/Berlin"}
    assert one(rule, "started_at", cells=[*CELLS[:5], text, ""]).isoformat() == expected


@pytest.mark.parametrize("text", ["2026-03-29T02:30:00", "2026-10-25T02:30:00", "yesterday"])
def test_times_that_did_not_happen_or_did_twice_are_refused(text: str) -> None:
    rule = {"column": "at", "time": "iso", "zone": "Europe/Berlin"}
    with pytest.raises(Unmappable) as refused:
        one(rule, "started_at", cells=[*CELLS[:5], text, ""])
    assert refused.value.column == "at"


def test_the_zone_declared_for_the_file_beats_the_mappings() -> None:
    document = mapping("deployments", zone="Asia/Tokyo", fields=BASE | {"started_at": {"column": "at", "time": "iso"}})
    rules = Rules("deployments", document, COLUMNS, ZoneInfo("Europe/Berlin"))
    (values,) = rules(CELLS)
    assert values["started_at"].isoformat() == "2026-10-05T00:00:00+02:00"


def test_a_time_may_be_another_time_and_seconds() -> None:
    rule = {"column": "at", "time": "iso", "zone": "UTC", "plus_seconds": "extra"}
    assert one(rule, "finished_at", cells=[*CELLS[:6], "90"]).isoformat() == "2026-10-05T00:01:30+00:00"
    with pytest.raises(Unmappable, match="extra"):
        one(rule, "finished_at")


def test_a_day_is_taken_from_a_time_as_written() -> None:
    columns = ["at"]
    rule = {"answered_on": {"column": "at", "time": "iso"}}
    needed = {name: {"constant": "x"} for name in ("external_id", "survey", "wave", "question")}
    (values,) = mapped(needed | rule, columns, ["2019-06-25T23:59:49"], kind="survey_responses")
    assert values["answered_on"].isoformat() == "2019-06-25"


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ({"thousands": ","}, "1,234.5", "1234.5"),
        ({"thousands": ".", "decimal": ","}, "-1.234.567,89", "-1234567.89"),
        ({"decimal": ","}, "0,5", "0.5"),
        ({"thousands": "'"}, "1'000", "1000"),
        ({"thousands": ","}, "12", "12"),
    ],
)
def test_declared_separators_are_read(form: dict[str, str], text: str, expected: str) -> None:
    assert one("extra", "traffic_percent", cells=[*CELLS[:6], text], **form) == expected


@pytest.mark.parametrize("text", ["1,23", "1,2345", "12,34,567", "1234,567"])
def test_digits_grouped_otherwise_are_refused(text: str) -> None:
    with pytest.raises(Unmappable, match="extra"):
        one("extra", "traffic_percent", cells=[*CELLS[:6], text], thousands=",")


SLICE: dict[str, Any] = {
    "external_id": {"template": "{slo}:{date}"},
    "seconds": {"constant": 86400},
    "started_at": {"column": "date", "time": "%Y-%m-%d", "zone": "UTC"},
    "total": {"constant": 1440},
}


def test_numbers_are_sums_of_columns_and_constants() -> None:
    good = {"sum": [1440, ["major", -1], ["partial", Decimal("-0.3")]]}
    (values,) = mapped(
        SLICE | {"good": good}, ["slo", "date", "major", "partial"], ["a", "2024-01-02", "10", "5"], "sli_slices"
    )
    assert values["good"] == Decimal("1428.5")


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    (values,) = mapped(
        SLICE | {"good": {"sum": [["major", 1]]}}, ["slo", "date", "major"], ["a", "2024-01-02", ""], "sli_slices"
    )
    assert "good" not in values


def test_a_cell_with_several_names_becomes_several_facts() -> None:
    fields = {"external_id": {"template": "{id}:{app}"}}
    found = mapped(fields, cells=["7", "a; b;", "v1", "prod", "", "", ""], expand={"column": "app"})
    assert [(values["external_id"], values["service"]) for values in found] == [("7:a", "a"), ("7:b", "b")]


def test_an_empty_cell_to_expand_still_gives_one_fact() -> None:
    fields = {"service": {"column": "app", "default": "all"}}
    found = mapped(fields, cells=["7", "", "v1", "prod", "", "", ""], expand={"column": "app"})
    assert [values["service"] for values in found] == ["all"]


def test_json_lists_are_expanded_and_paths_are_followed() -> None:
    cells = {"id": 7, "apps": ["a", "b"], "meta": {"tags": [{"name": "v9"}]}, "env": "prod"}
    fields = {"service": "apps", "version": "meta.tags.0.name"}
    found = mapped(fields, [], cells, expand={"column": "apps"})
    assert [(values["service"], values["version"], values["external_id"]) for values in found] == [
        ("a", "v9", "7"),
        ("b", "v9", "7"),
    ]


def test_keys_of_json_objects_nobody_uses_are_told() -> None:
    rules = Rules("deployments", mapping("deployments", fields=BASE | {"version": "meta.tag"}, ignore=["env"]), [])
    rules.notice({"id": 1, "meta": {}, "env": "x", "odd": 1, "actor": "Ada"})
    rules.notice({"odd": 2, "more": 3})
    assert rules.unknown == ["odd", "more"]


def test_a_wide_survey_becomes_one_answer_a_question() -> None:
    fields = {
        "external_id": {"template": "{who}:{name}"},
        "survey": {"constant": "pulse"},
        "wave": {"constant": "2026-Q3"},
        "question": "name",
        "score": "value",
    }
    found = mapped(
        fields, ["who", "speed", "help"], ["1", "7", "9"], "survey_responses", unpivot={"columns": ["speed", "help"]}
    )
    assert [(v["external_id"], v["question"], v["score"]) for v in found] == [
        ("1:speed", "speed", "7"),
        ("1:help", "help", "9"),
    ]


def test_a_column_the_file_does_not_have_is_named() -> None:
    with pytest.raises(BadInput, match="'commit', which the file does not have"):
        mapped({"git_sha": "commit"})
    with pytest.raises(BadInput, match="'stage', which the file does not have"):
        mapped({}, keep=[{"column": "stage", "equals": "x"}])


def test_a_field_that_must_be_there_and_nobody_gives_is_named_once_for_the_file() -> None:
    with pytest.raises(BadInput, match="No column gives external_id, version"):
        Rules("deployments", mapping("deployments", fields={"environment": "env", "status": "state"}), COLUMNS)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"fields": {"nope": "id"}}, "no field 'nope'"),
        ({"fields": {"version": {"column": "a", "constant": "b"}}}, "exactly one of"),
        ({"fields": {"version": {}}}, "exactly one of"),
        ({"keep": [{"column": "a"}]}, "one column and one test"),
        ({"zone": "Mars/Olympus"}, "no IANA time zone"),
        ({"encoding": "klingon"}, "no known encoding"),
        ({"thousands": "."}, "same sign"),
        ({"kind": "incidents"}, "is for incidents, not for deployments"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(document: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        mapping("deployments", **document)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("map.toml", 'source = "cd"\n[fields]\ntraffic_percent = { sum = [["share", 0.1]] }\n'),
        ("map.json", '{"source": "cd", "fields": {"traffic_percent": {"sum": [["share", 0.1]]}}}'),
    ],
)
def test_mappings_are_written_in_toml_or_json_without_rounding(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    found = read_mapping(tmp_path / name, "deployments")
    assert found.fields["traffic_percent"].sum == [("share", Decimal("0.1"))]


@pytest.mark.parametrize("text", ["= [", '{"a": '])
def test_a_file_that_is_neither_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "map").write_text(text)
    with pytest.raises(BadInput, match="neither TOML nor JSON"):
        read_mapping(tmp_path / "map", "deployments")
    with pytest.raises(BadInput, match="cannot be read"):
        read_mapping(tmp_path / "absent", "deployments")


def test_a_mapping_is_kept_by_source_and_kind(database: Engine) -> None:
    document = mapping(
        "deployments",
        fields=BASE | {"traffic_percent": {"sum": [1, ["extra", "0.1"]]}},
        keep=[{"column": "env", "equals": 1}],
    )
    for _ in range(2):
        with transaction(database) as session:
            save_mapping(session, "cd", "deployments", document, "Ada")
    with reading(database) as session:
        assert saved_mapping(session, "cd", "deployments") == document
        assert saved_mapping(session, "cd", "incidents") is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_any_number_survives_grouping(number: Decimal) -> None:
    written = f"{number:,.4f}".translate({ord(","): ".", ord("."): ","})
    found = one("extra", "traffic_percent", cells=[*CELLS[:6], written], thousands=".", decimal=",")
    assert Decimal(found) == number


def test_the_document_of_a_mapping_is_the_mapping() -> None:
    document = mapping("deployments", fields=BASE, keep=[{"column": "a", "empty": True}], null=["-"], zone="UTC")
    assert mapping_from(document.document(), "deployments") == document
