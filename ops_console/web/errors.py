"""Every error becomes a page, or problem+json (RFC 9457) for the API, in one place; code below never formats."""

import secrets

import structlog
from flask import Flask, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from ops_console.core.errors import BadInput, NotFound, OpsConsoleError
from ops_console.web.problems import kind_of, problem
from ops_console.web.view import render

log = structlog.get_logger()

Answer = AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]

TITLES = {
    400: "This cannot be used as it is",
    401: "Sign in first",
    403: "You may not open this",
    404: "There is no such page",
    405: "This page does not take that",
    413: "That is too large",
    415: "That format is not known here",
    429: "Too many attempts",
    500: "Something failed on our side",
}
REMEDIES = {
    403: "Ask an administrator of this console for the role you need.",
    404: "Check the address, or start from the overview.",
    413: "Send it in smaller parts, or import the file with `ops-console import` on the server.",
    500: "Try again. If it fails again, give the error id to whoever runs this console: the log has the details.",
}


def answer_errors(app: Flask) -> None:
    app.register_error_handler(OpsConsoleError, _ours)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def is_api() -> bool:
    return request.path.startswith("/api/")


def _ours(error: OpsConsoleError) -> Answer:
    status = 400 if isinstance(error, BadInput) else 404 if isinstance(error, NotFound) else 500
    identifier = _logged(error) if status == 500 else ""
    return _answer(status, error.message, error.remedy, identifier)


def _stale_form(_: CSRFError) -> Answer:
    return _answer(400, "The form was open too long, or came from another page.", "Open the page again and repeat it.")


def _http(error: HTTPException) -> Answer:
    status = error.code or 500
    custom = error.description if error.description != type(error).description else ""
    if isinstance(error, MethodNotAllowed):
        custom = f"It takes {', '.join(sorted(error.valid_methods or ()))}."
    return _answer(status, custom or "", headers=dict(error.get_headers()))


def _unexpected(error: Exception) -> Answer:
    return _answer(500, "", identifier=_logged(error))


def _logged(error: Exception) -> str:
    identifier = secrets.token_hex(4)
    rule = request.url_rule.rule if request.url_rule else "unknown"
    log.error("request failed", error_id=identifier, method=request.method, rule=rule, exc_info=error)
    return identifier


def _answer(
    status: int,
    message: str,
    remedy: str | None = None,
    identifier: str = "",
    headers: dict[str, str] | None = None,
) -> Answer:
    extra = {name: value for name, value in (headers or {}).items() if name in {"Allow", "Retry-After"}}
    if is_api():
        usual = kind_of(status).remedy
        return _problem(status, f"{message} {usual if remedy is None else remedy}".strip(), identifier, extra)
    page = render(
        "error.html",
        status=status,
        heading=TITLES.get(status, "This did not work"),
        message=message,
        remedy=REMEDIES.get(status, "") if remedy is None else remedy,
        error_id=identifier,
    )
    return page, status, extra


def _problem(status: int, detail: str, identifier: str, headers: dict[str, str]) -> AnyResponse:
    response = problem(status, detail, **({"error_id": identifier} if identifier else {}))
    response.headers.update(headers)
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response
