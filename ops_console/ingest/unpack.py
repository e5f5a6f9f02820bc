"""The bytes of a file as they were meant: unpacked if gzip, turned into UTF-8 if it says it is something else.

What a file is, its content says and not its name.
"""

import codecs
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ops_console.core.errors import BadInput

CHUNK = 1 << 18
GZIP = b"\x1f\x8b"
NOT_TEXT = {
    b"PK\x03\x04": ("a zip archive or an Excel workbook", "Unpack it, or save the sheet as CSV."),
    b"PAR1": ("a Parquet file", "Export it as CSV or JSON Lines."),
    b"SQLite format 3": ("a SQLite database", "Export the table as CSV."),
    b"%PDF": ("a PDF", "Export the data behind it as CSV."),
    b"BZh": ("bzip2-packed", "Unpack it, or pack it with gzip."),
    b"\xfd7zXZ": ("xz-packed", "Unpack it, or pack it with gzip."),
    b"\x28\xb5\x2f\xfd": ("zstd-packed", "Unpack it, or pack it with gzip."),
}
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Version(NamedTuple):
    """A file as it was at one moment."""

    path: Path
    inode: int
    size: int
    changed: int


class Unpacked:
    """Chunks of UTF-8 bytes of one file.

    `done` of `total` bytes of the file itself were read, `sha256` is their hash. `damage` says why the chunks ended
    before the content did; what came before it is good.
    """

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        self.path = path
        found = path.stat()
        self.total = found.st_size
        self.version = Version(path, found.st_ino, found.st_size, found.st_mtime_ns)
        self.done = 0
        self.damage = ""
        self.is_packed = False
        self.encoding = encoding or ""
        self._hash = hashlib.sha256()
        self._lines_seen = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        chunks = self._plain()
        head = next(chunks, b"")
        if not head.strip():
            raise BadInput(
                f"{self.path.name} is empty.", remedy="Check the export: even one without rows has a header."
            )
        for mark, (what, remedy) in NOT_TEXT.items():
            if head.startswith(mark):
                raise BadInput(f"{self.path.name} is {what}, not CSV or JSON Lines.", remedy=remedy)
        self.encoding = self.encoding or next((name for mark, name in MARKS if head.startswith(mark)), "utf-8")
        if codecs.lookup(self.encoding).name == "utf-8":
            yield head.removeprefix(codecs.BOM_UTF8)
            yield from chunks
        else:
            yield from self._turned(head, chunks)

    def _plain(self) -> Iterator[bytes]:
        raw = self._raw()
        head = next(raw, b"")
        self.is_packed = head.startswith(GZIP)
        if self.is_packed:
            yield from self._inflated(head, raw)
        else:
            yield head
            yield from raw

    def _raw(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while chunk := file.read(CHUNK):
                self.done += len(chunk)
                self._hash.update(chunk)
                yield chunk

    def _inflated(self, head: bytes, raw: Iterator[bytes]) -> Iterator[bytes]:
        member, waiting = zlib.decompressobj(wbits=31), head
        try:
            while True:
                if member.eof and waiting.strip(b"\0"):
                    member = zlib.decompressobj(wbits=31)
                # A bound on the output keeps a small file that unpacks to gigabytes from filling the memory.
                if chunk := member.decompress(waiting, 4 * CHUNK):
                    yield chunk
                waiting = member.unused_data.lstrip(b"\0") if member.eof else member.unconsumed_tail
                if not waiting and not (waiting := next(raw, b"")):
                    break
        except zlib.error as error:
            self.damage = f"the gzip data is damaged ({error})"
            return
        if not member.eof:
            self.damage = "the gzip data ends early (an upload or copy was cut short)"

    def _turned(self, head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self.encoding)()
        waiting: bytes | None = head
        while waiting is not None:
            following = next(chunks, None)
            try:
                text = decoder.decode(waiting, final=following is None)
            except UnicodeDecodeError as error:
                codec = self.encoding if error.encoding == "charmap" else error.encoding
                text, following = error.object[: error.start].decode(codec), None
                seen = self._lines_seen + text.count("\n")
                self.damage = f"what follows line {seen:,} is no {self.encoding} text ({error.reason})"
            self._lines_seen += text.count("\n")
            yield text.encode("utf-8", "surrogatepass")
            waiting = following
