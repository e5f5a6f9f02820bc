"""Rows as they stand in a file, before anybody knows what they mean."""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """`cells` is a list beside the header (CSV) or an object (JSON Lines, and files that an integration reads)."""

    line: int
    cells: Any


class Refused(NamedTuple):
    """A row that cannot be taken: where it stands, why, and what it said."""

    line: int
    column: str | None
    reason: str
    raw: str


class LeftOut(NamedTuple):
    """Something a file holds besides: `what` it is, in a word or two. It is counted, and nothing comes of it."""

    line: int
    what: str
