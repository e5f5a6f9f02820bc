"""A review of an incident as a document, so that it renders as reports do."""

import re
from datetime import datetime

from ops_console.contracts.document import Block, Document, Heading, Line, Lines, Section
from ops_console.core import units
from ops_console.practices.review_markdown import Entry, Head, written
from ops_console.practices.review_versions import Content

ITEM, MARKS = re.compile(r"^\s*[-*+]\s+"), re.compile(r"^#{1,6}\s+|\*\*|`")
"""Markdown that a person wrote and paper does not know."""


def document(head: Head, said: Content, at: datetime, link: str, definitions: str, run: str) -> Document:
    """`at` is when the text was frozen, or now for a draft; `run` names the version."""
    as_of = f"as of {units.instant(at, head.zone)}"
    return Document(
        report="incident_review",
        title=head.title,
        subject=head.title,
        context=" · ".join(f"{name}: {value}" for name, value in head.facts),
        period_label="Incident review",
        run_id=run,
        as_of=at,
        as_of_text=f"Review {as_of}",
        summary=(),
        sections=tuple(_section(title, entries) for title, entries in written(head, said)),
        link=link,
        definitions_link=definitions,
        as_of_short=as_of,
    )


def _section(title: str, entries: list[Entry]) -> Section:
    said = tuple(_line(entry) for entry in entries if entry.text.strip())
    blocks: tuple[Block, ...] = (Heading(title), Lines(said))
    return Section(title.lower().replace(" ", "-"), title, blocks)


def _line(entry: Entry) -> Line:
    text = MARKS.sub("", ITEM.sub("", entry.text).strip())
    source = f" ({entry.source})" if entry.source else ""
    is_item = entry.is_listed or ITEM.match(entry.text)
    return Line(f"{text}{source}", icon="·" if is_item else "", link=entry.link)
