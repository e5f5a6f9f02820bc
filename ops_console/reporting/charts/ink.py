"""A sheet to draw on: SVG elements with presentation attributes alone, so that a strict CSP has nothing to block.

On a `page` each element also carries classes (`f-good`, `s-good`) that the page's style sheet colours for light and
dark; the literal light colours stay beneath as what shows without it.
"""

from collections.abc import Sequence
from html import escape

from ops_console.contracts.document import Tone
from ops_console.reporting.charts.tokens import Theme, palette

FONTS = {Theme.PAGE: "system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif"}
STANDALONE_FONTS = "Roboto, 'Helvetica Neue', Arial, sans-serif"
SIZE = 12
"""No text is smaller."""


class Sheet:
    """Collects elements; `svg` closes the drawing."""

    def __init__(self, width: float, height: float, theme: Theme) -> None:
        self.width, self.height, self.theme = width, height, theme
        self._colours = palette(theme)
        self._elements: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, role: str, *, weight: float = 1, dash: str = "") -> None:
        self._add(f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"{self._stroke(role, weight, dash)}/>')

    def polyline(
        self, places: Sequence[tuple[float, float]], role: str, *, weight: float = 2, dash: str = "", opacity: float = 1
    ) -> None:
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in places)
        faint = "" if opacity == 1 else f' stroke-opacity="{_n(opacity)}"'
        look = f'stroke-linejoin="round" stroke-linecap="round"{self._stroke(role, weight, dash)}{faint}'
        self._add(f'<polyline points="{points}" fill="none" {look}/>')

    def rect(
        self, x: float, y: float, width: float, height: float, role: str, *, dash: str = "", radius: float = 0
    ) -> None:
        """A filled rectangle; with a dash, a hollow one."""
        place = f'x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(max(height, 0))}"'
        round_ = f' rx="{_n(radius)}"' if radius else ""
        paint = self._both("surface", role, 1.5, dash) if dash else self._fill(role)
        self._add(f"<rect {place}{round_}{paint}/>")

    def bars(self, places: Sequence[tuple[float, float, float, float]], role: str) -> None:
        """Filled rectangles, each with x, y, width and height, in one element."""
        drawn = (f"M{_n(x)} {_n(y)}h{_n(width)}v{_n(height)}h{_n(-width)}z" for x, y, width, height in places)
        if path := "".join(drawn):
            self._add(f'<path d="{path}"{self._fill(role)}/>')

    def dot(self, x: float, y: float, radius: float, role: str) -> None:
        self._add(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"{self._fill(role)}/>')

    def ring(self, x: float, y: float, radius: float, role: str, *, weight: float = 1.5, hollow: bool = False) -> None:
        paint = self._both("surface", role, weight) if hollow else f' fill="none"{self._stroke(role, weight)}'
        self._add(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"{paint}/>')

    def text(
        self,
        x: float,
        y: float,
        words: str,
        role: str = "text-2",
        *,
        anchor: str = "start",
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """Words on a baseline; `anchor` is start, middle or end; a halo parts them from lines beneath."""
        side = "" if anchor == "start" else f' text-anchor="{anchor}"'
        heavy = ' font-weight="600"' if bold else ""
        paint = self._both(role, "surface", 3) + ' paint-order="stroke"' if halo else self._fill(role)
        self._add(f'<text x="{_n(x)}" y="{_n(y)}"{side}{heavy}{paint}>{escape(words)}</text>')

    def icon(self, x: float, y: float, tone: Tone) -> None:
        """A status as a shape: the font of a picture need not have the characters ● ▲ ■ ○."""
        if tone is Tone.GOOD:
            self.dot(x, y, 4.5, "good")
        elif tone is Tone.WATCH:
            places = f"{_n(x)},{_n(y - 5)} {_n(x + 5)},{_n(y + 4)} {_n(x - 5)},{_n(y + 4)}"
            self._add(f'<polygon points="{places}"{self._fill("watch")}/>')
        elif tone is Tone.BAD:
            self.rect(x - 4, y - 4, 8, 8, "bad")
        else:
            self.ring(x, y, 4, "none")

    def group(self, title: str) -> None:
        """Open a group that says its name in full when pointed at."""
        self._add(f"<g><title>{escape(title)}</title>")

    def end_group(self) -> None:
        self._add("</g>")

    def svg(self, title: str, subtitle: str = "") -> str:
        """The drawing with its accessible name."""
        size = f'width="{_n(self.width)}" height="{_n(self.height)}" viewBox="0 0 {_n(self.width)} {_n(self.height)}"'
        fonts = FONTS.get(self.theme, STANDALONE_FONTS)
        head = f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" {size} font-family="{fonts}"'
        described = f"<desc>{escape(subtitle)}</desc>" if subtitle else ""
        return f'{head} font-size="{SIZE}"><title>{escape(title)}</title>{described}{"".join(self._elements)}</svg>'

    def _add(self, element: str) -> None:
        self._elements.append(element)

    def _fill(self, role: str) -> str:
        return self._classes(f"f-{role}") + f' fill="{self._colours[role]}"'

    def _stroke(self, role: str, weight: float, dash: str = "") -> str:
        return self._classes(f"s-{role}") + self._outline(role, weight, dash)

    def _both(self, fill: str, stroke: str, weight: float, dash: str = "") -> str:
        paint = f' fill="{self._colours[fill]}"' + self._outline(stroke, weight, dash)
        return self._classes(f"f-{fill} s-{stroke}") + paint

    def _outline(self, role: str, weight: float, dash: str) -> str:
        broken = f' stroke-dasharray="{dash}"' if dash else ""
        return f' stroke="{self._colours[role]}" stroke-width="{_n(weight)}"{broken}'

    def _classes(self, names: str) -> str:
        return f' class="{names}"' if self.theme is Theme.PAGE else ""


def _n(value: float) -> str:
    """A coordinate in as few letters as a tenth of a pixel needs."""
    return f"{value:.1f}".removesuffix(".0")
