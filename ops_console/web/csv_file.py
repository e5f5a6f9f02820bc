"""CSV downloads of any length: written to a file, which is memory while it is small."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, TextIO, cast

from ops_console.reporting.render.csv import BYTE_ORDER_MARK, cell

IN_MEMORY = 1_000_000


def csv_file(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """The file in chunks. All rows are read before the first chunk leaves, so that a failure is an error page."""
    spool = SpooledTemporaryFile(max_size=IN_MEMORY, mode="w+", encoding="utf-8", newline="")  # noqa: SIM115
    spool.write(BYTE_ORDER_MARK)
    writer = csv.writer(cast(TextIO, spool), lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([cell(value) for value in row])
    spool.seek(0)
    return _chunks(cast(TextIO, spool))


def _chunks(spool: TextIO) -> Iterator[bytes]:
    with spool:
        while chunk := spool.read(65536):
            yield chunk.encode()
