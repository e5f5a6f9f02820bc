"""The e-mail reads fully in every client: small, without what clients drop, complete as plain text."""

import re
from html.parser import HTMLParser

import pytest

from integrations.email.html import LIMIT, encoded_size, html
from integrations.email.text import plain_text
from ops_console.contracts.document import Document, Figure, Figures, Line, Lines, Note, Tone
from tests.reporting import documents

HOSTILE = '<script>alert(1)</script> & "quotes"'


def page(document: Document | None = None) -> str:
    return html(document or documents.document(), {"lead_time": "lead_time@console.example"}, "https://console/stop")


def big() -> Document:
    columns = tuple(f"Column {n}" for n in range(8))
    rows = tuple(tuple(f"value number {n} of row {row}" for n in range(8)) for row in range(60))
    table = documents.table(columns=columns, rows=rows)
    return documents.document(*(documents.section(table, number=n) for n in range(1, 6)))


def test_the_report_stays_under_the_size_at_which_mail_is_cut() -> None:
    assert encoded_size(page()) < 20_000


def test_a_report_too_big_shows_fewer_rows_and_says_how_many_are_missing() -> None:
    made = page(big())
    assert encoded_size(made) <= LIMIT
    assert re.search(r"\+\d+ more in the full report", made)


@pytest.mark.parametrize(
    "banned", ["<svg", "data:", "webp", "display: flex", "display: grid", "var(--", "@font-face", "<script", "http://"]
)
def test_nothing_in_it_that_mail_clients_drop(banned: str) -> None:
    assert banned not in page()


def test_styles_are_inline_and_the_style_element_is_small() -> None:
    style = re.search(r"<style>(.*?)</style>", page(), re.S)
    assert style and len(style[1].encode()) <= 8_000
    assert "@media" in style[1]
    assert 'style="' in page()


def test_one_column_of_600_pixels() -> None:
    assert 'width="600"' in page()


def test_layout_tables_are_presentation_and_data_tables_have_a_caption_and_headings() -> None:
    tables = re.findall(r"<table[^>]*>(?:<caption|)", page())
    assert all('role="presentation"' in table or "<caption" in table for table in tables)
    assert page().count("<caption") == 1
    assert 'scope="col"' in page()


def test_every_chart_has_its_finding_as_alternative_text_and_552_pixels() -> None:
    image = re.search(r"<img[^>]*>", page())
    assert image and 'alt="Lead time stays in its usual range"' in image[0]
    assert 'width="552"' in image[0]


def test_with_images_off_nothing_is_lost() -> None:
    without = re.sub(r"<img[^>]*>", "", page())
    for said in ("8.5 days", "Lead time stays in its usual range", "■", "INC-142 SEV2"):
        assert said in without


def test_status_is_icon_and_word_in_the_text_colour() -> None:
    status = re.search(r'<span class="status"[^>]*>(.*?)</span>', page())
    assert status and status[1] == "● On target"
    assert "color" not in re.findall(r'<span class="status"([^>]*)>', page())[0]


def test_text_of_a_report_is_never_markup() -> None:
    line = Line(HOSTILE, HOSTILE, Tone.BAD, "https://x/?a=1&b=2")
    figure = Figure(HOSTILE, HOSTILE, HOSTILE, "●", HOSTILE)
    table = documents.table(caption=HOSTILE, columns=(HOSTILE,) * 4, rows=((HOSTILE,) * 4,), note=HOSTILE)
    blocks = (Lines((line,)), Figures((figure,)), table, Note(HOSTILE))
    made = page(documents.document(documents.section(*blocks, title=HOSTILE), title=HOSTILE, context=HOSTILE))
    assert "<script" not in made
    assert made.count("&lt;script&gt;") > 10


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: set[str] = set()
        self.skip = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.skip = tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.words |= words(data)


def words(text: str) -> set[str]:
    return {word.strip(".") for word in re.split(r"[\s,:]+", text)}


def test_the_plain_text_says_everything_the_html_says() -> None:
    parser = Words()
    parser.feed(page())
    buttons = {"Open", "full", "report", "Stop", "these", "e-mails"}
    assert parser.words - words(plain_text(documents.document())) <= buttons


def test_plain_text_lines_are_short_except_links_and_tables() -> None:
    lines = plain_text(documents.document()).splitlines()
    assert max(len(line) for line in lines if "http" not in line) <= 78


def test_a_test_is_marked_before_everything_else() -> None:
    marked = documents.document(marks=("TEST",))
    assert plain_text(marked).startswith("TEST MLOps monthly report")
    assert page(marked).index("TEST") < page(marked).index("<h1")


def test_sections_for_other_channels_stay_out() -> None:
    section = documents.section(Note("for the PDF"), title="Method")
    hidden = documents.document(type(section)(section.key, section.title, section.blocks, frozenset({"pdf"})))
    assert "for the PDF" not in page(hidden) + plain_text(hidden)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert page() == page()
    assert plain_text(documents.document()) == plain_text(documents.document())
