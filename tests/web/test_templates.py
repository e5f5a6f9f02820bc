"""What holds for every template, whatever its page shows today."""

import re
from pathlib import Path

import pytest

from ops_console import web

FOLDER = Path(web.__file__).parent / "templates"
TEMPLATES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.html"))
COLUMN = re.compile(r'<(th|td)\b[^>]*class="on-screen"')


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_column_that_paper_leaves_out_is_left_out_with_its_heading(name: str) -> None:
    found = COLUMN.findall((FOLDER / name).read_text("utf-8"))
    assert found.count("th") == found.count("td")


def test_there_are_such_columns() -> None:
    """Else the test above would say nothing."""
    assert sum(bool(COLUMN.search((FOLDER / name).read_text("utf-8"))) for name in TEMPLATES) > 5
