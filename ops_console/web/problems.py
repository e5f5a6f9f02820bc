"""The kinds of problem the API answers with (RFC 9457). A kind keeps its name for ever: programs decide by it."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NotRequired

from flask import jsonify
from flask.wrappers import Response
from typing_extensions import TypedDict


class ProblemDocument(TypedDict):
    """What went wrong. Programs decide by `type`, people read `detail`."""

    type: str
    title: str
    status: int
    detail: NotRequired[str]
    error_id: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind: its name in `type`, its heading, when it is told, and what to do where the error does not say."""

    name: str
    title: str
    when: str
    remedy: str = ""

    @property
    def type(self) -> str:
        """A reference to its explanation; with the full path, as RFC 9457 wants relative ones."""
        return f"/help/api#{self.name}" if self.name else "about:blank"


PROBLEMS = {
    400: Problem("bad-input", "This cannot be used as it is", "A parameter, the cursor or the body makes no sense."),
    401: Problem("no-token", "A token is needed", "The request carries no token, or one that expired or was revoked."),
    403: Problem(
        "missing-scope",
        "The token may not do this",
        "The token lacks the scope that the operation needs.",
        "Make a token that has it on your account page.",
    ),
    404: Problem(
        "not-found",
        "There is no such thing",
        "The address is unknown, or the KPI, the kind of fact, the team or the model that it names.",
        "GET /api/v1/openapi.json lists every operation.",
    ),
    405: Problem(
        "wrong-method", "This address does not take that", "`Allow` names the methods that the address takes."
    ),
    413: Problem(
        "too-large", "That is too large", "The body has too many rows or too many bytes.", "Send it in smaller parts."
    ),
    415: Problem("unknown-format", "That format is not known here", "The body is neither JSON, JSON Lines nor gzip."),
    422: Problem("no-row-taken", "No row could be taken", "Each row was refused; `results` says why, row by row."),
    500: Problem(
        "failed",
        "Something failed on our side",
        "It is not your request. The log of the console has the details under the `error_id` of the answer.",
        "Try again. If it fails again, give the error id to whoever runs this console.",
    ),
}


def kind_of(status: int) -> Problem:
    """What the console has no name for is what its HTTP status says, and no more."""
    return PROBLEMS.get(status) or Problem("", HTTPStatus(status).phrase, "")


def problem(status: int, detail: str = "", **more: Any) -> Response:
    """The answer."""
    kind = kind_of(status)
    document: ProblemDocument = {"type": kind.type, "title": kind.title, "status": status}
    if detail:
        document["detail"] = detail
    response = jsonify(document | more)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response
