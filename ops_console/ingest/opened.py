"""A delivery that is open: its rows in parts, how far they were read, and in the end what is known of it as a whole."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ops_console.contracts.rows import Refused, Row
from ops_console.ingest.forms import Formed, Readers, reader_for
from ops_console.ingest.mapping import Mapping
from ops_console.ingest.unpack import Unpacked, Version

Rows = Sequence[Row | Refused]


@dataclass(frozen=True)
class Reached:
    """Bytes that were read of all bytes of the file; the hash of those read, and what was `left_out` of them. `damage`
    says in which file the content ended early, and why.
    """

    done: int = 0
    total: int = 0
    sha256: str | None = None
    damage: str = ""
    left_out: Counter[str] = field(default_factory=Counter)


class Part(NamedTuple):
    rows: Rows
    reached: Reached


class Opened:
    """Rows from a file, or without one, from who has them at hand. Without `columns`, each row names its own."""

    def __init__(
        self, rows: Iterable[Row | Refused], columns: Sequence[str] = (), file: Unpacked | None = None
    ) -> None:
        self.rows, self.columns, self._file = rows, columns, file

    @property
    def version(self) -> Version | None:
        """What else may be read, to the same rows; an integration reads its files whole."""
        return self._file.version if self._file and not isinstance(self.rows, Formed) else None

    @property
    def reached(self) -> Reached:
        left_out = self.rows.left_out if isinstance(self.rows, Formed) else Counter[str]()
        if self._file is None:
            return Reached(left_out=left_out)
        damage = f"{self._file.path.name}: {self._file.damage}" if self._file.damage else ""
        return Reached(self._file.done, self._file.total, self._file.sha256, damage, left_out)

    def parts(self, size: int) -> Iterator[Part]:
        """So many rows at a time; the last part is empty, and has reached the end."""
        left = iter(self.rows)
        while rows := [*islice(left, size)]:
            yield Part(rows, self.reached)
        yield Part((), self.reached)


def open_file(path: Path, document: Mapping, form: str = "", readers: Readers = MappingProxyType({})) -> Opened:
    """A file as the integration of its form reads it, else CSV or JSON Lines."""
    file = Unpacked(path, document.encoding)
    reader = reader_for(file, form, document.delimiter or "", readers)
    return Opened(reader, reader.columns, file)
