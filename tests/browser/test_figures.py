"""Files of a figure as a person takes them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import Filled

pytestmark = pytest.mark.browser


@pytest.fixture
def sqlite(company_template: bytes, sqlite_filled: Filled) -> Engine:
    return sqlite_filled(company_template)


FILES = {
    "PNG of the chart": ("mttr_2026-10_tier-1.png", b"\x89PNG"),
    "PDF of the split": ("mttr_by_model_2026-10_tier-1.pdf", b"%PDF"),
    "CSV of the chart": ("mttr_chart_2026-10_tier-1.csv", b"\xef\xbb\xbfkpi,"),
}


@pytest.mark.parametrize("script", [True, False])
def test_a_press_saves_each_figure_under_its_name(open_page: Callable, script: bool) -> None:
    page = open_page("/kpis/mttr?period=2026-10&scope=tier:1&by=model", script=script)
    for link, (file, begins) in FILES.items():
        with page.expect_download() as saved:
            page.get_by_role("link", name=link).click()
        assert saved.value.suggested_filename == file
        assert Path(saved.value.path()).read_bytes().startswith(begins)
