"""A frozen reading is the reading, field for field, however it was stored meanwhile."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.measures.readings import Reading
from ops_console.records.reports import ReportRun
from ops_console.reporting.freezing import canonical, digest, freeze, plain, thaw
from tests.reporting import shown, snapshots
from tests.reporting.posting import run

SAMPLES = [snapshots.quiet(key) for key in snapshots.KEYS] + [snapshots.unconnected("mttr"), snapshots.over_budget()]


def without_code(r: Reading) -> Reading:
    bare: Any = None
    return replace(r, definition=replace(r.definition, compute=bare, targets={}))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda r: f"{r.key}-{r.data_state}")
def test_a_thawed_reading_is_the_one_that_was_frozen(sample: Reading) -> None:
    assert without_code(thaw(json.loads(canonical(freeze(sample))))) == without_code(sample)


def test_nobody_computes_with_a_frozen_definition() -> None:
    with pytest.raises(AssertionError, match="computes nothing"):
        thaw(freeze(shown.reading())).definition.compute()


def test_a_snapshot_from_before_a_field_was_added_can_still_be_read() -> None:
    old = freeze(shown.reading())
    del old["outlook"], old["definition"]["changes"]
    assert thaw(old).outlook is None


def test_one_value_has_one_spelling() -> None:
    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})


numbers = st.floats(allow_nan=False, allow_infinity=False, width=64) | st.integers(-(2**60), 2**60)
trees = st.recursive(
    st.none() | st.booleans() | numbers | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(trees)
def test_the_hash_survives_json(tree: object) -> None:
    assert digest(json.loads(canonical(plain(tree)))) == digest(plain(tree))


VALUES = [0.1, -0.0, 8.5e-05, 1e-12, 734400.0, 5e-324, 1e22, 2**60, 0.30000000000000004, 1 / 3, 123456789.125]


def test_the_hash_survives_both_databases(database: Engine) -> None:
    data = plain({"values": VALUES, "text": '− ● é \\ "', "none": None, "nested": [{"b": [1, 2.5], "a": True}]})
    with transaction(database) as session:
        session.add(run(snapshot=data, snapshot_hash=digest(data)))
    with reading(database) as session:
        kept = session.get_one(ReportRun, 1)
        assert digest(kept.snapshot) == kept.snapshot_hash
