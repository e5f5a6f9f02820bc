"""Puts the parts together: settings, database, pages."""

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from ops_console import web
from ops_console.contracts.parts import Parts
from ops_console.core.db import engine_for
from ops_console.core.settings import Settings, settings
from ops_console.web import access, auth, database, errors, request_log, security, shown
from ops_console.web.assets import Assets
from ops_console.web.console import Console, attach
from ops_console.web.pages import hooks
from ops_console.web.secret_key import secret_key

FORM_BYTES = 1_000_000


def create_app(parts: Parts, *, database_url: str | None = None) -> Flask:
    """The web application over one database."""
    chosen = settings()
    url = database_url or chosen.database_url
    app = Flask("ops_console.web", static_folder=None)
    _configure(app, chosen, url)
    console = Console(parts, chosen, engine_for(url), Assets())
    attach(app, console)
    request_log.log_requests(app)
    database.end_reading_with_requests(app)
    auth.guard_requests(app)
    security.protect_responses(app)
    errors.answer_errors(app)
    shown.prepare_templates(app)
    csrf = CSRFProtect(app)
    for pages in (*(module.pages for module in web.modules()), hooks.addressed(parts.manifests.values())):
        routes = access.register(app, pages)
        console.routes |= routes
        for route in routes.values():
            if not route.from_our_pages:
                csrf.exempt(route.view)  # no browser sends a sign-in along: it carries its own proof
        if pages.menu:
            console.menu.append(pages)
    console.menu.sort(key=lambda each: each.place)
    return app


def _configure(app: Flask, chosen: Settings, url: str) -> None:
    is_secure = chosen.base_url.startswith("https://") if chosen.secure_cookies is None else chosen.secure_cookies
    app.config.update(
        SECRET_KEY=secret_key(chosen, url),
        MAX_CONTENT_LENGTH=FORM_BYTES,
        SESSION_COOKIE_NAME="ops_console_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=is_secure,
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    if chosen.trusted_proxies:
        hops = chosen.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
