"""One slice of time of one SLO is told once: a second teller is refused, so that minutes never count twice."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, tuple_
from sqlmodel import Session

from ops_console.ingest.bulk import insert_rows
from ops_console.ingest.tables import chunks, slices

Slot = tuple[int, int, int]
TAKEN = "this stretch of the SLO is already told by {} as {!r}; leave one of the two out"


def insert_slices(session: Session, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Insert slices whose slot is free; why the others were refused, by external id."""
    landed = insert_rows(session, slices, rows, unless=("slo_id", "started_at", "seconds"))
    return {} if landed == len(rows) else occupied(session, rows)


def occupied(session: Session, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Which rows find another row in their slot, and whose it is, by external id."""
    holders: dict[Slot, tuple[str, str]] = {}
    columns = slices.c
    for part in chunks({_slot(row) for row in rows}, 3_000):
        for row in session.execute(
            select(columns.slo_id, columns.started_at, columns.seconds, columns.source, columns.external_id).where(
                tuple_(columns.slo_id, columns.started_at, columns.seconds).in_(part)
            )
        ):
            holders[row.slo_id, row.started_at, row.seconds] = (row.source, row.external_id)
    found = {}
    for mine in rows:
        holder = holders.setdefault(_slot(mine), (mine["source"], mine["external_id"]))
        if holder != (mine["source"], mine["external_id"]):
            found[mine["external_id"]] = TAKEN.format(*holder)
    return found


def _slot(row: Mapping[str, Any]) -> Slot:
    return row["slo_id"], row["started_at"], row["seconds"]
