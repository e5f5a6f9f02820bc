"""Which release caused an incident, said once per incident, with the method and in words.

A person > the incident's own word > a rollback or hotfix that names the incident > a suggestion (the subject's nearest
release within a day before) > no change. Suggestions wait for a person; they never count as a cause.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, delete, select
from sqlmodel import Session

from ops_console.contracts.vocabulary import PRODUCTION, LinkMethod
from ops_console.core.clock import milliseconds, now
from ops_console.ingest.bulk import insert_rows
from ops_console.ingest.causes import WINDOW, Cause, causes_of
from ops_console.ingest.moved import Moved
from ops_console.ingest.outdated import mark_instants
from ops_console.ingest.reach import FORMER, deployments_of, formerly_named, is_empty
from ops_console.ingest.shapes import Columns
from ops_console.ingest.tables import (
    among,
    as_table,
    chunks,
    deployments,
    incidents,
    links,
    new_numbers,
    releases,
    rewrite_plain,
)
from ops_console.ingest.windows import MOMENT, as_spans

D, I, L, R = deployments.c, incidents.c, links.c, releases.c  # noqa: E741  (one letter per table)
Kept = dict[int, Row[Any]]


def attribute_told(
    session: Session, external_ids: Collection[str], arriving: Sequence[Columns] = ()
) -> list[int | None]:
    """Attribute incidents that came in, and insert those that are new; when the releases went live that they are or
    were attributed to. One of another source is looked at again when a name is no longer its alone.
    """
    named = {*external_ids, *(row["external_id"] for row in arriving)}
    told: set[int] = set()
    for part in chunks(sorted(named)):
        told |= set(session.execute(select(I.id).where(among(I.external_id, part))).scalars().all())
    return _arrive(session, arriving) + attribute(session, told, told)


def _arrive(session: Session, arriving: Sequence[Columns]) -> list[int | None]:
    numbers = new_numbers(session, incidents, len(arriving))
    insert_rows(session, incidents, [row | {"id": number} for row, number in zip(arriving, numbers, strict=True)])
    blamed: set[int] = set()
    for part in chunks(numbers):
        causes = causes_of(session, part)
        _write(session, {}, causes, [])
        blamed |= _blamed(causes, set(part))
    return _mark(session, blamed)


def attribute_moved(session: Session, moved: Moved) -> None:
    """Attribute again the incidents that the moved releases may have caused."""
    if not is_empty(session, incidents):
        affected = set(moved.orphaned_incidents)
        for statement in _affected(session, moved):
            affected |= set(session.execute(statement).scalars().all())
        attribute(session, affected, moved.orphaned_incidents)


def attribute(session: Session, incident_ids: Collection[int], told: Collection[int]) -> list[int | None]:
    """Attribute incidents; mark the releases whose links moved, and those of the incidents in `told`. When these went
    live.
    """
    marked: set[int] = set()
    for part in chunks(sorted(incident_ids)):
        made = session.execute(select(links).where(among(L.incident_id, part))).all()
        kept: Kept = {row.incident_id: row for row in made}
        open_ids = [n for n in part if n not in kept or kept[n].method != LinkMethod.PERSON]
        causes = causes_of(session, open_ids)
        changed = {n: cause for n, cause in causes.items() if n not in kept or _values(cause) != _kept_values(kept[n])}
        dropped = [n for n in open_ids if n in kept and n not in causes]
        _write(session, kept, changed, dropped)
        looked_at = {*changed, *dropped}.union(n for n in part if n in told)
        marked |= _blamed(kept, looked_at) | _blamed(causes, looked_at)
    return _mark(session, marked)


def _mark(session: Session, release_ids: Collection[int]) -> list[int | None]:
    """Mark when some releases went live."""
    live_at: list[int | None] = []
    for part in chunks(sorted(release_ids)):
        live_at += session.execute(select(R.live_at).where(among(R.id, part))).scalars()
    mark_instants(session, "deployments", live_at)
    return live_at


def _blamed(found: Mapping[int, Any], incident_ids: set[int]) -> set[int]:
    return {release for n in incident_ids.intersection(found) if (release := found[n].release_id) is not None}


def _values(cause: Cause) -> dict[str, Any]:
    return {
        "release_id": cause.release_id,
        "method": str(cause.method),
        "confirmed": cause.confirmed,
        "reason": cause.reason,
        "made_by": "attribution",
    }


def _kept_values(link: Row[Any]) -> dict[str, Any]:
    return {name: link._mapping[name] for name in ("release_id", "method", "confirmed", "reason", "made_by")}


def _write(session: Session, kept: Kept, changed: dict[int, Cause], dropped: list[int]) -> None:
    at = milliseconds(now())
    new = [{"incident_id": n, "made_at": at, **_values(cause)} for n, cause in changed.items() if n not in kept]
    insert_rows(session, links, new)
    other = [{"id": kept[n].id, "made_at": at, **_values(cause)} for n, cause in changed.items() if n in kept]
    rewrite_plain(session, links, other)
    if dropped:
        session.execute(delete(links).where(among(L.incident_id, dropped)))


def _affected(session: Session, moved: Moved) -> Iterator[Select[tuple[int]]]:
    """Incidents that name what moved, that it remedies, that are linked to it, or that began while it was news."""
    same_subject = D.entry_id == I.entry_id
    names = (
        I.caused_by == D.external_id,
        I.external_id == D.remediates,
        same_subject & (I.caused_by == D.version),
        same_subject & (I.caused_by == D.git_sha),
    )
    for part in chunks(sorted(deployments_of(session, moved))):
        for named in names:
            yield select(I.id).select_from(deployments.join(incidents, named)).where(among(D.id, part))
    for former in chunks(formerly_named(moved)):
        called = as_table(session, "former", FORMER, former)
        theirs = (I.caused_by == called.c.name) & (I.entry_id == called.c.entry_id)
        yield select(I.id).select_from(called.join(incidents, theirs))
    for remedied in chunks({each.remediates for each in moved.renamed if each.remediates is not None}):
        yield select(I.id).where(among(I.external_id, remedied))
    for part in chunks(sorted(moved.written)):
        yield select(L.incident_id).where(among(L.release_id, part))
    for windows in chunks(moved.stretches):
        span = as_spans(session, windows)
        subject = (I.entry_id == span.c.entry_id) & (span.c.environment == PRODUCTION)
        news = subject & (I.began_at >= span.c.began) & (I.began_at <= span.c.ended + WINDOW)
        yield select(I.id).select_from(span.join(incidents, news))
        remedy = (
            (D.entry_id == span.c.entry_id)
            & (D.environment == span.c.environment)
            & D.remediates.is_not(None)
            & (span.c.began <= MOMENT)
        )
        mended = span.join(deployments, remedy).join(incidents, I.external_id == D.remediates)
        yield select(I.id).select_from(mended)
