"""The YAML documents of a file, each read for itself: a broken one hides no other.

Scalars are read as the text that stands there: no type is guessed, no object is made, nothing is merged.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

MARKER = re.compile(r"^(?:---|\.\.\.)(?=\s|$)", re.M)
"""Where a document ends: the standard keeps these marks at the begin of a line for nothing else."""
LARGEST = 200_000
MOST_ALIASES = 50
"""Text of one document, and references to anchors in it, beyond which it describes no component."""


class Document(NamedTuple):
    """A document and the line it begins on; `reason` says why it cannot be read."""

    line: int
    text: str
    content: Any = None
    reason: str = ""


class _Loader(yaml.BaseLoader):
    """Counts references, of which a few may unfold into millions of values."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.aliases = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            self.aliases += 1
            if self.aliases > MOST_ALIASES:
                raise yaml.MarkedYAMLError(
                    problem=f"more than {MOST_ALIASES} references to anchors; write the values out",
                    problem_mark=self.peek_event().start_mark,  # type: ignore[no-untyped-call]
                )
        return super().compose_node(parent, index)


def documents(text: str) -> Iterator[Document]:
    """Every document that holds anything, in order."""
    line, start = 1, 0
    for end, following in _ends(text):
        part = text[start:end]
        if any(bare and not bare.startswith(("#", "%")) for bare in map(str.strip, part.splitlines())):
            yield _read(line + _leading(part), part.strip("\r\n"))
        line, start = line + text.count("\n", start, following), following


def _ends(text: str) -> Iterator[tuple[int, int]]:
    """Where each document ends, and where the next begins."""
    yield from ((mark.start(), mark.end()) for mark in MARKER.finditer(text))
    yield len(text), len(text)


def _leading(part: str) -> int:
    """The empty lines before a document says anything."""
    return len(part) - len(part.lstrip("\r\n")) - part[: len(part) - len(part.lstrip("\r\n"))].count("\r")


def _read(line: int, text: str) -> Document:
    if len(text) > LARGEST:
        return Document(line, text, reason=f"the document is longer than {LARGEST:,} characters")
    try:
        return Document(line, text, yaml.load(text, Loader=_Loader))  # noqa: S506  (a loader of text, lists and maps)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {line + mark.line}, column {mark.column + 1}: " if mark else ""
        return Document(line + (mark.line if mark else 0), text, reason=f"{where}{error.problem or error.context}")
    except yaml.YAMLError as error:
        return Document(line, text, reason=str(error).splitlines()[0])
    except RecursionError:
        return Document(line, text, reason="the document is nested too deeply")
