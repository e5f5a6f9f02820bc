"""The report as a page: escaped, without script, readable alone and inside the console."""

import re

from ops_console.contracts.document import Figure, Figures, Line, Lines, Note
from ops_console.reporting.composing import document
from ops_console.reporting.render.page import fragment, page
from reports.monthly_operations import REPORT
from tests.reporting import documents, snapshots

HOSTILE = '<script>alert(1)</script> & "quotes"'


def october() -> str:
    return fragment(document(REPORT, snapshots.october(), "https://console.example/reports/runs/7"))


def test_the_fragment_obeys_a_strict_content_policy() -> None:
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", october())


def test_the_page_needs_nothing_else() -> None:
    whole = page(documents.document())
    assert whole.startswith("<!DOCTYPE html>") and "<style>" in whole
    assert not re.search(r"<link|src=|@import|url\(", whole)


def test_one_first_heading_and_a_second_for_each_section() -> None:
    assert october().count("<h1") == 1
    assert october().count("<h2") == 8


def test_tables_have_captions_and_scoped_headings_and_may_scroll() -> None:
    made = october()
    assert made.count("<table") == made.count("<caption") == made.count('role="region" tabindex="0"')
    assert not re.search(r"<th(?![^>]*scope=)(?!ead)", made)


def test_status_is_icon_and_word() -> None:
    assert re.search(r'<dd class="report-status tone-bad">■ Off target', october())


def test_charts_stand_in_figures_under_their_finding() -> None:
    assert re.search(r"<figure class=\"report-chart\"><figcaption><strong>[^<]+</strong>", october())
    assert october().count("<figure") == october().count("<svg")


def test_text_of_a_report_is_never_markup() -> None:
    line, figure = Line(HOSTILE, HOSTILE, link='https://x/"onclick="'), Figure(HOSTILE, HOSTILE, HOSTILE, "●", HOSTILE)
    table = documents.table(caption=HOSTILE, columns=(HOSTILE,) * 4, rows=((HOSTILE,) * 4,), note=HOSTILE)
    blocks = (Lines((line,)), Figures((figure,)), table, Note(HOSTILE))
    made = page(documents.document(documents.section(*blocks, title=HOSTILE), title=HOSTILE, context=HOSTILE))
    assert "<script" not in made and '"onclick=' not in made


def test_marks_stand_before_the_title() -> None:
    made = fragment(documents.document(marks=("TEST",)))
    assert made.index("TEST") < made.index("<h1")


def test_the_same_document_gives_the_same_bytes() -> None:
    assert october() == october()
