"""A source is asked now, paused, let go on, and told what its releases mean, from its pages."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ops_console.core.clock import now
from ops_console.core.db import reading
from ops_console.ingest import sources
from ops_console.web.console import EXTENSION
from tests.integrations.github.forge import REPOSITORY, Forge
from tests.servers.loopback import wait
from tests.web.pages.conftest import page, send
from tests.web.pages.connecting import form, kept, run, set_up


@pytest.fixture
def app(full_app: Flask) -> Flask:
    return full_app


def test_a_broken_source_that_is_paused_promises_no_next_try(
    admin: FlaskClient, viewer: FlaskClient, forge: Forge, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(admin, forge)
    monkeypatch.setenv("GITHUB_TOKEN", "revoked")
    run(app)
    send(admin, "/sources/github", "/sources/github/pause", then="pause")
    text = page(viewer, "/sources/github")
    assert "Nobody asks it until somebody lets it go on. GitHub does not accept the token." in text
    assert "Next try" not in text
    assert "Next try" not in page(viewer, "/data-health")


def test_sync_now_pause_and_go_on(admin: FlaskClient, editor: FlaskClient, forge: Forge, app: Flask) -> None:
    set_up(admin, forge)
    run(app)
    here = "/sources/github"
    engine = app.extensions[EXTENSION].engine
    forge.deploy(now(), "staging")
    assert send(editor, here, f"{here}/sync") == (303, here)
    wait(lambda: re.search(r"Facts brought</dt><dd>16<", page(editor, here)) is not None)
    assert page(editor, here).count("Done") == 2
    assert send(admin, here, f"{here}/pause", then="pause") == (303, here)
    text = page(editor, here)
    assert "Nobody asks it until somebody lets it go on." in text and "Sync now" not in text
    assert send(admin, here, f"{here}/sync")[0] == 400
    send(admin, here, f"{here}/pause", then="go on")
    assert not kept(engine).paused


def test_sync_now_of_a_source_that_is_being_asked_has_it_asked_once_more(
    admin: FlaskClient, editor: FlaskClient, forge: Forge, app: Flask
) -> None:
    set_up(admin, forge)
    run(app)
    engine, here = app.extensions[EXTENSION].engine, "/sources/github"
    with sources.claimed(engine, kept(engine).id or 0):
        assert send(editor, here, f"{here}/sync") == (303, here)
        assert "The next sync begins within a minute" in page(editor, here)
    with reading(engine) as session:
        assert [each.name for each in sources.due(session, now())] == ["github"]


def test_releases_are_in_production_once_somebody_says_so_and_only_as_long(
    admin: FlaskClient, forge: Forge, app: Flask
) -> None:
    def places() -> list[tuple[object, ...]]:
        with reading(app.extensions[EXTENSION].engine) as session:
            found = session.connection().exec_driver_sql(
                "SELECT version, environment FROM deployment WHERE external_id LIKE 'release-%' ORDER BY version"
            )
            return [tuple(row) for row in found]

    for number in range(3):
        forge.publish(f"v1.{number}", now() - timedelta(days=number + 1), early=number == 2)
    set_up(admin, forge)
    run(app)
    assert places() == [("v1.0", "releases"), ("v1.1", "releases"), ("v1.2", "pre-releases")]
    here = "/sources/github/settings"
    chosen = form(forge, **{"answer-production": "prod-eu", "answer-releases": REPOSITORY})
    status, text = send(admin, here, here, then="check", **chosen)
    assert status == 200 and "a published release a deployment to production?" in text
    assert "2 of 3 published releases count, with 1 of 2 ticked." in text
    send(admin, here, here, then="save", **chosen)
    run(app)
    assert places() == [("v1.0", "production"), ("v1.1", "production"), ("v1.2", "pre-releases")]
    send(admin, here, here, then="save", **chosen | {"answer-releases": ""})
    run(app)
    assert places() == [("v1.0", "releases"), ("v1.1", "releases"), ("v1.2", "pre-releases")]
