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


def test_each_step_of_the_set_up_leads_to_the_form_for_its_kind(editor: FlaskClient) -> None:
    text = page(editor, "/setup")
    assert 'href="/imports/new?kind=deployments"' in text and 'href="/facts/deployments/new"' in text
    assert text.count('class="tag none"') == text.count('<li class="panel">')


def test_where_no_model_is_known_none_is_said_to_have_a_runbook(viewer: FlaskClient) -> None:
    text = page(viewer, "/runbooks")
    assert "No runbooks yet." in text and "Every registered model" not in text


def test_empty_lists_say_where_a_tool_is_connected(editor: FlaskClient) -> None:
    for path in ("/deployments", "/incidents"):
        assert "Connect a tool under Integrations, import a file" in page(editor, path)
