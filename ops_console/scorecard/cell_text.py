"""Cells as text, and which code made them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ops_console.core.columns import exact_text
from ops_console.measures.figures import Cell

KINDS: Mapping[type, tuple[str, Callable[[Any], str], Callable[[str], Any]]] = {
    Decimal: ("exact", exact_text, Decimal),
    datetime: ("instant", datetime.isoformat, datetime.fromisoformat),
    date: ("date", date.isoformat, date.fromisoformat),
}
"""What JSON does not know: the name it goes by, as text, and back."""
READERS = {name: read for name, _, read in KINDS.values()}
PACKAGE = Path(__file__).parents[1]
MAKERS = ("core", "kpis", "measures", "records", "scorecard")
"""The packages that decide what a cell holds."""


def text_of(cells: Iterable[Sequence[Cell]]) -> str:
    """Of each measure its cells; amounts stay exact."""
    return json.dumps([[*map(tuple, each)] for each in cells], default=_named, separators=(",", ":"))


def cells_from(text: str) -> list[list[Cell]]:
    return [[*map(tuple, each)] for each in json.loads(text, object_hook=_read)]


def _named(value: Any) -> dict[str, str]:
    if type(value) not in KINDS:
        raise TypeError(f"A cell holds {value!r}. It may hold numbers, text, truth values, lists of them, and dates.")
    name, write, _ = KINDS[type(value)]
    return {name: write(value)}


def _read(named: dict[str, str]) -> Any:
    [(name, text)] = named.items()
    return READERS[name](text)


@cache
def made_by() -> int:
    """A number for the code: cells that another version read may have other columns, or mean something else."""
    digest = blake2b(digest_size=8)
    for path in sorted(path for name in MAKERS for path in (PACKAGE / name).rglob("*.py")):
        digest.update(path.read_bytes())
    return int.from_bytes(digest.digest(), signed=True)
