"""The report as PDF: A4, tagged for screen readers (PDF/UA-1), the same bytes for the same document."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ops_console.contracts.document import Block, Document, Heading, Section, Table
from ops_console.reporting.render.typeset import date_parts, typeset

_TEMPLATE = Path(__file__).with_name("report.typ")


def pdf(document: Document) -> bytes:
    """The pages as bytes; the time of making is the document's `as_of`."""
    return typeset(_TEMPLATE, _data(document), document.as_of)


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "author": "Ops Console",
        "date": date_parts(document.as_of),
        "running": " · ".join((*document.marks, document.title)),
        "run": document.run_id,
        "foot": " · ".join((document.period_label, f"run {document.run_id}", document.as_of_short)),
        "marks": document.marks,
        "context": document.context,
        "summary": [asdict(line) for line in document.summary],
        "sections": [_section(section) for section in document.sections if "pdf" in section.channels],
        "as_of": document.as_of_text,
        "link": document.link,
        "definitions": document.definitions_link,
    }


def _section(section: Section) -> dict[str, Any]:
    return {"blocks": [_block(block) for block in section.blocks]}


def _block(block: Block) -> dict[str, Any]:
    data = asdict(block) | {"kind": type(block).__name__.lower()}
    if isinstance(block, Heading):
        data["text"] = f"{block.number} {block.text}" if block.number else block.text
    if isinstance(block, Table):
        data["numeric"] = sorted(block.numeric)
        data["widths"] = _widths(block)
    return data


def _widths(table: Table) -> list[int]:
    """0 lets a column be as wide as its text; a column of sentences shares what is left."""
    longest = [max(len(cell) for cell in cells) for cells in zip(table.columns, *table.rows, strict=True)]
    widths = [0 if length <= 22 else min(length, 60) for length in longest]
    return widths if any(widths) else [1 if column == 0 else 0 for column in range(len(widths))]
