"""Hints on words that point at people; they advise and never stop anybody."""

import pytest

from ops_console.practices.blame import hints


@pytest.mark.parametrize(
    "text",
    [
        "Who deployed this?",
        "It was human error.",
        "The engineer should have checked.",
        "Someone forgot to rotate the key.",
        "Obviously the cache was stale.",
        "The outage lasted an hour.",
    ],
)
def test_a_word_that_blames_or_hides_gets_a_hint(text: str) -> None:
    assert len(hints(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The alert fired nine minutes after the release.",
        "Users who searched on mobile saw stale results.",
        "What made the check pass?",
        "The whole pool was exhausted.",
    ],
)
def test_plain_words_get_none(text: str) -> None:
    assert hints(text) == []


def test_a_name_gets_a_hint_to_name_the_role() -> None:
    (hint,) = hints("Then Ana Lee restarted it.", frozenset({"Ana Lee", "Ben"}))
    assert (hint.word, "role" in hint.advice) == ("Ana Lee", True)


def test_hints_stand_in_the_order_of_the_text_one_for_each_kind() -> None:
    found = hints("Should have known; should have asked. Who did it?")
    assert [hint.word for hint in found] == ["Should have", "Who"]
