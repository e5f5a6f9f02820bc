"""Words are measured, fitted and kept apart."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ops_console.reporting.charts.lettering import fitted, stacked, width, wrapped

places = st.lists(st.tuples(st.floats(0, 300), st.integers(10, 40)), min_size=1, max_size=6)


def test_digits_are_equally_wide() -> None:
    assert len({width(digit) for digit in "0123456789"}) == 1


def test_bold_and_larger_words_are_wider() -> None:
    assert width("Lead time") < width("Lead time", bold=True) < width("Lead time", size=14)


@given(st.text(max_size=60), st.floats(min_value=20, max_value=400))
def test_what_is_fitted_fits(text: str, room: float) -> None:
    assert width(fitted(text, room)) <= max(room, width("…")) + 0.01


def test_a_sentence_is_cut_between_words_and_a_slug_between_letters() -> None:
    assert fitted("one two three four", width("one two three") + 8) == "one two …"
    assert fitted("text-generation-inference", 80).endswith("…")
    assert fitted("short", 100) == "short"


@given(st.lists(st.text("abc", min_size=1, max_size=12), max_size=12), st.floats(min_value=30, max_value=200))
def test_wrapping_loses_no_word(words: list[str], room: float) -> None:
    assert " ".join(wrapped(" ".join(words), room)).split() == words


@given(places)
def test_blocks_are_kept_apart_and_above_the_floor(blocks: list[tuple[float, int]]) -> None:
    centres, heights = [centre for centre, _ in blocks], [float(height) for _, height in blocks]
    tops = stacked(centres, heights, 0, 1000)
    ordered = sorted(zip(tops, heights, strict=True))
    assert all(before + height <= after + 1e-6 for (before, height), (after, _) in pairwise(ordered))
    assert max(top + height for top, height in ordered) <= 1000


def test_blocks_with_room_stay_where_they_are_wanted() -> None:
    assert stacked([20, 100], [10, 10], 0, 200) == [15, 95]


def test_words_are_measured_in_the_widest_font_readers_have() -> None:
    """In DejaVu Sans, the usual one on Linux, an average letter is a tenth wider than in Arial or Roboto."""
    assert width("help-assistant-availability") > 155
    assert width("Hidden to protect people", bold=True) > 165
