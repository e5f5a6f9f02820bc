"""Lines of bounded length out of chunks of bytes, so that no line, however long, fills the memory."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

LONGEST = 1 << 20
"""Bytes of the longest line that is read; a longer one is refused and reading goes on behind it."""
SHOWN = 200


class BadLine(NamedTuple):
    """A line that cannot be read, why, and how it begins."""

    reason: str
    begins: str


def lines(chunks: Iterable[bytes], longest: int = LONGEST) -> Iterator[str | BadLine]:
    """Each line with its line end. Ends are those of Unix, Windows and old Macs."""
    for line in _split(chunks, longest):
        if len(line) > longest:
            reason = f"the line is longer than {longest:,} bytes; split it, or check for a missing line end"
            yield BadLine(reason, _start(line))
        elif b"\0" in line:
            yield BadLine("the line holds a NUL byte; remove it", _start(line))
        else:
            try:
                yield line.decode()
            except UnicodeDecodeError as error:
                yield BadLine(
                    f"byte {error.start + 1} of the line is no UTF-8; export the file as UTF-8, "
                    'or declare its encoding in the mapping (encoding = "cp1252")',
                    _start(line),
                )


def _split(chunks: Iterable[bytes], longest: int) -> Iterator[bytes]:
    """Lines; of one that is too long, somewhat more than `longest` bytes come and the rest is dropped."""
    rest, dropping = b"", False
    for chunk in chunks:
        pieces = (rest + chunk).splitlines(keepends=True)
        # A carriage return at the very end may be half of a Windows line end.
        rest = pieces.pop() if pieces and not pieces[-1].endswith(b"\n") else b""
        if dropping and pieces:
            del pieces[0]
            dropping = False
        yield from pieces
        if len(rest) > longest:
            if not dropping:
                yield rest
            dropping, rest = True, b"\r" if rest.endswith(b"\r") else b""
    if rest and not dropping:
        yield rest


def _start(line: bytes) -> str:
    return line[:SHOWN].decode("utf-8", "replace").replace("\0", "␀")
