"""How a FOCUS file begins."""

import csv
import json
import zlib

from ops_console.contracts.integration import Rejected

NEEDED = ("BilledCost", "BillingPeriodStart", "ChargePeriodStart")
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
DELIMITERS = ",;\t|"


def columns(head: bytes) -> list[str]:
    """The columns of a file, by its first bytes."""
    if head.startswith(PARQUET):
        raise Rejected("A file is written as Parquet.", remedy="Let it be written as CSV, packed with gzip.")
    if head.startswith(GZIP):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 1 << 20)
        except zlib.error:
            return []
    lines = [line for line in head.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    first = lines[0] if lines else ""
    if first.lstrip().startswith("{"):
        try:
            return list(json.loads(first))
        except ValueError:
            return []
    delimiter = max(DELIMITERS, key=lambda each: (first.count(each), each == ","))
    return [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]


def line(name: str, found: list[str]) -> str:
    """What is to be said of a file with such columns."""
    missing = [each for each in NEEDED if each not in found]
    if missing:
        return f"{name} has no column {', '.join(missing)}: it needs a mapping, or is no cost file."
    return f"{name} can be read: FOCUS, {len(found)} columns."
