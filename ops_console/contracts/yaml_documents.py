"""The YAML documents of a file, each read for itself: a broken one hides no other.

Scalars are read as the text that stands there: no type is guessed, no object is made, nothing is merged.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml

MARKER = re.compile(r"^(?:---|\.\.\.)(?=\s|$)", re.M)
"""Where a document ends: the standard keeps these marks at the begin of a line for nothing else."""
LARGEST = 200_000
MOST_ALIASES = 50
"""Text of one document, and references to anchors in it, beyond which nobody wrote it by hand."""
UNKNOWN = ("", "~", "null", "Null", "NULL")

Values = Mapping[str, Any]


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


def documents(written: str) -> Iterator[Document]:
    """Every document that holds anything, in order."""
    line, start = 1, 0
    for end, following in _ends(written):
        piece = written[start:end]
        if any(bare and not bare.startswith(("#", "%")) for bare in map(str.strip, piece.splitlines())):
            yield _read(line + _leading(piece), piece.strip("\r\n"))
        line, start = line + written.count("\n", start, following), following


def part(values: Values, name: str) -> Values:
    """What lies under a name; empty where it is missing or no mapping."""
    found = values.get(name)
    return found if isinstance(found, Mapping) else {}


def text(values: Values, name: str) -> str:
    """A scalar; empty where it is missing or no scalar."""
    found = values.get(name)
    return found.strip() if isinstance(found, str) and found.strip() not in UNKNOWN else ""


def _ends(written: str) -> Iterator[tuple[int, int]]:
    """Where each document ends, and where the next begins."""
    yield from ((mark.start(), mark.end()) for mark in MARKER.finditer(written))
    yield len(written), len(written)


def _leading(piece: str) -> int:
    """The empty lines before a document says anything."""
    empty = piece[: len(piece) - len(piece.lstrip("\r\n"))]
    return len(empty) - empty.count("\r")


def _read(line: int, written: str) -> Document:
    if len(written) > LARGEST:
        return Document(line, written, reason=f"the document is longer than {LARGEST:,} characters")
    try:
        return Document(line, written, yaml.load(written, Loader=_Loader))  # noqa: S506  (a loader of text, lists and maps)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {line + mark.line}, column {mark.column + 1}: " if mark else ""
        return Document(line + (mark.line if mark else 0), written, reason=f"{where}{error.problem or error.context}")
    except yaml.YAMLError as error:
        return Document(line, written, reason=str(error).splitlines()[0])
    except RecursionError:
        return Document(line, written, reason="the document is nested too deeply")
