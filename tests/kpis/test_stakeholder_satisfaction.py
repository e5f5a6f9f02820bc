"""Scores on their own scale, and nobody found out."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from ops_console.measures.figures import Figure
from ops_console.measures.privacy import FEWEST_ANSWERS, joined
from tests.scorecard.measuring import books, figure

KEY = "stakeholder_satisfaction"
Q3 = "2026-Q3"
TEN = {"scale_min": Decimal(1), "scale_max": Decimal(10)}


def test_the_mean_of_the_wave_with_its_promoter_score(database: Engine) -> None:
    with books(database) as written:
        written.answers([10, 9, 9, 8, 7, 6, 5])

        found = figure(written.session, KEY, Q3)
        assert (found.value, found.n) == (pytest.approx(54 / 7), 7)
        assert found.detail["nps"] == pytest.approx(100 / 7)
        assert found.detail["share_8_plus"] == pytest.approx(4 / 7)


def test_a_scale_of_1_to_10_is_kept_as_such(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.answers([10, 9, 8, 8, 5], **TEN)

        found = figure(written.session, KEY, Q3)
        assert (found.value, found.detail["scale"]) == (8, [1, 10])


def test_a_scale_of_1_to_5_is_not_doubled_and_has_no_promoters(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.answers([5, 4, 4, 3, 4], scale_min=Decimal(1), scale_max=Decimal(5))

        found = figure(written.session, KEY, Q3)
        assert (found.value, found.detail["scale"]) == (4, [1, 5])
        assert "nps" not in found.detail


def test_below_five_answers_nothing_is_shown(database: Engine) -> None:
    with books(database) as written:
        written.answers([1, 2, 3, 10])

        found = figure(written.session, KEY, Q3)
        assert (found.value, found.n, found.spread) == (None, 4, None)
        assert found.detail["hidden"]
        assert "questions" not in found.detail


def test_no_answers_are_no_figure(sqlite: Engine) -> None:
    with books(sqlite) as written:
        assert figure(written.session, KEY, Q3) == Figure()


def test_the_headline_question_is_satisfaction_or_overall(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.answers([2] * 5, question="docs")
        written.answers([8] * 5, question="overall_support")
        written.answers([10] * 5, question="recommend")

        found = figure(written.session, KEY, Q3)
        assert (found.value, found.detail["question"]) == (8, "overall_support")
        assert (found.detail["promoter_question"], found.detail["nps"]) == ("recommend", 100)


def test_without_a_headline_question_all_answers_count(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.answers([2] * 5, question="docs")
        written.answers([4] * 5, question="ci")

        found = figure(written.session, KEY, Q3)
        assert (found.value, found.n, found.detail["question"]) == (3, 5, None)


def test_a_question_with_few_answers_is_hidden_by_itself(sqlite: Engine) -> None:
    with books(sqlite) as written:
        written.answers([8] * 6)
        written.answers([1] * 2, question="docs")

        assert figure(written.session, KEY, Q3).detail["questions"]["docs"] == {"hidden": True}


def test_the_latest_wave_counts_alone(database: Engine) -> None:
    with books(database) as written:
        written.answers([1] * 5, day=date(2026, 7, 10), wave="first")
        written.answers([9] * 5, day=date(2026, 9, 10), wave="second")

        found = figure(written.session, KEY, Q3)
        assert (found.value, found.detail["wave"]) == (9, "second")


def test_a_small_group_is_joined_with_the_next_smallest(database: Engine) -> None:
    with books(database) as written:
        for group, number in (("Search", 8), ("Risk", 6), ("Ads", 2)):
            written.answers([8] * number, group=group)

        groups = figure(written.session, KEY, Q3).detail["groups"]
        assert [(group["names"], group["n"]) for group in groups] == [(["Search"], 8), (["Ads", "Risk"], 8)]
        assert figure(written.session, KEY, Q3, "team:Search").value == 8
        assert figure(written.session, KEY, Q3, "team:Risk").value is None
        assert figure(written.session, KEY, Q3, "team:Ads").value is None


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 12), min_size=1))
def test_no_hidden_group_is_found_by_subtraction(counts: dict[str, int]) -> None:
    shown = joined(counts, FEWEST_ANSWERS)
    small = [names for names in shown if sum(counts[name] for name in names) < FEWEST_ANSWERS]

    assert sorted(name for names in shown for name in names) == sorted(counts)
    assert all(len(names) > 1 or counts[names[0]] >= FEWEST_ANSWERS for names in shown) or len(shown) == 1
    assert not small or len(shown) == 1
