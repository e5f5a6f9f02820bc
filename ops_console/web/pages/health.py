"""Answers for load balancers and supervisors; they tell nothing else."""

import structlog
from flask import Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ops_console.web.access import Access, Pages
from ops_console.web.database import read

pages = Pages("health")
log = structlog.get_logger()


@pages.get("/healthz", access=Access.PUBLIC)
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz", access=Access.PUBLIC)
def ready() -> Response:
    """The database answers too, and has its tables."""
    try:
        with read() as session:
            session.connection().execute(text("SELECT 1 FROM workspace WHERE 1 = 0"))
    except SQLAlchemyError as error:
        log.warning("not ready", error=type(error).__name__)
        return Response("not ready\n", status=503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")
