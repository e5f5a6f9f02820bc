"""Facts that belong to another catalog entry than was thought: they move, and everything is concluded again."""

from sqlalchemy import delete, update
from sqlmodel import Session

from ops_console.ingest.tables import (
    aliases,
    budgets,
    changes,
    costs,
    deployments,
    entries,
    incidents,
    intervals,
    slos,
    statements,
    versions,
)

ABOUT = (deployments, changes, incidents, slos, versions, costs, budgets)
"""Every table whose rows are about an entry."""


def move_facts(session: Session, origin: int, onto: int) -> None:
    """Move all facts of one entry onto another."""
    for table in ABOUT:
        session.execute(update(table).where(table.c.entry_id == origin).values(entry_id=onto))
    session.execute(update(aliases).where(aliases.c.entry_id == origin).values(entry_id=onto))


def remove_entry(session: Session, entry: int) -> None:
    """Take a provisional entry that holds nothing any more out of the catalogue."""
    for table in (intervals, statements):
        session.execute(delete(table).where(table.c.entry_id == entry))
    session.execute(delete(entries).where(entries.c.id == entry))
