"""Markdown in, Markdown out: no section is lost on the way."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from ops_console.practices.review_markdown import Block, Head, blocks_of, markdown, parts_of
from ops_console.practices.review_pasting import paste
from ops_console.practices.review_text import part_for
from ops_console.practices.review_versions import content
from ops_console.practices.review_writing import sections
from ops_console.records import audit
from ops_console.records.reviews import IncidentReview
from tests.practices.stories import ANA, TODAY, started
from tests.web.pages.builders import Workspace

DOCUMENT = """# Slow answers - 4 Nov

What it was, in short.

## Summary

Answers were late.

## Root Cause Analysis

The pool was full.

### Why it hid

No alert on it.

## Action items

- **Raise the limit** (@ana)
"""


@pytest.fixture
def review(session: Session, rows: Workspace) -> IncidentReview:
    return started(session, rows.incident(rows.model(), TODAY))


def test_sections_find_their_parts_and_others_become_parts() -> None:
    assert parts_of(DOCUMENT) == {
        "summary": "### Slow answers - 4 Nov\n\nWhat it was, in short.\n\nAnswers were late.",
        "what_happened": "### Root Cause Analysis\n\nThe pool was full.\n\n### Why it hid\n\nNo alert on it.",
        "# Action items": "- **Raise the limit** (@ana)",
    }


def test_a_document_without_headings_is_the_summary() -> None:
    assert parts_of("It was slow.\n\nThen not.") == {"summary": "It was slow.\n\nThen not."}


def test_code_that_looks_like_a_heading_stays_code() -> None:
    text = "## Impact\n\n```sh\n# not a heading\n## nor this\n```\n\n## Recovery\n\nDone."
    assert blocks_of(text) == [
        Block(2, "Impact", "```sh\n# not a heading\n## nor this\n```"),
        Block(2, "Recovery", "Done."),
    ]


def test_the_main_headings_may_be_of_any_rank() -> None:
    assert [block.heading for block in blocks_of("Intro\n\n### Scope\n\na\n\n#### Deeper\n\nb\n\n### Cause\n\nc")] == [
        "",
        "Scope",
        "Cause",
    ]


def test_pasting_twice_changes_nothing(session: Session, review: IncidentReview) -> None:
    assert paste(session, review, DOCUMENT, ANA) == 3
    assert paste(session, review, DOCUMENT, ANA) == 0
    assert sections(session, audit.number(review))[-1].title == "Action items"


def test_what_was_written_before_stays_above(session: Session, review: IncidentReview) -> None:
    before = next(each.text for each in sections(session, audit.number(review)) if each.key == "impact")
    paste(session, review, "## Impact\n\nTwo customers.\n\n## Luck\n\nIt was Sunday.", ANA)
    after = {each.key: each.text for each in sections(session, audit.number(review))}
    assert after["impact"] == f"{before}\n\nTwo customers."
    assert after["lucky"] == "### Luck\n\nIt was Sunday."


def test_what_was_pasted_comes_out_again(session: Session, review: IncidentReview) -> None:
    paste(session, review, DOCUMENT, ANA)
    out = markdown(Head("Review", (("Model", "ranker"),), ZoneInfo("UTC")), content(session, review))
    for line in DOCUMENT.splitlines():
        assert line.lstrip("# ") in out


lines = st.lists(st.sampled_from(["# A", "## Summary", "## B", "### C", "```", "words", "", "## Impact", "more"]))


@given(lines)
def test_no_line_of_any_document_is_lost(document: list[str]) -> None:
    parts = parts_of("\n".join(document))
    said = "\n".join(f"{key}\n{text}" for key, text in parts.items())
    written = [line.lstrip("# ") for line in document]
    assert [line for line in written if line not in said and part_for(line) is None] == []
