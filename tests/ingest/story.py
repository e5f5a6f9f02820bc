"""A small world told fact by fact: each word writes records as the store does and concludes, as the store does."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, select, update
from sqlmodel import Session, SQLModel

from ops_console.core.db import reading, transaction
from ops_console.ingest.conclude import Touched, conclude
from ops_console.ingest.resolve import Names
from ops_console.ingest.windows import renamed
from ops_console.records.catalog import CatalogEntry
from ops_console.records.changes import Change
from ops_console.records.deployments import Deployment, Release
from ops_console.records.incidents import Incident, IncidentLink
from ops_console.records.scorecard import Outdated
from ops_console.records.versions import ModelVersion

DAY_ONE = datetime(2026, 10, 1, tzinfo=UTC)
RECORDS: dict[str, type[SQLModel]] = {
    "deployments": Deployment,
    "changes": Change,
    "incidents": Incident,
    "model_versions": ModelVersion,
}


def at(hours: float) -> datetime:
    """So many hours after the story began."""
    return DAY_ONE + timedelta(hours=hours)


def deployment(external_id: str, version: str, hours: float | None, **changes: Any) -> dict[str, Any]:
    return {
        "external_id": external_id,
        "source": "cd",
        "subject": "ranker",
        "version": version,
        "environment": "production",
        "status": "succeeded",
        "finished_at": None if hours is None else at(hours),
    } | changes


def incident(external_id: str, hours: float, **changes: Any) -> dict[str, Any]:
    return {
        "external_id": external_id,
        "source": "pager",
        "subject": "ranker",
        "title": "Errors",
        "detected_at": at(hours),
    } | changes


def change(external_id: str, hours: float, **changes: Any) -> dict[str, Any]:
    return {
        "external_id": external_id,
        "source": "git",
        "subject": "ranker",
        "first_commit_at": at(hours),
    } | changes


class Story:
    """Facts told to one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def tell(self, kind: str, *facts: dict[str, Any]) -> None:
        """One batch: rows are written, then everything is concluded once."""
        with transaction(self.engine) as session:
            entries = Names(session).entries(fact["subject"] for fact in facts)
            touched = Touched(kind, set(entries.values()), {fact["external_id"] for fact in facts})
            for fact in facts:
                before, now = _put(session, kind, fact, entries[fact["subject"]])
                touched.spans += _spans(kind, (before, now))
                if kind == "deployments" and before is not None:
                    touched.renamed += renamed(before._mapping, now._mapping)
            session.flush()
            conclude(session, touched)

    def deployed(self, *facts: dict[str, Any]) -> None:
        self.tell("deployments", *facts)

    def rows(self, record: type[SQLModel], *order: Any) -> Sequence[Any]:
        with reading(self.engine) as session:
            return session.scalars(select(record).order_by(*order)).all()

    def releases(self) -> Sequence[Release]:
        return self.rows(Release, Release.live_at, Release.first_at, Release.version)

    def kinds(self) -> list[tuple[str, str]]:
        """Version and kind of each release in the order they went live."""
        return [(release.version, release.kind) for release in self.releases()]

    def release(self, version: str) -> Release:
        (found,) = (release for release in self.releases() if release.version == version)
        return found

    def release_of(self, external_id: str) -> Release | None:
        with reading(self.engine) as session:
            joined = select(Release).join(Deployment, Deployment.release_id == Release.id)  # type: ignore[arg-type]
            return session.scalars(joined.where(Deployment.external_id == external_id)).one_or_none()  # type: ignore[arg-type]

    def link(self, external_id: str) -> IncidentLink:
        (found,) = self.links(external_id)
        return found

    def links(self, external_id: str) -> Sequence[IncidentLink]:
        """Of the incidents of any source that bear this name."""
        with reading(self.engine) as session:
            joined = select(IncidentLink).join(Incident, IncidentLink.incident_id == Incident.id)  # type: ignore[arg-type]
            return session.scalars(joined.where(Incident.external_id == external_id)).all()  # type: ignore[arg-type]

    def change(self, external_id: str) -> Change:
        with reading(self.engine) as session:
            return session.scalars(select(Change).where(Change.external_id == external_id)).one()  # type: ignore[arg-type]

    def entry(self, slug: str) -> CatalogEntry:
        with reading(self.engine) as session:
            return session.scalars(select(CatalogEntry).where(CatalogEntry.slug == slug)).one()  # type: ignore[arg-type]

    def marks(self, kind: str) -> list[tuple[datetime, datetime]]:
        rows = self.rows(Outdated, Outdated.from_at)
        return [(row.from_at, row.to_at) for row in rows if row.kind == kind]

    def clear_marks(self) -> None:
        with transaction(self.engine) as session:
            for row in session.scalars(select(Outdated)):
                session.delete(row)

    def ended_state(self) -> dict[str, Any]:
        """Everything concluded, told without row numbers."""
        with reading(self.engine) as session:
            return {"releases": _releases(session), "links": _links(session), "changes": _changes(session)}


def _put(session: Session, kind: str, fact: dict[str, Any], entry: int) -> tuple[Any, Any]:
    record = RECORDS[kind]
    values = {name: value for name, value in fact.items() if name != "subject"} | {"entry_id": entry}
    if values.get("traffic_percent") is not None:
        values["traffic_percent"] = Decimal(values["traffic_percent"])
    if kind == "incidents":
        values["began_at"] = values.get("impact_started_at") or values.get("detected_at")
        values.setdefault("restored_at", values.get("resolved_at"))
    values["deleted_at"] = DAY_ONE if values.pop("deleted", False) else None
    key = (record.external_id == values["external_id"], record.source == values["source"])  # type: ignore[attr-defined]
    before = session.execute(select(record.__table__).where(*key)).first()  # type: ignore[attr-defined]
    if before is None:
        session.add(record(ingested_at=DAY_ONE, fingerprint="", **values))
    else:
        session.execute(update(record).where(*key).values(**values))
    session.flush()
    return before, session.execute(select(record.__table__).where(*key)).first()  # type: ignore[attr-defined]


def _spans(kind: str, rows: tuple[Any, Any]) -> list[tuple[datetime, datetime]]:
    if kind != "incidents":
        return []
    instants = [row.restored_at or row.resolved_at or row.detected_at for row in rows if row is not None]
    return [(instant, instant) for instant in instants]


def _releases(session: Session) -> list[Any]:
    found = {}
    rows = session.execute(select(Release.__table__)).all()  # type: ignore[attr-defined]
    members: dict[int, list[str]] = {row.id: [] for row in rows}
    ids = select(Deployment.release_id, Deployment.source, Deployment.external_id)  # type: ignore[call-overload]
    for release, source, external_id in session.execute(ids.where(Deployment.release_id.is_not(None))):  # type: ignore[union-attr]
        members[release].append(f"{source}:{external_id}")
    for row in rows:
        values = row._asdict()
        for name in ("id", "entry_id", "live_witness"):
            del values[name]
        values["rolls_back_id"] = sorted(members.get(row.rolls_back_id, []))
        found[tuple(sorted(members[row.id]))] = values
    return sorted(found.items())


def _links(session: Session) -> list[Any]:
    columns = (Incident.external_id, IncidentLink.method, IncidentLink.confirmed, IncidentLink.reason)
    rows = session.execute(
        select(*columns, Release.version, Release.live_at)  # type: ignore[call-overload]
        .join(IncidentLink, IncidentLink.incident_id == Incident.id)
        .outerjoin(Release, Release.id == IncidentLink.release_id)
    )
    return sorted(tuple(row) for row in rows)


def _changes(session: Session) -> list[Any]:
    rows = session.execute(
        select(Change.external_id, Release.version, Release.live_at).outerjoin(  # type: ignore[call-overload]
            Release, Release.id == Change.release_id
        )
    )
    return sorted(tuple(row) for row in rows)
