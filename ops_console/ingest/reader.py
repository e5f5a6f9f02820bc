"""Rows out of CSV or JSON Lines, one at a time, each with the line it stands on."""

import csv
import json
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from ops_console.contracts.rows import Refused, Row
from ops_console.core.errors import BadInput
from ops_console.ingest.lines import BadLine, lines
from ops_console.ingest.unpack import Unpacked

DELIMITERS = ",;\t|"
SHOWN = 20_000
"""Characters of a refused row that are kept."""


class Reader(Protocol):
    """`columns` is the header; empty for JSON Lines, whose keys may differ from row to row."""

    form: str
    columns: list[str]
    delimiter: str

    def __iter__(self) -> Iterator[Row | Refused]: ...


def reader_of(unpacked: Unpacked, delimiter: str = "") -> Reader:
    """CSV or JSON Lines, told by the first line that is not blank."""
    feed = _Feed(lines(unpacked), unpacked)
    first = feed.peek()
    if first.lstrip().startswith("{"):
        return JsonLines(feed)
    if first.lstrip().startswith("["):
        raise BadInput(
            f"{unpacked.path.name} is one JSON array.",
            remedy="Write one object a line (JSON Lines), as `jq -c '.[]'` does.",
        )
    return Csv(feed, unpacked.path, delimiter or sniff(first))


def sniff(header: str) -> str:
    """The delimiter that the header holds most often outside quotes; a comma where it holds none."""
    bare = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=lambda delimiter: (bare.count(delimiter), delimiter == ","))


def as_text(cells: Any, delimiter: str = ",") -> str:
    """What a row said, on one line again."""
    if isinstance(cells, dict):
        return json.dumps(cells, ensure_ascii=False, default=str)[:SHOWN]
    kept: list[str] = []
    csv.writer(_Into(kept), delimiter=delimiter, lineterminator="").writerow(cells)
    return "".join(kept)[:SHOWN]


class _Into:
    def __init__(self, kept: list[str]) -> None:
        self.write = kept.append


class _Unreadable(Exception):
    """A line that cannot be read stands where the CSV reader asks for one."""

    def __init__(self, line: int, bad: BadLine) -> None:
        self.line, self.bad = line, bad


class _Feed:
    """Hands lines to a reader and remembers those of the current row, so that they can be read again."""

    def __init__(self, found: Iterator[str | BadLine], unpacked: Unpacked) -> None:
        self._found = found
        self._unpacked = unpacked
        self._number = 0
        self._again: deque[tuple[int, str]] = deque()
        self.row: list[tuple[int, str]] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._again:
            number, text = self._again.popleft()
        else:
            found = next(self._found)
            self._number = number = self._number + 1
            if found.__class__ is not str:
                raise _Unreadable(number, found)  # type: ignore[arg-type]  # it is a BadLine
            text = found
            if self._unpacked.damage and not text.endswith(("\n", "\r")):
                raise StopIteration  # half a line: the damage is told at the end
        self.row.append((number, text))
        return text

    def peek(self) -> str:
        """The first line that is not blank; it is read again afterwards."""
        try:
            for text in self:
                if text.strip():
                    self.again(self.row[-1:])
                    return text
        except _Unreadable as stop:
            raise BadInput(f"{self._unpacked.path.name}, line {stop.line}: {stop.bad.reason}.") from None
        raise BadInput(
            f"{self._unpacked.path.name} holds no row{_because(self._unpacked)}.", remedy="Check the export."
        )

    def again(self, row: Sequence[tuple[int, str]]) -> None:
        self._again.extendleft(reversed(row))


def _because(unpacked: Unpacked) -> str:
    return f": {unpacked.damage}" if unpacked.damage else ""


class Csv:
    form = "CSV"

    def __init__(self, feed: _Feed, path: Path, delimiter: str) -> None:
        self.delimiter = delimiter
        self._feed = feed
        self._parsed = csv.reader(feed, delimiter=delimiter, strict=True)
        try:
            self.columns = [name.strip() for name in next(self._parsed)]
        except (csv.Error, StopIteration, _Unreadable) as error:
            raise BadInput(
                f"{path.name}: the header cannot be read ({error}).", remedy="Mend the quotes in it."
            ) from None
        twice = [name for name, count in Counter(self.columns).items() if count > 1 and name]
        if twice:
            raise BadInput(
                f"{path.name}, line 1: column {twice[0]!r} stands in the header more than once.",
                remedy="Rename one of them, so that it is clear which is meant.",
            )

    def __iter__(self) -> Iterator[Row | Refused]:
        feed, parsed, width = self._feed, self._parsed, len(self.columns)
        while True:
            feed.row = []
            try:
                cells = next(parsed)
            except StopIteration:
                return
            except _Unreadable as stop:
                yield from self._unclosed()
                yield Refused(stop.line, None, stop.bad.reason, stop.bad.begins)
                continue
            except csv.Error as error:
                yield from self._broken(str(error))
                continue
            if len(cells) == width:
                yield Row(feed.row[0][0], cells)
            elif cells:
                reason = f"the row has {len(cells)} cells, the header {width}; quote cells that hold {self.delimiter!r}"
                yield Refused(feed.row[0][0], None, reason, as_text(cells, self.delimiter))

    def _unclosed(self) -> Iterator[Refused]:
        if self._feed.row:
            yield from self._broken("a quote is not closed")

    def _broken(self, error: str) -> Iterator[Refused]:
        """Refuse the line a broken row began on and read the lines it swallowed again."""
        (number, text), *swallowed = self._feed.row
        self._feed.again(swallowed)
        if "unexpected end of data" in error or "field larger" in error:
            error = "a quote is opened and not closed"
        yield Refused(number, None, f"{error}; mend the quotes of this row", text.rstrip("\r\n")[:SHOWN])


class JsonLines:
    form = "JSON Lines"
    delimiter = ","

    def __init__(self, feed: _Feed) -> None:
        self.columns: list[str] = []
        self._feed = feed

    def __iter__(self) -> Iterator[Row | Refused]:
        feed = self._feed
        while True:
            feed.row = []
            try:
                text = next(feed)
            except StopIteration:
                return
            except _Unreadable as stop:
                yield Refused(stop.line, None, stop.bad.reason, stop.bad.begins)
                continue
            if text.strip():
                yield _object(feed.row[0][0], text)


def _object(line: int, text: str) -> Row | Refused:
    raw = text.rstrip("\r\n")[:SHOWN]
    try:
        cells = json.loads(text, parse_float=str)
        if "\\u" in text:
            _storable(cells)
    except ValueError as error:
        # Also what json raises on digits without end, and UnicodeEncodeError of half a surrogate pair.
        return Refused(line, None, f"the line is no JSON object ({error}); write one object a line", raw)
    except RecursionError:
        return Refused(line, None, "the object is nested too deeply", raw)
    if not isinstance(cells, dict):
        return Refused(line, None, "the line is no JSON object; write one object a line", raw)
    return Row(line, cells)


def _storable(cells: Any) -> None:
    text = json.dumps(cells, ensure_ascii=False)
    text.encode()
    if "\\u0000" in text:
        raise ValueError("it holds a NUL character")
