"""The mapping form shows a mapping and reads the same one back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.core.errors import BadInput
from ops_console.ingest.mapping import Mapping
from ops_console.ingest.shapes import Shape, required, shapes
from ops_console.web import mapping_form

KIND = "deployments"
COLUMNS = ["id", "app", "tag", "stage", "state", "when", "version"]
FIELDS = [field for field in shapes(KIND) if field not in mapping_form.LEFT_TO_US]


def as_sent(mapping: Mapping, columns: list[str] = COLUMNS) -> dict[str, str]:
    """The form as a browser sends it when nothing was touched."""
    sent = {
        "null": "; ".join(mapping.null),
        "not_null": "; ".join(mapping.not_null),
        "decimal": mapping.decimal,
        "times": mapping_form.times(mapping),
    }
    for line in mapping_form.lines(KIND, mapping, columns):
        sent |= {f"column:{line.field}": line.column, f"constant:{line.field}": line.constant}
        sent |= {f"values:{line.field}": line.values}
    return sent


rules = st.one_of(
    st.builds(lambda name: {"column": [name]}, st.sampled_from(COLUMNS)),
    st.builds(lambda name: {"column": [name], "values": {"a": "b"}}, st.sampled_from(COLUMNS)),
    st.builds(lambda text: {"constant": text}, st.sampled_from(["production", "1", "x y"])),
    st.just({"template": "{id}:{app}"}),
    st.just({"column": ["id", "app"]}),
)


@given(st.dictionaries(st.sampled_from(FIELDS), rules, max_size=6))
def test_an_untouched_form_gives_the_same_rules_back(fields: dict[str, object]) -> None:
    mapping = Mapping.model_validate({"fields": fields, "null": ["NA", "-"], "not_null": ["None"], "decimal": ","})
    again = mapping_form.read(KIND, as_sent(mapping), mapping, COLUMNS)
    kept = {field: rule for field, rule in again.fields.items() if field != "version" or field in fields}
    assert kept == mapping.fields
    assert (again.null, again.not_null, again.decimal) == (["NA", "-"], ["None"], ",")


def test_required_fields_come_first_then_those_that_are_mapped() -> None:
    lines = mapping_form.lines(KIND, Mapping.model_validate({"fields": {"git_sha": "id"}}), COLUMNS)
    names = [line.field for line in lines]
    must = [name for name in required(KIND) if name not in mapping_form.LEFT_TO_US]
    assert set(names[: len(must)]) == set(must)
    assert names[len(must)] == "git_sha"


def test_a_column_that_bears_a_fields_name_is_chosen_and_can_be_left_out() -> None:
    bare = Mapping()
    chosen = {line.field: line.column for line in mapping_form.lines(KIND, bare, COLUMNS)}
    assert chosen["version"] == "version"
    left_out = mapping_form.read(KIND, as_sent(bare) | {"column:version": ""}, bare, COLUMNS)
    assert left_out.ignore == ["version"]
    assert {line.field: line.column for line in mapping_form.lines(KIND, left_out, COLUMNS)}["version"] == ""


def test_a_field_left_out_before_can_be_chosen_again() -> None:
    before = Mapping(ignore=["version", "ticket"])
    after = mapping_form.read(KIND, as_sent(before) | {"column:version": "version"}, before, COLUMNS)
    assert after.ignore == ["ticket"]


def test_a_rule_the_form_cannot_show_stays_as_it_is() -> None:
    saved = Mapping.model_validate({"fields": {"external_id": {"template": "{id}:{app}"}}})
    line = next(line for line in mapping_form.lines(KIND, saved, COLUMNS) if line.field == "external_id")
    assert (line.column, line.has_rule) == (mapping_form.KEEP, True)


def test_times_are_read_one_way_in_every_mapped_time() -> None:
    sent = {"column:started_at": "when", "column:version": "tag", "times": "epoch_ms"}
    mapping = mapping_form.read(KIND, sent, Mapping(), COLUMNS)
    assert mapping.fields["started_at"].time == "epoch_ms"
    assert mapping.fields["version"].time is None
    assert mapping_form.times(mapping) == "epoch_ms"


def test_enumerations_offer_their_words() -> None:
    words = {line.field: line.words for line in mapping_form.lines(KIND, Mapping(), COLUMNS)}
    assert "succeeded" in words["status"] and "rollback" in words["kind"]
    assert words["version"] == () and shapes(KIND)["version"] is Shape.TEXT


@pytest.mark.parametrize("text", ["success", "= succeeded"])
def test_a_translation_needs_both_sides(text: str) -> None:
    with pytest.raises(BadInput, match="translates nothing"):
        mapping_form.read(KIND, {"column:status": "state", "values:status": text}, Mapping(), COLUMNS)
