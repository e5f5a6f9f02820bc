"""The file of refused rows: where each stood, why it was refused, and what it said."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from ops_console.contracts.rows import Refused
from ops_console.core.errors import BadInput

COLUMNS = ("line", "column", "reason", "raw")
MOST_TOLD = 3
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class RefusedFile:
    """A CSV that is made when the first row is refused, and not before."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self._writer: Any = None
        self.first: list[Refused] = []

    @property
    def written(self) -> Path | None:
        return self._path if self._file else None

    def add(self, rows: Iterable[Refused]) -> None:
        for row in rows:
            self.first += [row][: MOST_TOLD - len(self.first)]
            if self._path is None:
                return
            if self._file is None:
                self._open(self._path)
            self._writer.writerow([row.line, *(_harmless(text) for text in (row.column or "", row.reason, row.raw))])

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _open(self, path: Path) -> None:
        try:
            self._file = path.open("w", encoding="utf-8-sig", newline="", errors="replace")
        except OSError as error:
            raise BadInput(f"The refused rows cannot be written to {path}: {error.strerror}.") from None
        self._writer = csv.writer(self._file)
        self._writer.writerow(COLUMNS)


def _harmless(text: str) -> str:
    """A spreadsheet runs cells that begin like a formula; an apostrophe makes them text."""
    return f"'{text}" if text.startswith(FORMULA) else text
