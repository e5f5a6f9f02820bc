"""A review as a document: on paper nothing looks like markup, and every link leads to the console or its source."""

from zoneinfo import ZoneInfo

from ops_console.contracts.document import Line, Lines
from ops_console.practices.review_markdown import Head, markdown
from ops_console.reporting.render.pdf import pdf
from ops_console.reporting.review_document import document
from tests.practices.stories import TODAY

HEAD = Head("Review: Answers are slow", (("Model", "ranker"),), ZoneInfo("Europe/London"), "https://ops.example")
SAID = {
    "parts": [
        {"key": "lessons", "title": "Lessons", "text": "### What we know\n\n- **Pools** fill\n- So do `queues`\nEnd"}
    ],
    "timeline": [
        {"at": "2026-11-04T08:00:00Z", "text": "Commander: ana", "source": "console", "link": "/incidents/1#roles"},
        {"at": "2026-11-04T08:05:00Z", "text": "Detected", "source": "pager", "link": "https://pager.example/1"},
        {"at": "2026-11-04T08:06:00Z", "text": "Alert fired", "source": "pager", "link": None},
    ],
    "factors": [{"factor": "capacity", "note": "The pool was full"}],
    "actions": [],
}


def lines(title: str) -> tuple[Line, ...]:
    made = document(HEAD, SAID, TODAY, "https://ops.example/incidents/1/review", "https://ops.example/help", "review-1")
    section = next(each for each in made.sections if each.title == title)
    (found,) = (block for block in section.blocks if isinstance(block, Lines))
    assert pdf(made).startswith(b"%PDF")
    return found.lines


def test_what_people_wrote_reads_without_markup() -> None:
    assert [(each.icon, each.text) for each in lines("Lessons")] == [
        ("", "What we know"),
        ("·", "Pools fill"),
        ("·", "So do queues"),
        ("", "End"),
    ]


def test_each_moment_names_its_source_and_leads_there() -> None:
    assert [(each.text, each.link) for each in lines("Timeline")] == [
        ("4 Nov 2026 08:00 GMT: Commander: ana (console)", "https://ops.example/incidents/1#roles"),
        ("4 Nov 2026 08:05 GMT: Detected (pager)", "https://pager.example/1"),
        ("4 Nov 2026 08:06 GMT: Alert fired (pager)", ""),
    ]
    assert [each.text for each in lines("Contributing factors")] == ["Capacity: The pool was full"]


def test_as_markdown_it_keeps_what_people_wrote_and_leads_to_the_same_places() -> None:
    said = markdown(HEAD, SAID)
    assert SAID["parts"][0]["text"] in said  # type: ignore[index]
    assert "- 4 Nov 2026 08:00 GMT: Commander: ana ([console](https://ops.example/incidents/1#roles))\n" in said
    assert "- 4 Nov 2026 08:06 GMT: Alert fired (pager)\n" in said
