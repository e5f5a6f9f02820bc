"""One message that says it all, and its thread for the details. A pure function of the document."""

import json
from dataclasses import dataclass, field
from typing import Any

from integrations.slack import blocks
from integrations.slack.blocks import Json
from ops_console.contracts.document import Document, Line, Lines, Section, Table

BLOCKS, CHARACTERS, ROWS = 20, 8_000, 12
DENSITIES = ((6, True, ROWS), (5, False, ROWS), (4, False, 8), (3, False, 6), (2, False, 4), (1, False, 3))
"""From generous to sparse: lines per section, whether notes are shown, table rows."""


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is all that screen readers and notifications read."""

    text: str
    blocks: list[Json] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"text": self.text, "blocks": self.blocks}

    def size(self) -> int:
        return len(json.dumps(self.blocks, ensure_ascii=False))

    def fits(self) -> bool:
        return len(self.blocks) <= BLOCKS and self.size() <= CHARACTERS


def message(document: Document) -> Message:
    """The main message, as generous as the limits allow."""
    made = [_message(document, *density) for density in DENSITIES]
    return next((one for one in made if one.fits()), _cut(made[-1]))


def thread(document: Document) -> list[Message]:
    """The tables that the main message has no place for; Slack takes one table per message."""
    parts = _carried(document)
    main = _main_table(parts)
    return [_table_message(part, table, document) for part in parts for table in _other_tables(part, main)]


def title(document: Document) -> str:
    return " ".join((*document.marks, document.title))


def summary_text(document: Document) -> str:
    """The whole plain summary; of a message without one, its sentences."""
    lines = [f"{line.icon} {line.text}".strip() for line in document.summary or _sentences(document)]
    return blocks.escape(
        "\n".join((title(document), document.context, *lines, f"{document.link_says}: {document.link}"))
    )


def _sentences(document: Document) -> list[Line]:
    blocks_of = (block for part in _carried(document) for block in part.blocks)
    return [line for block in blocks_of if isinstance(block, Lines) for line in block.lines]


def _message(document: Document, lines: int, notes: bool, rows: int) -> Message:
    parts = _carried(document)
    main = _main_table(parts)
    made = [blocks.header(title(document)), blocks.context(blocks.escape(document.context))]
    if document.summary:
        # The summary is short by construction; it is the last thing to be cut.
        bullets = blocks.bullets(document.summary, max(lines, 6), document.link)
        made.append(blocks.section(f"*Summary*\n{bullets}"))
    for part in parts:
        made += blocks.section_blocks(part, document, lines=lines, notes=notes)
        if main is not None and any(block is main for block in part.blocks):
            made += _table(main, rows, document)
    made.append(blocks.buttons(document))
    made.append(blocks.context(blocks.escape(document.as_of_text)))
    return Message(summary_text(document), made)


def _table_message(part: Section, table: Table, document: Document) -> Message:
    name = blocks.escape(f"{part.title}: {table.caption}")
    sparse = [
        Message(name, [blocks.section(f"*{name}*"), *_table(table, rows, document)]) for rows in (ROWS, 8, 5, 3, 2)
    ]
    return next((one for one in sparse if one.fits()), sparse[-1])


def _table(table: Table, rows: int, document: Document) -> list[Json]:
    made = [blocks.table(table, rows)]
    left = blocks.hidden(table, rows)
    if left:
        made.append(blocks.context(f"<{document.link}|+{left} more>"))
    return made


def _carried(document: Document) -> list[Section]:
    return [part for part in document.sections if "slack" in part.channels]


def _main_table(parts: list[Section]) -> Table | None:
    """The table of the main message: the first one that fits whole, else the first."""
    tables = [table for part in parts for table in blocks.tables_of(part)]
    return next((table for table in tables if len(table.rows) < ROWS), tables[0] if tables else None)


def _other_tables(part: Section, main: Table | None) -> list[Table]:
    return [table for table in blocks.tables_of(part) if table is not main]


def _cut(sparse: Message) -> Message:
    """Whole sections go, last first; the summary, the buttons and the date stay."""
    kept = list(sparse.blocks)
    while len(kept) > 5 and not Message(sparse.text, kept).fits():
        kept.pop(-3)
    return Message(sparse.text, kept)
