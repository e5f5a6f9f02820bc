"""Cells by scope: every scope has its own, in the order of time."""

from operator import itemgetter

from hypothesis import given
from hypothesis import strategies as st

from ops_console.measures.figures import AT, Cell, Exclusions, by_scope, scopes_of
from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind

SLUGS = {1: "ranker", 2: "reader"}
cells = st.lists(
    st.tuples(
        st.sampled_from([None, 1, 2, 3]),
        st.sampled_from([None, "Search", "Ads"]),
        st.sampled_from([None, 1, 2]),
        st.integers(0, 20),
        st.none(),
        st.integers(0, 5),
    ),
    max_size=30,
)


@given(cells)
def test_a_scope_has_its_own_cells_in_the_order_of_their_anchors(rows: list[Cell]) -> None:
    found = by_scope(rows, SLUGS)

    assert found.get(WORKSPACE, []) == sorted(rows, key=itemgetter(AT))
    for scope, mine in found.items():
        assert mine == sorted((row for row in rows if scope in scopes_of(*row[:AT], SLUGS)), key=itemgetter(AT))


def test_two_kinds_of_scope_with_one_key_are_two_scopes() -> None:
    tier, team = Scope(ScopeKind.TIER, "1"), Scope(ScopeKind.TEAM, "1")

    assert {tier: 1, team: 2, WORKSPACE: 3} == {WORKSPACE: 3, team: 2, tier: 1}
    assert len({tier, team, Scope(ScopeKind.TIER, "1")}) == 2


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 20), st.integers(0, 3))), st.integers(0, 20))
def test_exclusions_of_a_span_are_counted_by_reason(left_out: list[tuple[str, int, int]], end: int) -> None:
    left_out.sort(key=lambda row: row[1])
    expected = {reason: sum(n for why, at, n in left_out if why == reason and 3 <= at < end) for reason in "ab"}

    assert Exclusions(left_out).between(3, max(3, end)) == {why: n for why, n in expected.items() if n > 0}
