"""A change of a row only from the revision that was seen: of two people who change at once, one is told."""

from typing import Any

from sqlalchemy import update
from sqlmodel import Session, SQLModel

from ops_console.records.envelope import Keyed


def revise(session: Session, row: Keyed, seen: int, **values: Any) -> bool:
    """Whether it was changed; the row is as it stands now either way. Its revision rises by one."""
    table = SQLModel.metadata.tables[str(row.__tablename__)]
    mine = (table.c.id == row.id, table.c.revision == seen)
    done = session.execute(update(table).where(*mine).values(**values, revision=seen + 1))
    session.refresh(row)
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]  # an update yields a cursor result
