"""The guard: every request passes it, and a route without declared access is refused."""

from typing import cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, url_for
from sqlmodel import Session
from werkzeug.exceptions import Forbidden, HTTPException, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from ops_console.accounts import sign_ins, tokens
from ops_console.accounts.roles import Role
from ops_console.core.clock import now
from ops_console.records.access import Account, ApiToken, SignIn
from ops_console.web.access import Access
from ops_console.web.console import console
from ops_console.web.database import read, write
from ops_console.web.request_state import forget, remember

COOKIE = "ops_console_sign_in"


def guard_requests(app: Flask) -> None:
    app.before_request(_guard)


def _guard() -> AnyResponse | None:
    if request.endpoint is None:
        return None  # no such page: the error page tells nothing
    route = console().routes.get(request.endpoint)
    if route is None:
        raise Forbidden(f"{request.endpoint} declares no access.")
    if route.max_bytes is not None:
        request.max_content_length = route.max_bytes
    if route.access.scope is not None:
        _require_token(route.access.scope)
        return None
    return _require_role(route.access)


def _require_role(access: Access) -> AnyResponse | None:
    if access.role is None:
        return None
    if not signed_in():
        return redirect(url_for("sign_in.form", next=_here()), code=303)
    if not Role(account().role).includes(access.role):
        raise Forbidden(f"This page needs the role {access.role}. An administrator can grant it to you.")
    return None


def _here() -> str | None:
    """Where to come back to after signing in: this page, if it was asked for by address and is not the front page."""
    asked = request.full_path.rstrip("?")
    return asked if request.method == "GET" and asked != "/" else None


def _require_token(scope: str) -> None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    instant = now()
    with read() as session:
        token = tokens.find(session, key.strip(), instant) if scheme.lower() == "bearer" and key else None
    if token is None:
        raise Unauthorized("Send a valid API token as `Authorization: Bearer …`.")
    if scope not in token.scopes:
        raise Forbidden(f"The token {token.name!r} lacks the scope {scope}.")
    if tokens.is_due(token, instant):
        with write() as session:
            tokens.used(session, token, instant)
    g.api_token = token


def api_token() -> ApiToken:
    """The token this request came with; pages that declare `Access.token` have one."""
    return cast(ApiToken, g.api_token)


def signed_in() -> bool:
    return _found() is not None


def account() -> Account:
    """The person signed in; pages that declare a role have one."""
    found = _found()
    if found is None:
        raise Unauthorized
    return found[1]


def may_open(address: str) -> bool:
    """Whether an address of ours leads the person signed in further than to a refusal."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(urlsplit(address).path)
    except HTTPException:
        return True
    role = console().routes[endpoint].access.role
    return role is None or Role(account().role).includes(role)


def cookie_key() -> str:
    return request.cookies.get(COOKIE, "")


def _found() -> tuple[SignIn, Account] | None:
    return remember("sign_in", _find)


def _find() -> tuple[SignIn, Account] | None:
    key, instant = cookie_key(), now()
    if not key:
        return None
    with read() as session:
        found = sign_ins.find(session, key, instant)
    if found is not None and sign_ins.is_due(found[0], instant):
        with write() as session:
            sign_ins.seen(session, found[0], instant)
    return found


def begin(session: Session, person: Account, response: Response | AnyResponse) -> None:
    """Sign this browser in."""
    key = sign_ins.begin(session, person, now())
    seconds = int(sign_ins.LIFETIME.total_seconds())
    response.set_cookie(COOKIE, key, max_age=seconds, httponly=True, samesite="Lax", secure=secure_cookies())
    forget("sign_in")


def end(session: Session, response: Response | AnyResponse) -> None:
    """Sign this browser out."""
    sign_ins.end(session, cookie_key(), now())
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=secure_cookies())
    forget("sign_in")


def secure_cookies() -> bool:
    """Whether cookies travel over HTTPS alone."""
    settings = console().settings
    return settings.base_url.startswith("https://") if settings.secure_cookies is None else settings.secure_cookies
