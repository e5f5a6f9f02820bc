"""One's own account: password, appearance, sign-ins, API tokens."""

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ops_console.accounts import passwords, people, sign_ins, tokens
from ops_console.core.clock import now
from ops_console.core.errors import BadInput
from ops_console.records.access import Account
from ops_console.web import auth
from ops_console.web.access import Access, Pages
from ops_console.web.database import read, write
from ops_console.web.pages.sign_in import own_address
from ops_console.web.view import render, see_other

pages = Pages("account")
THEMES = ("system", "light", "dark")
ONE_YEAR = 365 * 24 * 3600


@pages.get("/account", access=Access.VIEWER)
def account() -> str:
    with read() as session:
        listed = tokens.everything(session)
    return render("account.html", tokens=listed, theme_now=request.cookies.get("theme", "system"))


@pages.get("/account/password", access=Access.VIEWER)
def password() -> str:
    return render("account_password.html", errors=[], has_one=auth.account().password_hash is not None)


@pages.post("/account/password", access=Access.VIEWER)
def set_password() -> tuple[str, int] | AnyResponse:
    person, instant = auth.account(), now()
    try:
        if person.password_hash and not passwords.matches(person.password_hash, request.form.get("current", "")):
            raise BadInput("The present password is not right.")
        with write() as session:
            kept = session.get_one(Account, person.id)
            people.set_password(session, kept, request.form.get("password", ""))
            sign_ins.end_all(session, kept, instant, but=auth.cookie_key())
    except BadInput as error:
        field = "current" if "present" in error.message else "password"
        values = {"errors": [(field, str(error))], "has_one": person.password_hash is not None}
        return render("account_password.html", **values), 400
    return see_other(url_for("account.account"))


@pages.post("/account/preferences", access=Access.VIEWER)
def preferences() -> AnyResponse:
    """Theme and keyboard shortcuts, kept in this browser."""
    response = see_other(own_address(request.form.get("next", "/account")))
    for name, allowed in {"theme": THEMES, "keys": ("on", "off")}.items():
        chosen = request.form.get(name)
        if chosen in allowed:
            response.set_cookie(
                name, chosen, max_age=ONE_YEAR, samesite="Lax", httponly=True, secure=auth.secure_cookies()
            )
    return response


@pages.post("/account/sign-out-others", access=Access.VIEWER)
def sign_out_others() -> AnyResponse:
    with write() as session:
        sign_ins.end_all(session, auth.account(), now(), but=auth.cookie_key())
    return see_other(url_for("account.account"))


@pages.post("/account/tokens", access=Access.ADMIN)
def new_token() -> str | tuple[str, int]:
    """Shows the token on the answer itself, because it is never shown again."""
    form = request.form
    days = form.get("days", "90")
    try:
        if not days.isdecimal():
            raise BadInput(f"{days!r} is no number of days.")
        with write() as session:
            made_by, scopes = auth.account().email, form.getlist("scope")
            key = tokens.make(session, form.get("name", ""), scopes, int(days), made_by, now())
    except BadInput as error:
        return _with_error(error), 400
    return render("account_token.html", key=key, name=form.get("name", ""))


def _with_error(error: BadInput) -> str:
    with read() as session:
        listed = tokens.everything(session)
    theme = request.cookies.get("theme", "system")
    return render("account.html", tokens=listed, theme_now=theme, errors=[("token-name", str(error))])


@pages.post("/account/tokens/<int:token_id>/revoke", access=Access.ADMIN)
def revoke_token(token_id: int) -> AnyResponse:
    with write() as session:
        tokens.revoke(session, token_id, now(), auth.account().email)
    return see_other(url_for("account.account"))
