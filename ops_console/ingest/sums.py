"""Exact sums by key that stay small: what does not fit into memory waits in a temporary file."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from decimal import Context, Decimal, Inexact, InvalidOperation
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType

MOST_KEYS = 50_000
EXACT = Context(prec=200, traps=[Inexact, InvalidOperation])
"""Python's own context would round after 28 digits."""

Key = tuple[str | None, ...]
Amount = Decimal | None


class Sum:
    """How many rows, and what they come to. An amount no row knew stays unknown."""

    __slots__ = ("amounts", "rows")

    def __init__(self) -> None:
        self.rows = 0
        self.amounts: list[Amount] = []

    def add(self, rows: int, amounts: Sequence[Amount]) -> None:
        self.rows += rows
        sums = self.amounts
        if not sums:
            sums.extend(amounts)
            return
        for place, more in enumerate(amounts):
            if more is not None:
                known = sums[place]
                sums[place] = more if known is None else EXACT.add(known, more)


class Sums(AbstractContextManager["Sums"]):
    """Add in any order; read in the order of the keys, as often as needed."""

    def __init__(self, most_keys: int = MOST_KEYS) -> None:
        self._most = most_keys
        self._held: dict[Key, Sum] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._file: sqlite3.Connection | None = None

    def add(self, key: Key, amounts: tuple[Amount, ...]) -> None:
        held = self._held.get(key)
        if held is None:
            if len(self._held) >= self._most:
                self._spill()
            held = self._held[key] = Sum()
        held.add(1, amounts)

    def __iter__(self) -> Iterator[tuple[Key, Sum]]:
        if self._file is None:
            for key in sorted(self._held, key=json.dumps):
                yield key, self._held[key]
            return
        self._spill()
        rows = self._file.execute("SELECT key, rows, amounts FROM part ORDER BY key")
        for text, parts in groupby(rows, key=itemgetter(0)):
            total = Sum()
            for _, count, amounts in parts:
                total.add(count, [None if each is None else Decimal(each) for each in json.loads(amounts)])
            yield tuple(json.loads(text)), total

    def _spill(self) -> None:
        if self._file is None:
            self._folder = tempfile.TemporaryDirectory(prefix="ops-console-sums-")
            self._file = sqlite3.connect(Path(self._folder.name) / "sums.db", isolation_level=None)
            self._file.execute("PRAGMA journal_mode=OFF")
            self._file.execute("CREATE TABLE part (key TEXT, rows INTEGER, amounts TEXT)")
        rows = (
            (
                json.dumps(key),
                held.rows,
                json.dumps([None if each is None else format(each, "f") for each in held.amounts]),
            )
            for key, held in self._held.items()
        )
        self._file.execute("BEGIN")
        self._file.executemany("INSERT INTO part VALUES (?, ?, ?)", rows)
        self._file.execute("COMMIT")
        self._held.clear()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
        if self._folder is not None:
            self._folder.cleanup()
