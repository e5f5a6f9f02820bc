"""Sessions for pages: `with read() as session` or `with write() as session` (committed when the block ends)."""

from contextlib import AbstractContextManager

from sqlmodel import Session

from ops_console.core import db
from ops_console.web.console import console


def read() -> AbstractContextManager[Session]:
    return db.reading(console().engine)


def write() -> AbstractContextManager[Session]:
    return db.transaction(console().engine)
