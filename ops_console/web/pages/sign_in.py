"""Signing in by password or one-time link, and signing out."""

from urllib.parse import urlsplit

import structlog
from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ops_console.accounts import links, passwords, people, throttle
from ops_console.core.clock import now
from ops_console.records.access import Account
from ops_console.web import auth
from ops_console.web.access import Access, Pages
from ops_console.web.database import read, write
from ops_console.web.view import render, see_other, workspace

pages = Pages("sign_in")
log = structlog.get_logger()

WRONG = "This address and password do not belong together, or the account is closed."
TOO_MANY = "Too many attempts for this account or from this network. Wait 15 minutes, or ask for a one-time link."


@pages.get("/sign-in", access=Access.PUBLIC)
def form() -> str | AnyResponse:
    if auth.signed_in():
        return see_other(safe_next())
    return render("sign_in.html", email="", errors=[], next=request.args.get("next", ""))


@pages.post("/sign-in", access=Access.PUBLIC)
def take() -> str | tuple[str, int] | AnyResponse:
    email, password = request.form.get("email", ""), request.form.get("password", "")
    person, error = _check(email, password)
    if person is None:
        status = 429 if error == TOO_MANY else 401
        errors = [("email", error)]
        return render("sign_in.html", email=email, errors=errors, next=request.form.get("next", "")), status
    response = see_other(safe_next())
    with write() as session:
        auth.begin(session, person, response)
    log.info("signed in", account=person.id)
    return response


def _check(email: str, password: str) -> tuple[Account | None, str]:
    """The account, or why not. Unknown accounts take as long and read the same as wrong passwords."""
    account_subject, subjects = throttle.account_subject(email), []
    subjects = [account_subject, throttle.address_subject(request.remote_addr)]
    with write() as session:
        if throttle.is_blocked(session, subjects, now()):
            return None, TOO_MANY
        # Counted before the password is tried, so that guesses sent at once count too.
        throttle.failed(session, subjects, now())
        account = people.find(session, email)
    known = account if account is not None and account.disabled_at is None else None
    if not passwords.matches(known.password_hash if known else None, password) or known is None:
        return None, WRONG
    with write() as session:
        throttle.cleared(session, account_subject)
        if known.password_hash and passwords.is_dated(known.password_hash):
            people.keep_password(session, session.merge(known), password)
    return known, ""


@pages.get("/sign-in/link/<key>", access=Access.PUBLIC)
def link(key: str) -> str | tuple[str, int]:
    """Asks for one press: programs that check links in mail open addresses too, and must not use this one up."""
    with read() as session:
        person = links.peek(session, key, now())
    if person is None:
        return _spent()
    return render("sign_in_link.html", person=person, key=key)


@pages.post("/sign-in/link/<key>", access=Access.PUBLIC)
def use_link(key: str) -> tuple[str, int] | AnyResponse:
    with write() as session:
        person = links.use(session, key, now())
        if person is None:
            return _spent()
        wants_password = person.password_hash is None and not workspace().is_demo
        response = redirect(url_for("account.password") if wants_password else "/", code=303)
        auth.begin(session, person, response)
    log.info("signed in by link", account=person.id)
    return response


def _spent() -> tuple[str, int]:
    page = render(
        "error.html",
        status=410,
        heading="This sign-in link is used up",
        message="It signed somebody in already, or it is older than a day.",
        remedy="Ask an administrator for a new one: `ops-console user link EMAIL`.",
        error_id="",
    )
    return page, 410


@pages.post("/sign-out", access=Access.PUBLIC)
def sign_out() -> AnyResponse:
    response: Response | AnyResponse = see_other(url_for("sign_in.form"))
    with write() as session:
        auth.end(session, response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def safe_next() -> str:
    """The page asked for before signing in, if it is one of ours; else the overview."""
    return own_address(request.values.get("next", ""))


def own_address(asked: str) -> str:
    """The address if it is a path on this console, else `/`: `//evil.example` and `/\\evil.example` are none."""
    parts = urlsplit(asked)
    is_own = asked.startswith("/") and not asked.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    is_clean = all(sign.isprintable() and sign != "\\" for sign in asked)
    return asked if is_own and is_clean else "/"
