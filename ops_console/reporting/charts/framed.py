"""A drawing that leaves its page: the title sentence above it, what it measures, and beneath where it comes from."""

import re
from collections.abc import Sequence
from html import escape

from ops_console.reporting.charts.lettering import wrapped
from ops_console.reporting.charts.tokens import LIGHT

MARGIN = 32
TITLE, SUBTITLE, NOTE = 20, 14, 12
_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"')


def framed(drawing: str, title: str, subtitle: str, notes: Sequence[str]) -> str:
    """One SVG that needs nothing beside it. `drawing` is a standalone one; its size decides that of the whole."""
    width, height = size_of(drawing)
    page = _Page(width)
    page.write(title, TITLE, "text", bold=True)
    page.write(subtitle, SUBTITLE, "text-2")
    page.place(drawing, height)
    for note in notes:
        page.write(note, NOTE, "text-3")
    return page.svg(title, subtitle)


def size_of(drawing: str) -> tuple[float, float]:
    found = _SIZE.match(drawing)
    if found is None:
        raise ValueError("a drawing begins with its width and height")
    return float(found[1]), float(found[2])


class _Page:
    """Lines from top to bottom."""

    def __init__(self, inner: float) -> None:
        self.inner, self.y = inner, float(MARGIN)
        self._parts: list[str] = []

    def write(self, text: str, size: int, role: str, *, bold: bool = False) -> None:
        weight = ' font-weight="700"' if bold else ""
        for line in wrapped(text, self.inner, size * (1.04 if bold else 1)):
            self.y += size
            look = f'font-size="{size}" fill="{LIGHT[role]}"{weight}'
            self._parts.append(f'<text x="{MARGIN}" y="{self.y:g}" {look}>{escape(line)}</text>')
            self.y += size * 0.4

    def place(self, drawing: str, height: float) -> None:
        self.y += 16
        self._parts.append(drawing.replace("<svg ", f'<svg x="{MARGIN}" y="{self.y:g}" ', 1))
        self.y += height + 20

    def svg(self, title: str, subtitle: str) -> str:
        width, height = self.inner + 2 * MARGIN, self.y + MARGIN
        size = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
        ground = f'<rect width="{width:g}" height="{height:g}" fill="{LIGHT["surface"]}"/>'
        described = f"<title>{escape(title)}</title><desc>{escape(subtitle)}</desc>"
        head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-family="Roboto, Arial, sans-serif">'
        return f"{head}{described}{ground}{''.join(self._parts)}</svg>"
