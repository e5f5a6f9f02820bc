"""A wave each quarter, answered by two thirds of those asked."""

from collections import Counter

import pytest

from ops_console.demo import surveys
from tests.demo.stories import facts, story

pytestmark = pytest.mark.xdist_group("story")
ANSWERS = facts(story(), "survey_responses")


def test_there_is_a_wave_for_every_quarter_that_ended() -> None:
    waves = sorted({answer.wave for answer in ANSWERS})
    assert waves == ["2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]


def test_about_fourteen_of_twenty_two_answer() -> None:
    per_wave = Counter(answer.wave for answer in ANSWERS if answer.question == surveys.QUESTIONS[0])
    assert all(9 <= count <= 19 for count in per_wave.values())


def test_scores_look_like_people() -> None:
    scores = [float(answer.score) for answer in ANSWERS if answer.question == "overall"]
    assert 6.5 < sum(scores) / len(scores) < 8.5
    assert len(set(scores)) >= 5


def test_some_say_why() -> None:
    commented = [answer for answer in ANSWERS if answer.comment]
    assert 0.08 < len(commented) / len(ANSWERS) < 0.3
