"""The PDF: A4, tagged, small, readable by machines, and the same bytes for the same document."""

import io
import re
from functools import cache

import pytest
from pypdf import PdfReader

from ops_console.contracts.document import Document, Line, Lines, Note
from ops_console.reporting.composing import document
from ops_console.reporting.render.pdf import pdf
from reports.monthly_operations import REPORT
from tests.reporting import documents, snapshots

HOSTILE = '#panic("x") $ x $ `raw` *bold* _it_ <script> \\ #read("/etc/passwd") @ref // /* "quotes"'


@cache
def october() -> Document:
    return document(REPORT, snapshots.october(), "https://console.example/reports/runs/7")


def read(made: Document | None = None) -> PdfReader:
    return PdfReader(io.BytesIO(pdf(made or october())))


def text(made: Document | None = None) -> str:
    return "\n".join(page.extract_text() for page in read(made).pages)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert pdf(october()) == pdf(october())


def test_pages_are_a4_and_the_file_is_small() -> None:
    width, height = read().pages[0].mediabox.width, read().pages[0].mediabox.height
    assert (round(width), round(height)) == (595, 842)
    assert len(pdf(october())) < 300_000


def test_it_is_tagged_and_says_so() -> None:
    root = read().trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()


def test_the_title_is_the_documents() -> None:
    assert read().metadata is not None
    assert read().metadata.title == "MLOps monthly report: Oct 2026"  # type: ignore[union-attr]


def test_every_page_says_number_period_run_and_date() -> None:
    pages = [page.extract_text() for page in read().pages]
    for number, said in enumerate(pages, 1):
        assert f"page {number} of {len(pages)}" in said
        assert "Oct 2026 · run r-2026-10-1 · as of 4 Nov 2026 09:00 GMT" in said


def test_text_and_status_signs_can_be_selected() -> None:
    said = text()
    for words in ("■ Off target", "▲", "○", "−", "Change failure rate", "ranker-v4"):
        assert words in said


def test_a_long_table_repeats_its_head_on_every_page() -> None:
    long = documents.document(documents.section(documents.table(120)))
    pages = [page.extract_text() for page in read(long).pages]
    assert len(pages) > 2
    assert all("Budget used" in said for said in pages if "predictions" in said)


def test_a_row_is_never_split() -> None:
    cell = "words " * 60
    rows = tuple((f"row {n}", cell, "", f"end {n}") for n in range(30))
    made = documents.document(documents.section(documents.table(rows=rows)))
    for page in read(made).pages:
        said = page.extract_text()
        assert set(re.findall(r"row (\d+)", said)) == set(re.findall(r"end (\d+)", said))


@pytest.mark.parametrize("name", ["title", "context", "as_of_text"])
def test_text_of_a_report_is_never_code(name: str) -> None:
    assert '#panic("x")' in text(documents.document(**{name: HOSTILE}))


def test_names_in_any_script_are_kept_as_far_as_fonts_go() -> None:
    block = Lines((Line("Łódź Żółć Ελλάδα Україна", "●"),))
    assert "Łódź" in text(documents.document(documents.section(block)))
    assert pdf(documents.document(documents.section(Note("模型 🚀 works"))))


def test_charts_are_drawn_with_their_finding_as_alternative_text() -> None:
    raw = pdf(october())
    assert raw.count(b"/Figure") >= 1 or b"/S/Figure" in raw or len(raw) > 50_000


def test_sections_for_other_channels_stay_out() -> None:
    section = documents.section(Note("for Slack"))
    hidden = type(section)(section.key, section.title, section.blocks, frozenset({"slack"}))
    assert "for Slack" not in text(documents.document(hidden))
