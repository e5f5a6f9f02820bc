"""Nobody opens a page that was not meant for him."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console import factory
from ops_console.contracts.parts import Parts
from ops_console.web.access import Access
from ops_console.web.console import EXTENSION
from tests.web.conftest import sign_in

PUBLIC_FILES = {"files.asset", "files.icon", "health.alive", "health.ready"}
PUBLIC_MAIL = {"unsubscribe.ask", "unsubscribe.stop"}
PUBLIC_SIGN_IN = {"sign_in.form", "sign_in.take", "sign_in.link", "sign_in.use_link", "sign_in.sign_out"}
PUBLIC_DESCRIPTION = {"openapi.openapi"}
PUBLIC_HOOKS = {"hooks.take", "chat.take"}
PUBLIC = PUBLIC_HOOKS | PUBLIC_FILES | PUBLIC_MAIL | PUBLIC_SIGN_IN | PUBLIC_DESCRIPTION


def routes(app: Flask) -> dict:
    return app.extensions[EXTENSION].routes


def walked(app: Flask) -> list[tuple[str, str, str]]:
    """Every (endpoint, method, path) there is."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        values = {name: 1 if "Integer" in type(rule._converters[name]).__name__ else "x" for name in rule.arguments}
        path = adapter.build(rule.endpoint, values)
        found += [(rule.endpoint, method, path) for method in rule.methods - {"HEAD", "OPTIONS"}]
    return found


def test_every_route_declares_who_may_open_it(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(routes(app))


def test_the_public_pages_are_these(app: Flask) -> None:
    assert {name for name, route in routes(app).items() if route.access.is_public} == PUBLIC


def test_no_other_page_answers_without_sign_in(app: Flask, visitor: FlaskClient) -> None:
    for endpoint, method, path in walked(app):
        if routes(app)[endpoint].access.is_public:
            continue
        answer = visitor.open(path, method=method)
        is_sent_away = answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in")
        assert is_sent_away or answer.status_code == 401, f"{method} {path} answers {answer.status_code}"


def test_a_route_registered_past_the_registry_is_refused(sqlite: Engine) -> None:
    app = factory.create_app(Parts(), database_url=str(sqlite.url))
    app.url_map._remap = True
    app.url_map.add(app.url_rule_class("/forgotten", endpoint="forgotten", methods=["GET"]))
    app.view_functions["forgotten"] = lambda: "secret"
    answer = sign_in(app.test_client(), sqlite).get("/forgotten")
    app.extensions[EXTENSION].engine.dispose()
    assert (answer.status_code, "secret" in answer.text) == (403, False)


@pytest.mark.parametrize("method", ["post", "get"])
def test_a_viewer_is_told_which_role_a_page_needs(app: Flask, viewer: FlaskClient, method: str) -> None:
    guarded = [path for name, _, path in walked(app) if routes(app)[name].access == Access.ADMIN and "tokens" in path]
    assert guarded
    assert viewer.post(guarded[0]).status_code in {400, 403}
