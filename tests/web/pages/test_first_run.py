"""Before any fact has come in, pages say what to do instead of showing zeros."""

import pytest
from flask.testing import FlaskClient

from tests.web.pages.conftest import page


def test_the_overview_offers_to_set_up(viewer: FlaskClient) -> None:
    text = page(viewer, "/")
    assert "No facts yet." in text and 'href="/setup"' in text and 'class="card"' not in text


@pytest.mark.parametrize(
    "path", ["/kpis", "/kpis/lead_time", "/kpis/mttr", "/reports", "/setup", "/search?q=x", "/account"]
)
def test_every_page_answers_on_an_empty_workspace(viewer: FlaskClient, path: str) -> None:
    assert "<h1" in page(viewer, path)


def test_no_figure_is_made_up(viewer: FlaskClient) -> None:
    text = page(viewer, "/kpis")
    assert text.count("Not connected") >= 6 and ">0%" not in text
