"""Catalog files in, facts out: the samples are the test, and a broken document hides no other."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.backstage import MANIFEST, reader
from ops_console.contracts.facts import ModelFact
from ops_console.contracts.rows import LeftOut, Refused, Row
from ops_console.contracts.yaml_documents import LARGEST, documents

SAMPLES = Path(reader.__file__).parent / "samples"
HEAD = "apiVersion: backstage.io/v1alpha1\nkind: Component\n"


def component(name: str = "ranker", metadata: str = "", spec: str = "type: service") -> str:
    indented = "".join(f"  {line}\n" for line in metadata.splitlines())
    return f"{HEAD}metadata:\n  name: {name}\n{indented}spec:\n" + "".join(f"  {line}\n" for line in spec.splitlines())


def facts(text: str) -> list[dict[str, Any]]:
    rows = [row for row in reader.rows(text) if isinstance(row, Row)]
    read = (ModelFact.model_validate({"source": MANIFEST.key, **row.cells}) for row in rows)
    return [json.loads(fact.model_dump_json(exclude_defaults=True)) for fact in read]


def one(*parts: str) -> dict[str, Any]:
    (found,) = facts(component("ranker", *parts))
    return found


def refused(text: str) -> Refused:
    (found,) = (row for row in reader.rows(text) if isinstance(row, Refused))
    return found


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_sample_becomes_its_facts(sample: Path) -> None:
    expected = json.loads(sample.with_suffix(".facts.json").read_text("utf-8"))
    assert facts(sample.read_text("utf-8")) == expected


def test_every_sample_is_recognised_and_other_files_are_not() -> None:
    assert all(reader.recognises(sample.read_text("utf-8")) for sample in SAMPLES.glob("*.yaml"))
    for other in ("external_id,name\n1,ranker\n", '{"name": "ranker"}\n', "apiVersion: v1\nkind: Service\n", ""):
        assert not reader.recognises(other)


def test_other_kinds_and_what_does_not_run_are_counted_by_their_word() -> None:
    text = (SAMPLES / "company.yaml").read_text("utf-8")
    left = [row.what for row in reader.rows(text) if isinstance(row, LeftOut)]
    assert left == ["library", "API", "Group"]


def test_a_row_knows_the_line_it_begins_on() -> None:
    text = f"# two\n{component('a')}---\n\n{component('b')}"
    assert [row.line for row in reader.rows(text)] == [1, 10]
    assert [row.line for row in reader.rows(text.replace("\n", "\r\n"))] == [1, 10]


def test_a_broken_document_names_line_and_column_and_hides_no_other() -> None:
    text = f"{component('a')}---\n{HEAD}metadata:\n  name: b\n  title: one: two\n---\n{component('c')}"
    assert [fact["name"] for fact in facts(text)] == ["a", "c"]
    found = refused(text)
    assert found.line == 12
    assert found.reason.startswith("line 12, column 13: mapping values are not allowed here")
    assert "mend the YAML" in found.reason and "title: one: two" in found.raw


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("just words\n", "has no kind"),
        ("- a\n- b\n", "has no kind"),
        (f"{HEAD}spec: {{}}\n", "metadata.name is missing"),
        (component("${{ values.name }}"), "is no name of an entity"),
        (f"{HEAD}metadata: &m {{name: a}}\nx: *nowhere\n", "undefined alias"),
        ("a: " + "[" * 3000 + "\n", "nested too deeply"),
        ("a: " + "x" * (LARGEST + 1), "longer than"),
        (f"{HEAD}metadata:\n\tname: a\n", "cannot start any token"),
        ("a: \x07\n", "special characters"),
    ],
)
def test_what_is_no_entity_is_refused_with_the_reason(text: str, told: str) -> None:
    assert told in refused(text).reason


def test_a_file_cannot_unfold_into_more_than_it_holds() -> None:
    layers = "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(12))
    assert "references to anchors" in refused(f"a: &a [lol]\n{layers}").reason


def test_no_type_is_guessed_and_no_object_is_made() -> None:
    assert "name" in refused(component("!!python/object/apply:os.system ['true']")).reason
    assert one("title: 2026-10-31")["aliases"] == ["component:default/ranker", "2026-10-31"]
    assert "lifecycle" not in one("", "type: service\nlifecycle: null\nowner: ~")


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        ("search", {"owner": "search", "team": "search"}),
        ("group:default/search", {"owner": "search", "team": "search"}),
        ("group:growth/search", {"owner": "growth/search", "team": "growth/search"}),
        ("user:default/ana", {"owner": "ana"}),
        ("User:ana", {"owner": "ana"}),
    ],
)
def test_a_group_owns_as_a_team_and_a_user_by_himself(owner: str, expected: dict[str, str]) -> None:
    found = one("", f"type: service\nowner: {owner}")
    assert {name: found[name] for name in ("owner", "team") if name in found} == expected


@pytest.mark.parametrize(
    "metadata",
    [
        'labels:\n  example.org/tier: "1"',
        "annotations:\n  example.org/service-tier: Tier-1",
        "tags: [python, tier-1]",
        "tags: [TIER1]",
    ],
)
def test_a_tier_may_be_a_label_an_annotation_or_a_tag(metadata: str) -> None:
    assert one(metadata)["tier"] == 1


def test_a_tier_nobody_knows_stays_unknown() -> None:
    assert "tier" not in one("labels:\n  tier: gold\ntags: [tier-9]")


@pytest.mark.parametrize(
    ("word", "kind"),
    [("service", "service"), ("batch-job", "batch"), ("LLM app", "llm_app"), ("index", "index"), ("ml-model", None)],
)
def test_types_become_kinds_where_one_is_meant(word: str, kind: str | None) -> None:
    assert one("", f"type: {word}").get("kind") == kind


def test_what_is_deprecated_still_runs_and_other_words_wait_for_a_mapping() -> None:
    assert one("", "type: service\nlifecycle: deprecated")["lifecycle"] == "production"
    (row,) = reader.rows(component("a", "", "type: service\nlifecycle: Sunset"))
    assert isinstance(row, Row) and row.cells["lifecycle"] == "sunset"


def test_names_that_several_components_share_lead_nowhere_and_secrets_are_no_names() -> None:
    slug = "annotations:\n  github.com/project-slug: org/mono\n  pagerduty.com/integration-key: k3y"
    found = facts(f"{component('a', slug)}---\n{component('b', slug)}")
    assert [fact["aliases"] for fact in found] == [["component:default/a"], ["component:default/b"]]


def test_a_runbook_may_be_an_annotation_or_a_link() -> None:
    assert one("annotations:\n  example.org/runbook: https://a.example")["runbook_url"] == "https://a.example"
    link = "links:\n  - url: https://b.example\n    title: Our Runbook\n  - nothing"
    assert one(link)["runbook_url"] == "https://b.example"


def test_shapes_that_do_not_fit_are_passed_over() -> None:
    found = one("annotations: none\nlabels: [a]\ntags: one\nlinks: {}", "type: service\ndependsOn: b\nowner: [x]")
    assert set(found) == {"source", "external_id", "name", "kind", "aliases"}


@given(st.text(alphabet=st.sampled_from("abk:-[]{}&*!|>'\"#%\n\t 0"), max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    lines = text.count("\n") + 1
    for row in reader.rows(text):
        assert 1 <= row.line <= lines + 1


@given(st.lists(st.sampled_from(["a: 1", "# note", "", "kind: x"]), max_size=4), st.integers(0, 3))
def test_documents_are_numbered_by_the_lines_they_stand_on(body: list[str], count: int) -> None:
    text = "\n---\n".join(["\n".join(body)] * (count + 1))
    lines = text.split("\n")
    for document in documents(text):
        assert lines[document.line - 1].strip() not in ("", "---")
