"""Document blocks to Block Kit: https://docs.slack.dev/reference/block-kit

Tables are table blocks (one per message, Slack's rule), icons are characters, buttons are plain links.
"""

from typing import Any

from ops_console.contracts.document import Document, Figure, Figures, Heading, Line, Lines, Note, Section, Table

HEADER, TEXT, FIELD, FIELDS = 150, 3000, 2000, 10
"""Slack's limits: longer texts are refused."""
SMALL, CELL = 600, 120
"""Ours: small print and table cells stay short."""

Json = dict[str, Any]


def escape(text: str) -> str:
    """The three characters Slack reads as markup: https://docs.slack.dev/messaging/formatting-message-text"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, never ending inside a word or inside an escaped character."""
    if len(text) <= limit:
        return text
    return text[: limit - 2].rsplit(maxsplit=1)[0].rsplit("&", 1)[0].rstrip() + " …"


def header(text: str) -> Json:
    return {"type": "header", "text": {"type": "plain_text", "text": shortened(escape(text), HEADER), "emoji": False}}


def context(text: str) -> Json:
    return {"type": "context", "elements": [_mrkdwn(text, SMALL)]}


def section(text: str, fields: list[str] | None = None) -> Json:
    block: Json = {"type": "section", "text": _mrkdwn(text, TEXT)}
    if fields:
        block["fields"] = [_mrkdwn(field, FIELD) for field in fields[:FIELDS]]
    return block


def buttons(document: Document) -> Json:
    links = ((document.link_says, document.link), (document.definitions_say, document.definitions_link))
    return {
        "type": "actions",
        "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": text, "emoji": False}, "url": url}
            for text, url in links
        ],
    }


def table(block: Table, rows: int) -> Json:
    """At most `rows` rows, the column names being the first of them."""
    shown = (block.columns, *block.rows[: rows - 1])
    return {
        "type": "table",
        "column_settings": [
            {"align": "right" if column in block.numeric else "left", "is_wrapped": column == 0}
            for column in range(len(block.columns))
        ],
        "rows": [[{"type": "raw_text", "text": shortened(text, CELL) or " "} for text in row] for row in shown],
    }


def hidden(block: Table, rows: int) -> int:
    """How many rows of a table `table` leaves out."""
    return max(0, len(block.rows) - (rows - 1))


def line(sentence: Line) -> str:
    text = escape(f"{sentence.icon} {sentence.text}".strip())
    return f"{text} (<{sentence.link}|open>)" if sentence.link else text


def bullets(lines: tuple[Line, ...], limit: int, more: str) -> str:
    """Lines under each other; what does not fit is counted, with a link."""
    shown = [line(sentence) for sentence in lines[:limit]]
    if len(lines) > limit:
        shown.append(f"<{more}|+{len(lines) - limit} more>")
    return "\n".join(shown)


def figure(one: Figure) -> str:
    status = escape(f"{one.icon} {one.status}".strip()) if one.status else ""
    return "\n".join(filter(None, (f"*{escape(one.label)}*", escape(one.reads), status, escape(one.note))))


def title_of(part: Section, number: int | None) -> str:
    return escape(f"{number} {part.title}" if number else part.title)


def number_of(part: Section) -> int | None:
    return next((block.number for block in part.blocks if isinstance(block, Heading)), None)


def section_blocks(part: Section, document: Document, *, lines: int, notes: bool) -> list[Json]:
    """A section without its tables and charts."""
    figures = [figure(one) for block in part.blocks if isinstance(block, Figures) for one in block.figures]
    sentences = tuple(one for block in part.blocks if isinstance(block, Lines) for one in block.lines)
    text = f"*{title_of(part, number_of(part))}*"
    if sentences:
        text += "\n" + bullets(sentences, lines, document.link)
    made = [section(text, figures[:FIELDS])]
    if notes:
        made += [context(escape(block.text)) for block in part.blocks if isinstance(block, Note)]
    return made


def tables_of(part: Section) -> list[Table]:
    return [block for block in part.blocks if isinstance(block, Table) and block.rows]


def _mrkdwn(text: str, limit: int) -> Json:
    return {"type": "mrkdwn", "text": shortened(text, limit), "verbatim": True}
