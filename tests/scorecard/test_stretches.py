"""Which stretches of time answer a question, and what is left to ask."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ops_console.scorecard.stretches import Stretch, answering, gaps, shared_out

ASKED = Stretch(0, 100)
EDGES = st.sets(st.integers(-20, 120), max_size=8).map(sorted)
KEPT = st.lists(
    st.tuples(st.integers(-20, 120), st.integers(1, 40)).map(lambda each: Stretch(each[0], sum(each))), max_size=12
)


@given(kept=KEPT, edges=EDGES)
def test_what_answers_and_what_is_left_are_the_whole_each_instant_once(kept: list[Stretch], edges: list[int]) -> None:
    answered = answering(kept, ASKED, edges)
    whole = sorted([*answered, *gaps(answered, ASKED)])

    assert (whole[0].start, whole[-1].end) == ASKED
    assert all(before.end == after.start for before, after in pairwise(whole))


@given(kept=KEPT, edges=EDGES)
def test_nothing_answers_that_an_edge_cuts_in_two(kept: list[Stretch], edges: list[int]) -> None:
    assert not any(each.start < edge < each.end for each in answering(kept, ASKED, edges) for edge in edges)


def test_edges_at_the_ends_of_a_stretch_do_not_cut_it() -> None:
    assert answering([Stretch(10, 20)], ASKED, [10, 20]) == [Stretch(10, 20)]


def test_of_two_that_meet_one_answers() -> None:
    assert answering([Stretch(10, 30), Stretch(20, 40), Stretch(30, 50)], ASKED, []) == [(10, 30), (30, 50)]


def test_what_reaches_beyond_the_question_does_not_answer_it() -> None:
    assert answering([Stretch(-1, 20), Stretch(90, 101)], ASKED, []) == []


def test_where_nothing_is_kept_all_is_asked() -> None:
    assert [*gaps([], ASKED)] == [ASKED]


def test_where_all_is_kept_nothing_is_asked() -> None:
    assert [*gaps([Stretch(0, 40), Stretch(40, 100)], ASKED)] == []


@given(edges=st.sets(st.integers(0, 100), min_size=2).map(sorted), data=st.data())
def test_every_cell_goes_into_the_stretch_of_its_anchor(edges: list[int], data: st.DataObject) -> None:
    anchors = data.draw(st.lists(st.integers(-10, 110)))
    shared = shared_out([(None, None, None, anchor, None) for anchor in anchors], edges)

    assert [*shared] == [Stretch(*pair) for pair in pairwise(edges)]
    assert sum(map(len, shared.values())) == sum(edges[0] <= anchor < edges[-1] for anchor in anchors)
    assert all(each.start <= cell[3] < each.end for each, cells in shared.items() for cell in cells)
