"""Rows come out of files whatever their packing, encoding and line ends, and what is broken stays alone."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops_console.contracts.rows import Refused, Row
from ops_console.core.errors import BadInput
from ops_console.ingest.lines import BadLine, lines
from ops_console.ingest.reader import Reader, reader_of, sniff
from ops_console.ingest.unpack import Unpacked
from tests.ingest.deliveries import csv_file, packed


def opened(path: Path) -> Reader:
    return reader_of(Unpacked(path))


def cells(path: Path) -> list[object]:
    return [row.cells for row in opened(path) if isinstance(row, Row)]


def refused(path: Path) -> list[Refused]:
    return [row for row in opened(path) if isinstance(row, Refused)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_with_a_mark_and_all_line_ends_are_read(tmp_path: Path, encoding: str, end: str) -> None:
    path = csv_file(tmp_path, "name,city", "Zoë,Kraków", encoding=encoding, end=end)
    assert opened(path).columns == ["name", "city"]
    assert cells(path) == [["Zoë", "Kraków"]]


def test_gzip_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    assert cells(packed(csv_file(tmp_path, "a,b", "1,2"))) == [["1", "2"]]


def test_several_gzip_members_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "facts"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3,4\n") + b"\0\0\0")
    assert cells(path) == [["1", "2"], ["3", "4"]]


def test_a_row_knows_the_line_it_begins_on(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b", '1,"two', 'lines"', "3,4")
    assert [(row.line, row.cells) for row in opened(path) if isinstance(row, Row)] == [
        (2, ["1", "two\nlines"]),
        (4, ["3", "4"]),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_the_header_uses(delimiter: str) -> None:
    assert sniff(delimiter.join(["id", '"a,b;c"', "name"])) == delimiter


def test_a_header_of_one_column_is_comma_separated() -> None:
    assert sniff("id") == ","


def test_json_lines_are_told_by_their_first_character(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "", '{"a": 1.10, "b": null}', '{"a": [1]}')
    assert opened(path).form == "JSON Lines"
    assert cells(path) == [{"a": "1.10", "b": None}, {"a": [1]}]


@pytest.mark.parametrize(
    "line", ['{"a": ', "[1]", "7", '{"a": "\\u0000"}', '{"a": "\\ud800"}', '{"a": ' + "9" * 5000 + "}"]
)
def test_a_broken_json_line_is_refused_alone(tmp_path: Path, line: str) -> None:
    path = csv_file(tmp_path, '{"a": 1}', line, '{"a": 2}')
    assert cells(path) == [{"a": 1}, {"a": 2}]
    assert [row.line for row in refused(path)] == [2]


def test_deeply_nested_json_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, '{"a": 1}', '{"a":' + "[" * 100_000 + "]" * 100_000 + "}")
    assert "nested too deeply" in refused(path)[0].reason


def test_a_row_of_the_wrong_width_is_refused_with_both_widths(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b", "1", "1,2,3", "", "4,5")
    assert [row.reason[:30] for row in refused(path)] == [
        "the row has 1 cells, the heade",
        "the row has 3 cells, the heade",
    ]
    assert cells(path) == [["4", "5"]]


def test_a_quote_that_never_closes_takes_no_other_row_with_it(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b", '1,"open', "2,3", "4,5")
    assert cells(path) == [["2", "3"], ["4", "5"]]
    (row,) = refused(path)
    assert (row.line, row.raw) == (2, '1,"open')
    assert "opened and not closed" in row.reason


def test_text_behind_a_closing_quote_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b", '"1"x,2', "3,4")
    assert cells(path) == [["3", "4"]]


def test_a_nul_byte_spoils_its_line_alone(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b", "1,\0", "2,3")
    assert cells(path) == [["2", "3"]]
    assert "NUL" in refused(path)[0].reason


def test_latin_1_is_refused_by_line_with_the_remedy(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b", "1,Zoë", "2,3", encoding="latin-1")
    assert cells(path) == [["2", "3"]]
    assert refused(path)[0].line == 2
    assert "encoding" in refused(path)[0].reason


def test_a_declared_encoding_is_used(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b", "1,Zoë", encoding="cp1252")
    reader = reader_of(Unpacked(path, "cp1252"))
    assert [row.cells for row in reader if isinstance(row, Row)] == [["1", "Zoë"]]


def test_broken_utf_16_says_after_which_line(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b", "1,2", encoding="utf-16")
    path.write_bytes(path.read_bytes() + b"\x00")
    unpacked = Unpacked(path)
    assert [row.cells for row in reader_of(unpacked) if isinstance(row, Row)] == [["1", "2"]]
    assert "line 2 is no utf-16 text" in unpacked.damage


def test_a_truncated_gzip_gives_what_stands_before(tmp_path: Path) -> None:
    path = packed(csv_file(tmp_path, "a,b", *(f"{n},{n * 7919}" for n in range(50_000))))
    path.write_bytes(path.read_bytes()[:-2000])
    unpacked = Unpacked(path)
    rows = [row.cells for row in reader_of(unpacked) if isinstance(row, Row)]
    assert 30_000 < len(rows) < 50_000
    assert rows[-1] == [str(len(rows) - 1), str((len(rows) - 1) * 7919)]
    assert "ends early" in unpacked.damage


def test_a_file_without_content_says_so(tmp_path: Path) -> None:
    for content in (b"", b"  \n \n", b"\xef\xbb\xbf"):
        path = tmp_path / "empty.csv"
        path.write_bytes(content)
        with pytest.raises(BadInput, match=r"empty\.csv"):
            opened(path)


@pytest.mark.parametrize(("start", "what"), [(b"PK\x03\x04", "Excel"), (b"PAR1", "Parquet"), (b"BZh9", "bzip2")])
def test_other_formats_are_named(tmp_path: Path, start: bytes, what: str) -> None:
    path = tmp_path / "facts.csv"
    path.write_bytes(start + b" and more")
    with pytest.raises(BadInput, match=what):
        opened(path)


def test_a_json_array_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="JSON Lines"):
        opened(csv_file(tmp_path, '[{"a": 1}]'))


def test_a_column_name_that_stands_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="'a' stands in the header more than once"):
        opened(csv_file(tmp_path, "a,b,a", "1,2,3"))


def test_a_long_line_is_dropped_without_being_held() -> None:
    chunks = [b"short\n", b"x" * 600, b"y" * 600, b"z" * 600, b"end\nnext\n"]
    found = list(lines(chunks, longest=1000))
    assert [line for line in found if isinstance(line, str)] == ["short\n", "next\n"]
    assert isinstance(found[1], BadLine)
    assert found[1].begins.startswith("xxx")
    assert len(found) == 3


@given(
    st.lists(st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), max_size=12), max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 9),
)
def test_lines_do_not_depend_on_where_chunks_are_cut(texts: list[str], end: str, size: int) -> None:
    whole = "".join(text + end for text in texts).encode()
    chunks = [whole[at : at + size] for at in range(0, len(whole), size)]
    assert list(lines(chunks)) == [text + end for text in texts]
