"""What SLI slices refer to: an SLO by its external id or its name, in their own source first, then in any."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlmodel import Session

from ops_console.ingest.tables import chunks, slos


def slo_keys(session: Session, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The key of each (source, name) that is known."""
    exact: dict[tuple[str, str], int] = {}
    anywhere: dict[str, int] = {}
    columns = slos.c
    for names in chunks({name for _, name in wanted}):
        rows = session.execute(
            select(columns.id, columns.source, columns.external_id, columns.name)
            .where(or_(columns.external_id.in_(names), columns.name.in_(names)), columns.deleted_at.is_(None))
            .order_by(columns.id)
        ).all()
        for by_external_id in (True, False):
            for row in rows:
                name = row.external_id if by_external_id else row.name
                exact.setdefault((row.source, name), row.id)
                anywhere.setdefault(name, row.id)
    found = {(source, name): exact.get((source, name), anywhere.get(name)) for source, name in wanted}
    return {key: slo for key, slo in found.items() if slo is not None}
