"""The report as PDF: A4, tagged for screen readers (PDF/UA-1), the same bytes for the same document."""

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

import font_roboto
import typst

from ops_console.contracts.document import Block, Document, Heading, Section, Table

_TEMPLATE = Path(__file__).with_name("report.typ")
STANDARD: Final = "ua-1"
SIGNS, UNDRAWABLE = "●▲■○−≤≥±→…·÷×", "?"


def pdf(document: Document) -> bytes:
    """The pages as bytes. Time of making is the document's `as_of`, else no two files would be alike."""
    data, at = json.dumps(_data(document), ensure_ascii=False), int(document.as_of.timestamp())
    try:
        return _compiled(data, at)
    except typst.TypstError as error:
        # PDF/UA forbids signs that no font of ours can draw.
        if "could not be displayed" not in error.message:
            raise
    return _compiled("".join(sign if _is_drawable(sign) else UNDRAWABLE for sign in data), at)


def _compiled(data: str, at: int) -> bytes:
    made = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        pdf_standards=STANDARD,
        sys_inputs={"report": data},
        timestamp=at,
    )
    return bytes(made)


def _is_drawable(sign: str) -> bool:
    """Latin, Greek and Cyrillic letters, digits, punctuation, and the signs reports are written with."""
    return sign < "\u0530" or "\u1e00" <= sign < "\u218a" or sign in SIGNS


@cache
def _fonts() -> typst.Fonts:
    """Roboto from its wheel; typst's own fonts stand in for signs it lacks (●▲■○)."""
    folder = Path(font_roboto.__file__).parent / "files"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


def _data(document: Document) -> dict[str, Any]:
    at = document.as_of
    return {
        "title": document.title,
        "author": "Ops Console",
        "date": {"year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": at.minute, "second": 0},
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
