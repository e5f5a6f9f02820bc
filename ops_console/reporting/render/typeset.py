"""PDF from a template and data: tagged for screen readers (PDF/UA-1), the same bytes for the same data."""

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import font_roboto
import typst

STANDARD: Final = "ua-1"
SIGNS, UNDRAWABLE = "●▲■○−≤≥±→…·÷×", "?"


def typeset(template: Path, data: dict[str, Any], at: datetime) -> bytes:
    """The pages as bytes. Time of making is `at`, else no two files would be alike."""
    text, made_at = json.dumps(data, ensure_ascii=False), int(at.timestamp())
    try:
        return _compiled(template, text, made_at)
    except typst.TypstError as error:
        # PDF/UA forbids signs that no font of ours can draw.
        if "could not be displayed" not in error.message:
            raise
    drawable = "".join(sign if _is_drawable(sign) else UNDRAWABLE for sign in text)
    return _compiled(template, drawable, made_at)


def date_parts(at: datetime) -> dict[str, int]:
    """A time as typst's `datetime` wants it."""
    return {"year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": at.minute, "second": 0}


def _compiled(template: Path, data: str, at: int) -> bytes:
    made = typst.compile(
        template.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        pdf_standards=STANDARD,
        sys_inputs={"data": data},
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
