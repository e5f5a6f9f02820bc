"""One line in the log for each request."""

from time import perf_counter

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger()


def log_requests(app: Flask) -> None:
    """One line per request. The route's pattern is logged and never the address, which may hold a key or a name."""

    @app.before_request
    def started() -> None:
        g.started = perf_counter()

    @app.after_request
    def ended(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "unknown"
        if not rule.startswith("/assets/"):
            took = round((perf_counter() - g.started) * 1000, 1) if "started" in g else None
            log.info("request", method=request.method, rule=rule, status=response.status_code, ms=took)
        return response
