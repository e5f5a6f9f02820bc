"""A source of a GitHub on loopback: set up on the page of its integration, looked up, and asked."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.core.db import reading
from ops_console.ingest import sources, sync
from ops_console.records.sources import Source
from tests.integrations.github.forge import REPOSITORY, Forge
from tests.web.conftest import office_of
from tests.web.pages.conftest import send

NEW = "/integrations/github/new"


def form(forge: Forge, **changes: str) -> dict[str, str]:
    return {
        "name": "github",
        "repositories": REPOSITORY,
        "api_url": forge.url,
        "version_key": "version",
        "secret-token": "GITHUB_TOKEN",
        "since": "2026-06-01",
    } | changes


def kept(engine: Engine, name: str = "github") -> Source:
    with reading(engine) as session:
        return sources.named(session, name)


def set_up(admin: FlaskClient, forge: Forge, **changes: str) -> None:
    said = form(forge, **{"answer-production": "prod-eu"} | changes)
    assert send(admin, NEW, NEW, then="save", **said) == (303, "/sources/github")


def run(app: Flask, name: str = "github", **said: object) -> str:
    office = office_of(app)
    with reading(office.engine) as session:
        number = sources.named(session, name).id or 0
    return sync.sync(office, number, "timetable", **said).state  # type: ignore[arg-type]  # as sync takes them
