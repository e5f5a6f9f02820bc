"""The report as e-mail HTML: one column of layout tables with inline styles, small enough not to be cut.

What mail clients support: https://www.caniemail.com. Gmail cuts messages at 102 kB, counted after encoding.
"""

import quopri
from collections.abc import Mapping
from pathlib import Path

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader

from ops_console.contracts.document import Block, Document

LIMIT = 70_000
ROWS = (40, 25, 15, 10, 6, 3)
"""Table rows shown, from generous to sparse."""
_TEMPLATES = Path(__file__).parent / "templates"
_JINJA = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_INLINER = CSSInliner(
    extra_css=(_TEMPLATES / "report.css").read_text("utf-8"),
    inline_style_tags=False,  # the media queries must stay where they are
    keep_style_tags=True,
    load_remote_stylesheets=False,
)


def html(document: Document, images: Mapping[str, str], unsubscribe: str = "") -> str:
    """The whole page; `images` are content ids by chart key."""
    made = ""
    for rows in ROWS:
        made = _page(document, images, unsubscribe, rows)
        if encoded_size(made) <= LIMIT:
            break
    return made


def encoded_size(page: str) -> int:
    """Bytes as they travel, quoted-printable."""
    return len(quopri.encodestring(page.encode()))


def _page(document: Document, images: Mapping[str, str], unsubscribe: str, rows: int) -> str:
    page = _JINJA.get_template("report.html").render(
        document=document,
        sections=[section for section in document.sections if "email" in section.channels],
        images=images,
        unsubscribe=unsubscribe,
        rows=rows,
        kind=_kind,
    )
    return _INLINER.inline(page)


def _kind(block: Block) -> str:
    """The name of the macro that draws a block."""
    return type(block).__name__.lower()
