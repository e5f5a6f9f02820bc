"""Sessions for pages: `with read() as session`, or `with write() as session` (committed when the block ends).

One request reads in one session, so that everything on its page is of one moment; a write ends that session, and what
is read afterwards sees what was written.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, g
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from ops_console.core import db
from ops_console.web.console import console
from ops_console.web.request_state import forget, remember

READING = "reading"


@contextmanager
def read() -> Iterator[Session]:
    try:
        yield remember(READING, lambda: db.reader(console().engine))
    except DatabaseError:
        _end_reading()  # PostgreSQL takes no further statement in it, and the error page has to be read too
        raise


@contextmanager
def write() -> Iterator[Session]:
    _end_reading()
    with db.transaction(console().engine) as session:
        yield session


@contextmanager
def engine() -> Iterator[Engine]:
    """For work that opens transactions of its own."""
    _end_reading()
    try:
        yield console().engine
    finally:
        _end_reading()


def end_reading_with_requests(app: Flask) -> None:
    app.teardown_appcontext(_end_reading)


def _end_reading(_error: BaseException | None = None) -> None:
    if session := g.get(READING):
        session.close()
        forget(READING)
