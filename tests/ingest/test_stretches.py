"""Stretches of time are joined, cut and compared without losing a millisecond."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ops_console.ingest.stretches import Stretches, common, covers, differing, united

SPANS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=5)


def instants(stretches: Stretches) -> set[int]:
    return {at for at in range(14) if covers(stretches, at)}


@given(SPANS)
def test_united_covers_what_some_span_covers_and_nothing_touches(spans: Stretches) -> None:
    found = united(spans)
    assert instants(found) == {at for a, b in spans for at in range(a, b)}
    assert all(ended < began for (_, ended), (began, _) in pairwise(found))


@given(SPANS, SPANS)
def test_common_is_what_both_cover(first: Stretches, second: Stretches) -> None:
    a, b = united(first), united(second)
    assert instants(common(a, b)) == instants(a) & instants(b)


@given(SPANS, SPANS)
def test_differing_is_what_one_of_them_covers(first: Stretches, second: Stretches) -> None:
    a, b = united(first), united(second)
    assert instants(differing(a, b)) == instants(a) ^ instants(b)
    assert differing(a, a) == []
