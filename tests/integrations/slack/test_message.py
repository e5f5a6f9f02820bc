"""One Slack message that says it all, inside Slack's limits and ours."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.slack import blocks, channel
from integrations.slack.message import BLOCKS, CHARACTERS, Message, message, summary_text, thread
from ops_console.contracts.document import Document, Figure, Figures, Heading, Line, Lines, Note, Section
from ops_console.core.settings import Settings
from tests.reporting import documents


def texts(made: Message) -> str:
    return json.dumps(made.blocks, ensure_ascii=False)


def of_type(made: Message, kind: str) -> list[dict[str, Any]]:
    return [block for block in made.blocks if block["type"] == kind]


def huge() -> Document:
    lines = Lines(tuple(Line(f"Something happened to model number {n} " + "again " * 20, "■") for n in range(30)))
    figures = Figures(tuple(Figure(f"Figure {n}", "8.5 days", "note " * 20, "●", "On target") for n in range(14)))
    parts = (documents.section(lines, figures, documents.table(40), Note("n " * 200), number=n) for n in range(1, 12))
    return documents.document(*parts)


def test_the_order_is_title_context_summary_sections_buttons_date() -> None:
    kinds = [block["type"] for block in message(documents.document()).blocks]
    expected = [
        "header",
        "context",
        "section",
        "section",
        "context",
        "section",
        "section",
        "table",
        "actions",
        "context",
    ]
    assert kinds == expected


def test_the_report_fits_with_room_to_spare() -> None:
    made = message(documents.document())
    assert len(made.blocks) <= BLOCKS and made.size() <= CHARACTERS / 2


def test_a_huge_report_still_fits_and_keeps_summary_buttons_and_date() -> None:
    made = message(huge())
    assert made.fits()
    assert "*Summary*" in made.blocks[2]["text"]["text"]
    assert [block["type"] for block in made.blocks[-2:]] == ["actions", "context"]


def test_what_does_not_fit_is_counted_with_a_link() -> None:
    lines = Lines(tuple(Line(f"INC-{n}", "■") for n in range(10)))
    made = message(documents.document(documents.section(lines)))
    assert "<https://console.example/reports/runs/7|+4 more>" in texts(made)


def test_a_table_has_at_most_12_rows_and_counts_the_rest() -> None:
    made = message(documents.document(documents.section(documents.table(15))))
    assert len(of_type(made, "table")[0]["rows"]) == 12
    assert "|+4 more>" in texts(made)


def test_a_message_carries_one_table_and_the_thread_the_others() -> None:
    parts = documents.section(documents.table(caption="A"), documents.table(caption="B"), documents.table(caption="C"))
    document = documents.document(parts)
    assert len(of_type(message(document), "table")) == 1
    assert [len(of_type(reply, "table")) for reply in thread(document)] == [1, 1]


def test_the_main_table_is_the_first_that_fits_whole() -> None:
    parts = documents.section(documents.table(40, caption="Long"), documents.table(3, caption="Short"))
    assert len(of_type(message(documents.document(parts)), "table")[0]["rows"]) == 4


def test_numbers_stand_right_in_tables() -> None:
    settings = of_type(message(documents.document()), "table")[0]["column_settings"]
    assert [column["align"] for column in settings] == ["left", "right", "right", "right"]


def test_no_cell_is_empty_because_slack_refuses_that() -> None:
    made = message(documents.document(documents.section(documents.table(rows=(("ranker", "", "", ""),)))))
    assert all(cell["text"] for row in of_type(made, "table")[0]["rows"] for cell in row)


def test_the_text_is_the_whole_plain_summary() -> None:
    text = message(documents.document()).text
    for line in documents.SUMMARY:
        assert blocks.escape(line.text) in text
    assert text.startswith("MLOps monthly report: October 2026")


def test_markup_and_mentions_in_names_stay_text() -> None:
    line = Line("<!channel> <https://evil|click> & co", "■")
    section = documents.section(Lines((line,)), title="<!here>")
    document = documents.document(section, title="<!everyone>", summary=(line,), context="<@U1>")
    made = message(document)
    assert not re.search(r"<[!@#]", made.text + texts(made))
    assert "&lt;!channel&gt;" in made.text


def test_icons_are_characters_and_not_emoji() -> None:
    made = texts(message(documents.document()))
    assert "■" in made and not re.search(r":[a-z_]+:", made)


def test_buttons_are_links_and_call_nobody_back() -> None:
    buttons = of_type(message(documents.document()), "actions")[0]["elements"]
    assert [button["text"]["text"] for button in buttons] == ["Open full report", "Data and definitions"]
    assert all(button["url"].startswith("https://") for button in buttons)


def test_a_mark_stands_before_the_title() -> None:
    marked = documents.document(marks=("TEST",))
    assert message(marked).blocks[0]["text"]["text"].startswith("TEST MLOps")
    assert summary_text(marked).startswith("TEST ")


def test_sections_for_other_channels_stay_out() -> None:
    section = Section("method", "Method", (Note("for the PDF"),), frozenset({"pdf"}))
    assert "for the PDF" not in texts(message(documents.document(section)))


def test_a_preview_is_the_message_and_its_thread_the_same_every_time() -> None:
    files = [channel.rendered(documents.document(), Settings(), images={}) for _ in range(2)]
    assert files[0] == files[1]
    assert set(json.loads(files[0][0].content)) == {"text", "blocks", "thread"}


@given(st.text(alphabet="ab &<>é■", max_size=400), st.integers(10, 200))
def test_a_shortened_text_is_short_and_breaks_no_word_and_no_entity(text: str, limit: int) -> None:
    made = blocks.shortened(blocks.escape(text), limit)
    assert len(made) <= limit or len(blocks.escape(text)) <= limit
    assert not re.search(r"&(?!amp;|lt;|gt;)", made)


text = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=3000)


@given(st.lists(text, min_size=1, max_size=30), st.integers(0, 120))
def test_whatever_is_in_a_report_slack_takes_it(words: list[str], rows: int) -> None:
    lines = Lines(tuple(Line(word, "●", link="https://x") for word in words))
    figures = Figures(tuple(Figure(word, word, word) for word in words))
    section = documents.section(lines, figures, documents.table(rows, caption=words[0]), title=words[0])
    document = documents.document(section, section, title=words[0], context=words[-1])
    for made in (message(document), *thread(document)):
        _obeys_the_platform(made)


def _obeys_the_platform(made: Message) -> None:
    assert made.fits()
    for block in made.blocks:
        if block["type"] == "header":
            assert 0 < len(block["text"]["text"]) <= 150
        if block["type"] == "section":
            assert 0 < len(block["text"]["text"]) <= 3000
            assert len(block.get("fields", [])) <= 10
            assert all(0 < len(field["text"]) <= 2000 for field in block.get("fields", []))
        if block["type"] == "table":
            assert len(block["rows"]) <= 12 and all(len(row) <= 20 for row in block["rows"])


@pytest.mark.parametrize("character", ["&", "<", ">"])
def test_the_three_characters_are_escaped(character: str) -> None:
    assert blocks.escape(character) in {"&amp;", "&lt;", "&gt;"}


def test_a_message_without_a_summary_says_its_sentences_to_those_who_see_no_blocks() -> None:
    lines = (Line("Write the runbook: due today", "▲"), Line("Test <it>: 8 days overdue", "■"))
    part = Section("action", "Actions", (Heading("Actions"), Lines(lines)))
    bare = replace(documents.document(), summary=(), sections=(part,))
    text = summary_text(replace(bare, link_says="See what you owe")).splitlines()
    assert text[2:] == [
        "▲ Write the runbook: due today",
        "■ Test &lt;it&gt;: 8 days overdue",
        f"See what you owe: {bare.link}",
    ]
