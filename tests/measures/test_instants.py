"""Outside the instants at which anything happened to a scope, there is no figure of it."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.core.clock import EPOCH
from ops_console.measures.aggregates import Aggregate, Count, Share
from ops_console.measures.durations import Duration
from ops_console.measures.figures import AT, Setting, Span
from ops_console.measures.people import People
from ops_console.measures.snapshots import Snapshot

SETTING = Setting({1: "ranker", 2: "reader"}, {"search": "Search"}, "USD", ZoneInfo("UTC"), People([]))
HAPPENED = st.tuples(
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, "Search"]),
    st.sampled_from([None, 1, 2]),
    st.integers(1, 40),
    st.sampled_from([None, None, "deleted"]),
)


def _count(*standing: Any) -> tuple[Any, ...]:
    return *standing, 1, standing[AT]


def _share(*standing: Any) -> tuple[Any, ...]:
    return *standing, 2, 1, 0


def _duration(*standing: Any) -> tuple[Any, ...]:
    return *standing, 1, standing[AT], [500]


def _snapshot(*standing: Any) -> tuple[Any, ...]:
    at = standing[AT]
    return *standing, at - 2, at + 1, 2, 1


def span(since: int, until: int) -> Span:
    return Span(EPOCH + timedelta(milliseconds=since), EPOCH + timedelta(milliseconds=until))


@pytest.mark.parametrize(
    ("measure", "cell"),
    [(Count(()), _count), (Share(()), _share), (Duration(()), _duration), (Snapshot(()), _snapshot)],
    ids=["count", "share", "duration", "snapshot"],
)
@given(happened=st.lists(HAPPENED, min_size=1, max_size=12), since=st.integers(-3, 45), lasted=st.integers(1, 9))
def test_a_span_beside_them_has_none(
    measure: Aggregate, cell: Any, happened: list[Any], since: int, lasted: int
) -> None:
    cells = [cell(*standing) for standing in sorted(happened, key=lambda standing: standing[AT])]
    found = measure.reduce(cells, SETTING, ())
    asked = span(since, since + lasted)
    for scope in found.scopes():
        instants = found.instants(scope)
        assert instants is not None
        first, last = instants
        if since + lasted <= first or last < since:
            assert found.figure(scope, asked) is None
            assert found.cases(scope, asked) is None
        if not isinstance(measure, Snapshot):
            assert found.figure(scope, span(first, last + 1)) is not None
