"""After a form changed a fact, the figures that depend on it are computed again, so that the next page shows them."""

from functools import partial

from ops_console.core.clock import now
from ops_console.scorecard.refresh import refresh
from ops_console.web import background
from ops_console.web.database import engine

PATIENCE = 1.0
"""Seconds a person waits for the figures; what takes longer goes on behind the next page."""


def refreshed() -> None:
    with engine() as own:
        background.start("refresh the scorecard", partial(refresh, own, now()), patience=PATIENCE)
