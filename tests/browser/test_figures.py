"""Files of a figure as a person takes them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ops_console.core.db import engine_for

pytestmark = pytest.mark.browser


@pytest.fixture
def sqlite(company_template: bytes, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "company.db"
    path.write_bytes(company_template)
    engine = engine_for(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(
    ("link", "file", "begins"),
    [
        ("PNG of the chart", "mttr_2026-10_tier-1.png", b"\x89PNG"),
        ("PDF of the split", "mttr_by_model_2026-10_tier-1.pdf", b"%PDF"),
        ("CSV of the chart", "mttr_chart_2026-10_tier-1.csv", b"\xef\xbb\xbfkpi,"),
    ],
)
def test_a_press_saves_the_figure_under_its_name(
    open_page: Callable, script: bool, link: str, file: str, begins: bytes
) -> None:
    page = open_page("/kpis/mttr?period=2026-10&scope=tier:1&by=model", script=script)
    with page.expect_download() as saved:
        page.get_by_role("link", name=link).click()
    assert saved.value.suggested_filename == file
    assert Path(saved.value.path()).read_bytes().startswith(begins)
