"""Files of objectives in, facts out: the samples are the test, and a broken document hides no other."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.openslo import MANIFEST, reader
from ops_console.contracts.facts import SloFact
from ops_console.contracts.rows import LeftOut, Refused, Row

SAMPLES = Path(reader.__file__).parent / "samples"


def slo(name: str = "up", objectives: str = "[{target: 0.99}]", **spec: str) -> str:
    said = {"service": "ranker", "objectives": objectives} | spec
    lines = "".join(f"  {key}: {value}\n" for key, value in said.items() if value)
    return f"apiVersion: openslo/v1\nkind: SLO\nmetadata: {{name: {name}}}\nspec:\n{lines}"


def facts(text: str) -> list[dict[str, Any]]:
    rows = [row for row in reader.rows(text) if isinstance(row, Row)]
    read = (SloFact.model_validate({"source": MANIFEST.key, **row.cells}) for row in rows)
    return [json.loads(fact.model_dump_json(exclude_defaults=True)) for fact in read]


def one(text: str) -> dict[str, Any]:
    (found,) = facts(text)
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
    for other in ("name,objective\nup,99\n", "apiVersion: backstage.io/v1alpha1\n", "version: 2\n", "", '{"slo": 1}'):
        assert not reader.recognises(other)


def test_other_kinds_are_counted_by_their_word() -> None:
    left = [row.what for row in reader.rows((SAMPLES / "objectives.yaml").read_text()) if isinstance(row, LeftOut)]
    assert left == ["Service", "SLI", "AlertPolicy"]


def test_a_broken_document_hides_no_other() -> None:
    text = f"{slo('a')}---\nkind: [\n---\n{slo('b', objectives='[]')}---\n{slo('c')}"
    assert [each["name"] for each in facts(text)] == ["a", "c"]
    found = [row for row in reader.rows(text) if isinstance(row, Refused)]
    assert "mend the YAML" in found[0].reason and found[0].line > 6
    assert found[1].reason == "spec.objectives is no list with anything in it"


def test_a_broken_objective_hides_no_other_of_its_document() -> None:
    text = slo(
        objectives="[{displayName: a, target: 0.9}, {displayName: b, target: high}, {displayName: c, target: 0.5}]"
    )
    assert [each["name"] for each in facts(text)] == ["up: a", "up: c"]
    found = refused(text)
    assert (found.column, found.reason) == ("objectives[1].target", "'high' is no number")


def test_a_name_that_is_told_twice_counts_once() -> None:
    text = f"{slo('up')}---\n{slo('up', objectives='[{target: 0.5}]')}"
    assert [each["objective_percent"] for each in facts(text)] == ["99"]
    assert refused(text).reason == "up is told on line 1 already"


@pytest.mark.parametrize(
    ("objective", "percent"),
    [
        ("target: 0.999", "99.9"),
        ("target: 0.9990", "99.9"),
        ("target: .95", "95"),
        ("target: 9.5e-1", "95"),
        ("targetPercent: 99.95", "99.95"),
        ("{target: 0.5, targetPercent: 99}", "99"),
    ],
)
def test_an_objective_is_a_share_or_per_cent(objective: str, percent: str) -> None:
    told = objective if objective.startswith("{") else f"{{{objective}}}"
    assert one(slo(objectives=f"[{told}]"))["objective_percent"] == percent


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"objectives": "[{target: 99.9}]"}, "99.9 is no share between 0 and 1; write targetPercent: 99.9"),
        ({"objectives": "[{target: 1}]"}, "1 is no share between 0 and 1"),
        ({"objectives": "[{target: 0}]"}, "0 is no share"),
        ({"objectives": "[{target: NaN}]"}, "'NaN' is no number"),
        ({"objectives": "[{targetPercent: 100}]"}, "100 % is no objective"),
        ({"objectives": "[{value: 1}]"}, "neither target nor targetPercent"),
        ({"objectives": "[{target: 0.9, op: about, value: 1}]"}, "'about' is no operator"),
        ({"objectives": "[high]"}, "spec.objectives is no list"),
        ({"objectives": ""}, "spec.objectives is no list"),
        ({"service": ""}, "spec.service is missing"),
        ({"budgetingMethod": "Guessing"}, "'Guessing' is no budgeting method"),
        ({"timeWindow": "[{duration: a month}]"}, "'a month' is no duration"),
        ({"timeWindow": "[{duration: 0d}]"}, "'0d' is no duration"),
        ({"timeWindow": "[]"}, "other than one window"),
        ({"timeWindow": "[{duration: 1d}, {duration: 2d}]"}, "other than one window"),
        ({"timeWindow": "[{duration: 1d, isRolling: perhaps}]"}, "isRolling is 'perhaps'"),
        ({"timeWindow": "[{duration: 1M, isRolling: true, calendar: {timeZone: UTC}}]"}, "rolling and by calendar"),
    ],
)
def test_what_cannot_be_says_why_and_what_to_do(changes: dict[str, str], words: str) -> None:
    assert words in refused(slo(**changes)).reason


@pytest.mark.parametrize(
    ("window", "kept"),
    [
        ("[{duration: 28d, isRolling: true}]", {"window": "28d", "calendar": False}),
        ("[{duration: 4w, isRolling: True}]", {"window": "4w", "calendar": False}),
        ("[{duration: 1M, isRolling: false}]", {"window": "1M", "calendar": True}),
        ("[{duration: 1Q, calendar: {timeZone: UTC}}]", {"window": "1Q", "calendar": True}),
        ("{duration: 30d, isRolling: true}", {"window": "30d", "calendar": False}),
        ("[{duration: 30d}]", {"window": "30d"}),
        ("", {}),
    ],
)
def test_a_window_rolls_or_follows_the_calendar(window: str, kept: dict[str, Any]) -> None:
    told = one(slo(timeWindow=window))
    assert {name: told[name] for name in ("window", "calendar") if name in told} == kept


def test_objectives_of_one_slo_are_told_apart_by_what_they_ask() -> None:
    text = slo(objectives="[{op: lte, value: 1, target: 0.9}, {op: gt, value: 2, target: 0.9}, {target: 0.5}]")
    assert [each["external_id"] for each in facts(text)] == ["up/lte 1", "up/gt 2", "up/3"]
    same = slo(objectives="[{displayName: a, target: 0.9}, {displayName: a, target: 0.95}]")
    assert [each["external_id"] for each in facts(same)] == ["up/a 1", "up/a 2"]


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        ("thresholdMetric: {metricSource: {spec: {query: q}}}", "q"),
        ("thresholdMetric: {metricSource: {spec: q}}", "q"),
        ("thresholdMetric: {metricSource: {spec: {namespace: n, metric: m}}}", "namespace=n, metric=m"),
        (
            "ratioMetric: {bad: {metricSource: {spec: {query: b}}}, total: {metricSource: {spec: {query: t}}}}",
            "bad: b ÷ total: t",
        ),
        ("ratioMetric: {rawType: failure, raw: {metricSource: {spec: {query: r}}}}", "failure ratio: r"),
    ],
)
def test_an_indicator_is_told_by_its_queries(metric: str, words: str) -> None:
    assert one(slo(indicator=f"{{metadata: {{name: i}}, spec: {{{metric}}}}}"))["sli"] == words


def test_objectives_may_have_indicators_of_their_own() -> None:
    text = slo(objectives="[{indicatorRef: fast, target: 0.9}, {indicatorRef: right, target: 0.99}]")
    assert [(each["external_id"], each["sli"]) for each in facts(text)] == [("up/fast", "fast"), ("up/right", "right")]


def test_other_versions_are_refused_by_name() -> None:
    for version in ("openslo/v1alpha", "openslo.com/v2alpha"):
        text = slo().replace("openslo/v1", version)
        assert reader.recognises(text)
        assert f"{version} is another version of OpenSLO" in refused(text).reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("just words\n", "has no apiVersion"),
        ("kind: SLO\n", "has no apiVersion"),
        ("apiVersion: openslo/v1\nkind: SLO\n", "metadata.name is missing"),
        ("version: prometheus/v1\nslos: [{name: a, objective: 9}]\n", "service is missing"),
        ("version: prometheus/v1\nservice: a\n", "slos is no list"),
        ("version: prometheus/v1\nservice: a\nslos: [{objective: 9}]\n", "an objective has no name"),
        ("version: prometheus/v1\nservice: a\nslos: [{name: b}]\n", "'' is no number"),
        ("apiVersion: pyrra.dev/v1alpha1\nspec: {}\n", "metadata.name is missing"),
        ("apiVersion: pyrra.dev/v1alpha1\nmetadata: {name: a}\nspec: {target: 9}\n", "'' is no duration"),
    ],
)
def test_what_lacks_what_it_must_have_says_so(text: str, words: str) -> None:
    assert words in refused(text).reason


FIELDS = (
    *("metadata", "name", "spec", "service", "labels", "objectives", "target", "timeWindow", "duration"),
    *("indicator", "slos", "sli"),
)
ANYTHING = st.recursive(
    st.text(max_size=5) | st.integers() | st.none(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), each, max_size=4),
    max_leaves=20,
)


@given(ANYTHING, st.sampled_from(["openslo/v1", "sloth.slok.dev/v1", "pyrra.dev/v1alpha1"]))
def test_whatever_a_document_holds_it_is_read_refused_or_left_out(content: Any, version: str) -> None:
    told = {"apiVersion": version, "kind": "SLO"} | (content if isinstance(content, dict) else {"spec": content})
    assert list(reader.rows(json.dumps(told)))
