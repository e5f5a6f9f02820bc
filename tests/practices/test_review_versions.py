"""Versions say part by part what was taken out and what came in."""

from ops_console.practices.review_versions import Difference, compared, hash_of


def said(*parts: tuple[str, str], factors: list[dict[str, str]] | None = None) -> dict[str, object]:
    named = [{"key": title.lower(), "title": title, "text": text} for title, text in parts]
    return {"parts": named, "timeline": [], "factors": factors or [], "actions": []}


def test_the_same_text_shows_no_difference() -> None:
    one = said(("Summary", "Late."))
    assert compared(one, one) == []
    assert hash_of(one) == hash_of(said(("Summary", "Late.")))


def test_lines_that_went_and_came_are_marked() -> None:
    before, after = said(("Summary", "One\nTwo")), said(("Summary", "One\nThree"))
    assert compared(before, after) == [Difference("Summary", ((" ", "One"), ("-", "Two"), ("+", "Three")))]
    assert hash_of(before) != hash_of(after)


def test_parts_and_factors_that_were_not_there_before_are_shown() -> None:
    after = said(("Costs", "Ten"), factors=[{"factor": "missing_alert", "note": "None on age"}])
    titles = {each.title: each.lines for each in compared(said(), after)}
    assert titles == {
        "Costs": (("+", "Ten"),),
        "Contributing factors": (("+", "missing alert: None on age"),),
    }
