"""CSV that spreadsheets, scripts and statisticians read alike (RFC 4180), and that no cell can turn into a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ops_console.measures.scopes import Scope, ScopeKind

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """One header row of names, then the rows; typed values are written in full precision, text is guarded."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return (BYTE_ORDER_MARK + written.getvalue()).encode()


def cell(value: Any) -> str:
    """A value as a cell: empty for missing, ISO 8601 with offset, plain decimal point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    text = str(value)
    # A spreadsheet would run such text: https://owasp.org/www-community/attacks/CSV_Injection
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_name(key: str, period: str, scope: Scope) -> str:
    """`lead_time_2026-10_team-search.csv`; the workspace is named by saying nothing."""
    return file_name(key, period, scope, "csv")


def file_name(key: str, period: str, scope: Scope, ending: str) -> str:
    """The same for any kind of file."""
    if scope.kind is ScopeKind.WORKSPACE:
        return f"{key}_{period}.{ending}"
    place = re.sub(r"[^a-z0-9]+", "-", f"{scope.kind}-{scope.key}".lower()).strip("-")
    return f"{key}_{period}_{place}.{ending}"
