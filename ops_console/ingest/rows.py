"""Rows that did not come from a file: the API's, a form's, the demo's."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ops_console.contracts.rows import Refused, Row


def rows_of(given: Iterable[Mapping[str, Any]]) -> Iterator[Row | Refused]:
    """Each as a row numbered from 1; what the databases could not keep is refused."""
    for number, cells in enumerate(given, 1):
        if not isinstance(cells, Mapping):
            yield Refused(number, None, "the row is no object of fields", str(cells)[:200])
        elif any(not _is_storable(value) for value in cells.values()):
            yield Refused(number, None, "a text holds a NUL or half a character; remove it", ascii(dict(cells))[:2000])
        else:
            yield Row(number, dict(cells))


def _is_storable(value: Any) -> bool:
    if not isinstance(value, str):
        if not isinstance(value, dict | list):
            return True
        value = json.dumps(value, ensure_ascii=False, default=str)
    if value.isascii():
        return "\0" not in value and "\\u0000" not in value
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value
