"""Files in a form that an integration reads, recognised by how they begin."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ops_console.contracts.rows import LeftOut, Refused, Row
from ops_console.core.errors import BadInput, OpsConsoleError
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.reader import Reader, reader_of
from ops_console.ingest.unpack import Unpacked

if TYPE_CHECKING:  # a process that reads ahead begins sooner without
    from ops_console.contracts.integration import FileReader

Readers: TypeAlias = "Mapping[str, FileReader]"
LARGEST = 20_000_000
"""Such files are read whole."""


class Formed:
    """A file as an integration reads it. `left_out` counts what came to nothing."""

    columns: tuple[str, ...] = ()
    delimiter = ","

    def __init__(self, unpacked: Unpacked, form: str, reader: "FileReader") -> None:
        self.form = form
        self.left_out: Counter[str] = Counter()
        self._rows = reader.rows(_text(unpacked))

    def __iter__(self) -> Iterator[Row | Refused]:
        for row in self._rows:
            if isinstance(row, LeftOut):
                self.left_out[row.what] += 1
            else:
                yield row


def told_of(left_out: Counter[str]) -> list[str]:
    """What was left out, in a sentence."""
    counts = ", ".join(f"{count:,} {what}" for what, count in sorted(left_out.items()))
    return [f"Left out: {counts}."] if counts else []


def with_form(delivery: Delivery, path: Path, readers: Readers) -> Delivery:
    """The delivery with the form of its file, where an integration reads it."""
    form = delivery.form or _recognised(path, delivery, readers)
    if not form:
        return delivery
    if form not in readers:
        known = ", ".join(readers) or "none; leave it out"
        raise BadInput(f"{form!r} is no form of file that can be read.", remedy=f"The forms are: {known}.")
    if delivery.kind != readers[form].KIND:
        kind = readers[form].KIND
        raise BadInput(f"{path.name} holds {kind}, not {delivery.kind}.", remedy=f"Import it as {kind}.")
    return replace(delivery, form=form)


def reader_for(unpacked: Unpacked, form: str, delimiter: str, readers: Readers) -> Reader | Formed:
    """The integration's reader, else CSV or JSON Lines."""
    if form:
        return Formed(unpacked, form, readers[form])
    return reader_of(unpacked, delimiter)


def _recognised(path: Path, delivery: Delivery, readers: Readers) -> str:
    if not readers:
        return ""
    try:
        head = next(iter(Unpacked(path, delivery.mapping.encoding if delivery.mapping else None)))
    except OpsConsoleError:
        return ""  # whoever reads it says what is wrong with it
    text = head.decode("utf-8", "replace")
    return next((form for form, reader in readers.items() if reader.recognises(text)), "")


def _text(unpacked: Unpacked) -> str:
    found = bytearray()
    for chunk in unpacked:
        found += chunk
        if len(found) > LARGEST:
            raise BadInput(
                f"{unpacked.path.name} is larger than {LARGEST:,} bytes.", remedy="Split it into several files."
            )
    try:
        return found.decode()
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"{unpacked.path.name}, line {line}: byte {error.start + 1} of the file is no UTF-8.",
            remedy="Export the file as UTF-8.",
        ) from None
