"""The rows in a request: a JSON array or JSON Lines, plain or gzip."""

import json
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from ops_console.core.errors import BadInput
from ops_console.web.unpacked import GZIP, unpacked

LARGEST_BYTES = 16_000_000
LARGEST_BATCH = 10_000
LINES = "application/x-ndjson"
TYPES = ("application/json", LINES, "application/jsonl", "application/gzip", "application/octet-stream")
ENCODINGS = ("", "identity", "gzip")


def rows_in_body() -> list[Any]:
    """The rows as they were sent; a line that is no JSON stays text, so that it is refused by its number."""
    _check_format()
    data = request.get_data(cache=False)
    text = _text(unpacked(data) if data.startswith(GZIP) else data)
    rows = _array(text) if text.startswith("[") else [_line(line) for line in text.splitlines() if line.strip()]
    if not rows:
        raise BadInput("The body holds no rows.", remedy="Send a JSON array of objects, or JSON Lines.")
    if len(rows) > LARGEST_BATCH:
        raise RequestEntityTooLarge(f"A batch holds at most {LARGEST_BATCH:,} rows; this one has {len(rows):,}.")
    return rows


def _check_format() -> None:
    """A body that says nothing of itself is looked at; one that says it is something else is not."""
    named, packed = request.mimetype, request.headers.get("Content-Encoding", "").lower()
    if (named and named not in TYPES) or packed not in ENCODINGS:
        said = named if packed in ENCODINGS else f"Content-Encoding {packed}"
        raise UnsupportedMediaType(
            f"The body is {said[:80]}. Send JSON as application/json, or JSON Lines as {LINES}; either may be gzip."
        )


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise BadInput(f"The body is not UTF-8 at byte {error.start}.", remedy="Send UTF-8.") from error


def _array(text: str) -> list[Any]:
    try:
        found = json.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"The body is no JSON: {error}.", remedy="Send a JSON array of objects, or JSON Lines."
        ) from None
    return list(found)


def _line(line: str) -> Any:
    # Decimals stay text, so that money arrives digit for digit.
    try:
        return json.loads(line, parse_float=str)
    except (ValueError, RecursionError):
        return line
