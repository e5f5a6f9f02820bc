"""A look at a file before it is imported: what it is, how it might be mapped, and what its first rows become."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ops_console.contracts.rows import Refused, Row
from ops_console.core.errors import OpsConsoleError
from ops_console.ingest.cells import Unmappable
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.focus import COLUMNS, understood, with_focus_habits
from ops_console.ingest.forms import Formed, Readers, reader_for, told_of, with_form
from ops_console.ingest.mapping import NULLS, Mapping
from ops_console.ingest.parse import Parser
from ops_console.ingest.reader import as_text
from ops_console.ingest.rules import Rules
from ops_console.ingest.suggest import suggestions
from ops_console.ingest.unfit import Unfit
from ops_console.ingest.unpack import Unpacked

LOOKED_AT = 200
"""Rows looked through for the keys of JSON objects and for spellings of null."""


@dataclass(frozen=True)
class PreviewRow:
    """A row as it stands, and the facts it becomes or the reason it does not. `odd` is what is to be told of facts that
    are taken none the less.
    """

    line: int
    raw: str
    facts: list[dict[str, Any]] = field(default_factory=list)
    column: str | None = None
    reason: str | None = None
    odd: list[str] = field(default_factory=list)


@dataclass
class Preview:
    """`mapping` is the one given, else a suggestion. `problem` says why no row can be read with it."""

    form: str
    encoding: str
    is_packed: bool
    delimiter: str
    columns: list[str]
    mapping: Mapping
    is_suggested: bool
    rows: list[PreviewRow] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    problem: str | None = None
    left_out: str = ""


def preview(path: Path, delivery: Delivery, limit: int = 20, readers: Readers = MappingProxyType({})) -> Preview:
    """Read the start of a file as an import would; nothing is written anywhere."""
    given = delivery.mapping
    unpacked = Unpacked(path, given.encoding if given else None)
    delivery = with_form(delivery, path, readers)
    reader = reader_for(unpacked, delivery.form, (given.delimiter if given else None) or "", readers)
    rows = list(islice(reader, max(LOOKED_AT, limit)))
    columns = [*reader.columns] or _keys(rows)
    mapping = given or _suggested(delivery.kind, columns, rows)
    found = Preview(
        reader.form, unpacked.encoding, unpacked.is_packed, reader.delimiter, columns, mapping, given is None
    )
    found.left_out = " ".join(told_of(reader.left_out)) if isinstance(reader, Formed) else ""
    try:
        rules = _rules(delivery, mapping, reader.columns)
    except OpsConsoleError as error:
        found.problem = str(error)
        found.rows = [PreviewRow(row.line, _raw(row)) for row in rows[:limit]]
        return found
    found.rows = list(_shown(rows[:limit], delivery, rules))
    if rules.is_json:
        for row in rows:
            if isinstance(row, Row):
                rules.notice(row.cells)
    found.unknown = rules.unknown
    return found


def _rules(delivery: Delivery, mapping: Mapping, columns: Sequence[str]) -> Rules:
    if delivery.kind == "costs":
        return Rules("costs", with_focus_habits(mapping), columns, delivery.zone, COLUMNS)
    return Rules(delivery.kind, mapping, columns, delivery.zone)


def _keys(rows: list[Row | Refused]) -> list[str]:
    return list(dict.fromkeys(key for row in rows if isinstance(row, Row) for key in row.cells))


def _suggested(kind: str, columns: list[str], rows: list[Row | Refused]) -> Mapping:
    # FOCUS names its columns, so nothing is to be guessed there.
    guessed = {} if kind == "costs" else suggestions(kind, columns)
    fields = {name: column for name, column in guessed.items() if name != column}
    cells = {
        cell.strip()
        for row in rows
        if isinstance(row, Row)
        for cell in (row.cells.values() if isinstance(row.cells, dict) else row.cells)
        if isinstance(cell, str)
    }
    return Mapping.model_validate({"fields": fields, "null": [word for word in NULLS if word in cells]})


def _shown(rows: list[Row | Refused], delivery: Delivery, rules: Rules) -> Iterator[PreviewRow]:
    parser = Parser(delivery.kind, delivery.source or "preview", rules.document.zone_or(delivery.zone))
    for row in rows:
        raw = _raw(row)
        if isinstance(row, Refused):
            yield PreviewRow(row.line, raw, column=row.column, reason=row.reason)
            continue
        parser.odd = []
        try:
            found = [values if delivery.kind != "costs" else understood(values)[0] for values in rules(row.cells)]
            facts = [parser(values).model_dump(mode="json", exclude_none=True) for values in found]
            yield PreviewRow(row.line, raw, facts, odd=[each.reason for each in parser.odd])
        except Unmappable as error:
            yield PreviewRow(row.line, raw, column=error.column, reason=error.reason)
        except Unfit as error:
            column = rules.column_of.get(error.field or "", error.field)
            yield PreviewRow(row.line, raw, column=column, reason=rules.explained(error, row.cells))


def _raw(row: Row | Refused) -> str:
    return row.raw if isinstance(row, Refused) else as_text(row.cells)
