"""CSV that spreadsheets, scripts and statisticians read alike, and that runs nothing."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.measures.scopes import WORKSPACE, Scope, ScopeKind
from ops_console.reporting.render.csv import cell, csv_bytes, csv_name


def test_bytes_begin_with_a_mark_and_lines_end_as_the_standard_says() -> None:
    assert csv_bytes(("a", "b"), [(1, "x")]) == b"\xef\xbb\xbfa,b\r\n1,x\r\n"


def test_quotes_commas_and_line_breaks_are_quoted() -> None:
    assert csv_bytes(("a",), [('say "hi", all\nof you',)]).endswith(b'"say ""hi"", all\nof you"\r\n')


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-3, "-3"),
        (0.08, "0.08"),
        (1e-07, "0.0000001"),
        (1e22, "10000000000000000000000"),
        (Decimal("-1234.50"), "-1234.50"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 10, 31), "2026-10-31"),
        (datetime(2026, 10, 31, 9, 0, tzinfo=UTC), "2026-10-31T09:00:00+00:00"),
    ],
)
def test_typed_values_are_written_in_full_precision(value: Any, written: str) -> None:
    assert cell(value) == written


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    assert cell(f"{start}1+1") == f"'{start}1+1"


def test_numbers_never_get_one() -> None:
    assert [cell(value) for value in (-1, -0.5, Decimal("-2"))] == ["-1", "-0.5", "-2"]


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=2, max_size=2)))
def test_what_is_written_can_be_read_back(rows: list[list[str]]) -> None:
    text = csv_bytes(("a", "b"), rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [[value.removeprefix("'") for value in row] for row in read] == [
        [value.removeprefix("'") for value in row] for row in rows
    ]


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        (WORKSPACE, "lead_time_2026-10.csv"),
        (Scope(ScopeKind.TEAM, "Search"), "lead_time_2026-10_team-search.csv"),
        (Scope(ScopeKind.TEAM, "../Risk & Ads"), "lead_time_2026-10_team-risk-ads.csv"),
        (Scope(ScopeKind.MODEL, "ranker-v4"), "lead_time_2026-10_model-ranker-v4.csv"),
    ],
)
def test_names_say_what_is_inside(scope: Scope, name: str) -> None:
    assert csv_name("lead_time", "2026-10", scope) == name
