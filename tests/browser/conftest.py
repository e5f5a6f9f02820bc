"""The console on a free loopback port, and a Chromium that looks at it."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright import sync_api as playwright
from sqlalchemy import Engine

from ops_console.accounts import people, sign_ins
from ops_console.accounts.roles import Role
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.web.auth import COOKIE
from tests.conftest import skip_or_fail
from tests.servers.loopback import serving
from tests.web.conftest import app, company_template, console_app, full_app, whole_app

__all__ = ["app", "company_template", "console_app", "full_app", "whole_app"]

CHROMIUM = (
    os.environ.get("OPS_CONSOLE_CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium") or ""
)
"""The shell without a browser's own windows first: the suite takes half the time in it."""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> Iterator["playwright.Browser"]:
    if not CHROMIUM:
        skip_or_fail(
            "browser", "no Chromium: set OPS_CONSOLE_CHROMIUM or install the Debian package chromium-headless-shell"
        )
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the console answers."""
    with serving(app) as address:
        yield address


@pytest.fixture
def open_page(
    chromium: "playwright.Browser", address: str, sqlite: Engine
) -> Iterator[Callable[..., "playwright.Page"]]:
    """`open_page("/kpis", scheme="dark", width=390, script=False)`: a page, signed in as administrator."""
    contexts = []
    with transaction(sqlite) as session:
        key = sign_ins.begin(session, people.add(session, "ana@example.com", Role.ADMIN, now(), name="Ana Lee"), now())

    def opened(
        path: str, *, scheme: str = "light", width: int = 1280, height: int = 900, script: bool = True
    ) -> "playwright.Page":
        context = chromium.new_context(
            color_scheme=scheme,
            viewport={"width": width, "height": height},
            java_script_enabled=script,
            has_touch=width < 500,
            base_url=address,
        )
        contexts.append(context)
        context.add_cookies([{"name": COOKIE, "value": key, "url": address}])
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
