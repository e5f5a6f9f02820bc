"""A report as blocks. One document renders to page, e-mail, Slack, PDF and CSV; renderers know blocks, not reports.

Text in blocks is plain text: each renderer escapes it for its medium. Statuses are carried as icon plus word
("■ Off target"), so that colour never carries meaning alone.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Tone(StrEnum):
    """The four status colours; a renderer without colour ignores it."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence with its icon and an optional link (an absolute address)."""

    text: str
    icon: str = ""
    tone: Tone = Tone.NONE
    link: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """A short list of sentences."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One labelled number of a group: label, what it reads, and what stands under it."""

    label: str
    reads: str
    note: str = ""
    icon: str = ""
    status: str = ""
    tone: Tone = Tone.NONE


@dataclass(frozen=True, slots=True)
class Figures:
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`numeric` names the columns to align right. `note` stands under it ("4 more in the full report")."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """`key` names the chart in CID and file names; `svg` is the light-theme drawing; `title` states the finding."""

    key: str
    title: str
    subtitle: str
    svg: str


@dataclass(frozen=True, slots=True)
class Note:
    """Grey text: source, method, data as of."""

    text: str


Block = Heading | Lines | Figures | Table | Chart | Note


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a report. `channels` says who carries it; all of them by default."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    channels: frozenset[str] = frozenset({"page", "email", "slack", "pdf"})


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report, ready to render. `summary` is the plain-text summary that screen readers and `text` carry;
    `link_says` and `definitions_say` are the words on the two links.
    """

    report: str
    title: str
    subject: str
    context: str
    period_label: str
    run_id: str
    as_of: datetime
    as_of_text: str
    summary: tuple[Line, ...]
    sections: tuple[Section, ...]
    link: str
    definitions_link: str
    marks: tuple[str, ...] = field(default=())
    """Words such as TEST or LATE that stand before the title."""
    as_of_short: str = ""
    link_says: str = "Open full report"
    definitions_say: str = "Data and definitions"
    """`as of 4 Nov 2026 09:00 GMT`, for the foot of every page."""
