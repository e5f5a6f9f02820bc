"""When a version was ready for production: as its deployment says, else as the registry says."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from ops_console.ingest.rollouts import Rollout
from ops_console.ingest.tables import among, chunks, versions

TOLD = "told by the deployment"
APPROVED = "approved in the registry"
CREATED = "created in the registry"
Ready = tuple[int | None, str | None]


class Readiness:
    """What registries know of the versions in some roll-outs of which no deployment tells it: the earliest word of any
    registry counts.
    """

    def __init__(self, session: Session, found: Iterable[Rollout]) -> None:
        silent = [rollout for rollout in found if all(seen.ready_at is None for seen in rollout.members)]
        subjects = {rollout.members[0].entry_id for rollout in silent}
        names = {version for rollout in silent for version in rollout.versions}
        self._registered: dict[tuple[int, str], Any] = {}
        v = versions.c
        for part in chunks(sorted(names)) if silent and self._any(session) else ():
            rows = session.execute(
                select(v.entry_id, v.version, func.min(v.ready_at).label("ready"), func.min(v.created_at).label("made"))
                .where(among(v.entry_id, sorted(subjects)), among(v.version, part), v.deleted_at.is_(None))
                .group_by(v.entry_id, v.version)
            )
            self._registered |= {(row.entry_id, row.version): row for row in rows}

    def _any(self, session: Session) -> bool:
        return session.execute(select(versions.c.id).limit(1)).first() is not None

    def of(self, entry: int, version: str, told_at: Iterable[int | None]) -> Ready:
        told = [at for at in told_at if at is not None]
        if told:
            return min(told), TOLD
        kept = self._registered.get((entry, version))
        if kept is None:
            return None, None
        if kept.ready is not None:
            return kept.ready, APPROVED
        return kept.made, CREATED if kept.made is not None else None
