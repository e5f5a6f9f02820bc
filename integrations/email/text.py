"""The report as plain text: complete, for people and machines that read no HTML."""

import textwrap
from functools import singledispatch
from itertools import zip_longest

from ops_console.contracts.document import (
    Block,
    Chart,
    Document,
    Figure,
    Figures,
    Heading,
    Line,
    Lines,
    Note,
    Section,
    Table,
)

WIDTH = 78
CELL = 32


def plain_text(document: Document) -> str:
    """Everything the HTML says, charts by their title sentence."""
    parts = [_head(document)]
    parts += [_section(section) for section in document.sections if "email" in section.channels]
    parts.append(f"{document.link_says}: {document.link}\n{document.definitions_say}: {document.definitions_link}")
    parts.append(_wrapped(document.as_of_text))
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(document: Document) -> str:
    title = " ".join((*document.marks, document.title))
    summary = "\n".join(_line(line) for line in document.summary)
    head = f"{title}\n{'=' * len(title)}\n{_wrapped(document.context)}"
    return f"{head}\n\nSummary\n-------\n{summary}" if summary else head


def _section(section: Section) -> str:
    heads = [block for block in section.blocks if isinstance(block, Heading)]
    title = _heading(heads[0]) if heads else section.title
    blocks = [_block(block) for block in section.blocks if not isinstance(block, Heading)]
    return "\n\n".join([f"{title}\n{'-' * len(title)}", *filter(None, blocks)])


def _heading(heading: Heading) -> str:
    return f"{heading.number} {heading.text}" if heading.number else heading.text


@singledispatch
def _block(block: Block) -> str:
    raise AssertionError(f"no plain text for {block!r}")


@_block.register
def _lines(block: Lines) -> str:
    return "\n".join(_line(line) for line in block.lines)


@_block.register
def _figures(block: Figures) -> str:
    return "\n".join(_figure(figure) for figure in block.figures)


@_block.register
def _note(block: Note) -> str:
    return _wrapped(block.text)


@_block.register
def _chart(block: Chart) -> str:
    return _wrapped(f"[Chart] {block.title}. {block.subtitle}")


@_block.register
def _table(block: Table) -> str:
    rows = [[textwrap.wrap(cell, CELL) or [""] for cell in row] for row in (block.columns, *block.rows)]
    widths = [max(len(line) for row in rows for line in row[column]) for column in range(len(block.columns))]
    head, *body = ["\n".join(_row(row, widths, block.numeric)) for row in rows]
    rule = "  ".join("-" * width for width in widths)
    return "\n".join(filter(None, (block.caption, head, rule, *body, block.note)))


def _row(row: list[list[str]], widths: list[int], numeric: frozenset[int]) -> list[str]:
    """A row is as many lines as its longest cell."""
    lines = zip_longest(*row, fillvalue="")
    return [
        "  ".join(
            text.rjust(width) if n in numeric else text.ljust(width) for n, (text, width) in enumerate(pairs)
        ).rstrip()
        for pairs in (list(zip(line, widths, strict=True)) for line in lines)
    ]


def _line(line: Line) -> str:
    text = _wrapped(f"{line.icon} {line.text}".strip(), indent="  ")
    return f"{text}\n  {line.link}" if line.link else text


def _figure(figure: Figure) -> str:
    status = f"{figure.icon} {figure.status}".strip() if figure.status else ""
    return _wrapped(", ".join(filter(None, (f"{figure.label}: {figure.reads}", status, figure.note))), indent="  ")


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
