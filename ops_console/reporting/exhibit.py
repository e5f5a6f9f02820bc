"""A figure that leaves its page, as PNG or PDF: it carries title, measure, period, age and source with it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ops_console.reporting.charts.framed import framed, size_of
from ops_console.reporting.charts.raster import png
from ops_console.reporting.render.typeset import date_parts, typeset

_TEMPLATE = Path(__file__).parent / "render" / "exhibit.typ"
DENSITY = 2
"""Pixels to each unit of the drawing, so that a slide may enlarge it."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """`svg` stands alone; `notes` are the lines beneath it; `at` is the age of what it shows."""

    title: str
    subtitle: str
    svg: str
    notes: tuple[str, ...]
    at: datetime

    def png(self) -> bytes:
        whole = framed(self.svg, self.title, self.subtitle, self.notes)
        return png(whole, round(size_of(whole)[0] * DENSITY))

    def pdf(self) -> bytes:
        """One page of A4, across."""
        told = {"title": self.title, "subtitle": self.subtitle, "notes": self.notes, "svg": self.svg}
        return typeset(_TEMPLATE, told | {"date": date_parts(self.at)}, self.at)
