"""Answers as JSON, each with a tag by which a client asks whether it changed."""

from hashlib import sha256
from typing import Any

from flask import Response, jsonify, request

from ops_console.core.clock import iso
from ops_console.web.operation import Answer
from ops_console.web.problems import kind_of, problem

LENGTH = 32


def rendered(answer: Answer[Any]) -> Response:
    """The body, or 304 where the client has it; with the status of an error, a problem that carries the body."""
    if answer.status >= 400:
        return problem(answer.status, kind_of(answer.status).when, **answer.body)
    response = jsonify(answer.body)
    response.status_code = answer.status
    if answer.next:
        response.headers["Link"] = f'<{answer.next}>; rel="next"'
    if request.method == "POST":
        return response
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(_tag(answer, response.get_data()), weak=True)
    response.make_conditional(request)
    return response


def _tag(answer: Answer[Any], body: bytes) -> str:
    """A hash of the body itself, so that no answer is ever called unchanged that is not.

    A running period ends now, whenever that is: the tag is weak because it looks past that.
    """
    for moment in answer.moving:
        body = body.replace(iso(moment).encode(), b"now")
    return sha256(body).hexdigest()[:LENGTH]
