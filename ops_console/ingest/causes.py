"""The evidence for what caused an incident, each kind found for many incidents in one statement."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, func, select
from sqlmodel import Session

from ops_console.contracts.vocabulary import CONFIRMED_METHODS, PRODUCTION, DeploymentKind, LinkMethod
from ops_console.ingest.reach import NEW_VERSIONS
from ops_console.ingest.rollouts import HOUR
from ops_console.ingest.tables import among, deployments, incidents, releases

D, I, R = deployments.c, incidents.c, releases.c  # noqa: E741  (one letter per table)
WINDOW = 24 * HOUR
"""How long after a release an incident still suggests it."""
CHANGING = [str(kind) for kind in DeploymentKind if kind not in (DeploymentKind.RESTART, DeploymentKind.SHADOW)]
"""Kinds that put something else in front of users."""
UNTIMED = "It is not known when the incident began."
NOTHING = f"Nothing of it went live in the {WINDOW // HOUR} h before the incident began."


class Cause(NamedTuple):
    """What is concluded about one incident."""

    release_id: int | None
    method: LinkMethod
    reason: str

    @property
    def confirmed(self) -> bool:
        return self.method in CONFIRMED_METHODS


def causes_of(session: Session, incident_ids: Sequence[int]) -> dict[int, Cause]:
    """The best-founded cause of each incident that exists."""
    told = _told(session, _naming_any(session, incident_ids))
    remedied = _remedied(session, [number for number in incident_ids if number not in told])
    return told | remedied | _suggested(session, [n for n in incident_ids if n not in told and n not in remedied])


def _naming_any(session: Session, incident_ids: Sequence[int]) -> Sequence[int]:
    """Those that name a cause."""
    rows = select(I.id).where(among(I.id, incident_ids), I.deleted_at.is_(None), I.caused_by.is_not(None))
    return session.execute(rows).scalars().all()


def _told(session: Session, incident_ids: Sequence[int]) -> dict[int, Cause]:
    """What the incident itself names: a deployment of the same source, then of the subject, then the only one of that
    name; else a version or commit of the subject, the latest that was live when it began.
    """
    found: dict[int, Cause] = {}
    was_live = func.coalesce(R.live_at <= I.began_at, False)
    for name in (D.version, D.git_sha):
        named = _naming((D.entry_id == I.entry_id) & (name == I.caused_by), incident_ids)
        for row in session.execute(named.order_by(I.id, was_live.desc(), R.live_at.desc(), R.version.desc())).all():
            reason = f"The incident names {row.caused_by}."
            found.setdefault(row.id, Cause(row.release_id, LinkMethod.EXPLICIT, reason[:300]))
    best: dict[int, list[Row[Any]]] = {}
    for row in session.execute(_naming(D.external_id == I.caused_by, incident_ids)).all():
        best.setdefault(row.id, []).append(row)
    for incident, candidates in best.items():
        row = max(candidates, key=lambda row: (row.same_source, row.same_subject, row.source))
        if row.same_source or row.same_subject or len({(c.source, c.release_id) for c in candidates}) == 1:
            reason = f"The incident names deployment {row.caused_by}."
            found[incident] = Cause(row.release_id, LinkMethod.EXPLICIT, reason[:300])
    return found


def _naming(condition: Any, incident_ids: Sequence[int]) -> Select[Any]:
    return (
        select(
            I.id,
            I.caused_by,
            D.release_id,
            D.source,
            (D.source == I.source).label("same_source"),
            (D.entry_id == I.entry_id).label("same_subject"),
        )
        .select_from(incidents.join(deployments, condition).join(releases, R.id == D.release_id))
        .where(among(I.id, incident_ids))
    )


def _remedied(session: Session, incident_ids: list[int]) -> dict[int, Cause]:
    """What a rollback or hotfix that names the incident undid: the rollback's target, or what was live before."""
    rows = session.execute(_remedies(incident_ids)).all()
    found: dict[int, Cause] = {}
    order = (lambda row: row.target_id is None, lambda row: row.live_at, lambda row: (row.source, row.external_id))
    for row in sorted(rows, key=lambda row: tuple(part(row) for part in order)):
        if row.target_id is not None:
            reason = f"Rolled back by {row.version}, which names the incident."
            found.setdefault(row.id, Cause(row.target_id, LinkMethod.ROLLBACK, reason[:300]))
        elif row.before_id is not None:
            reason = f"Mended by {row.version}, which names the incident; this was live when it began."
            found.setdefault(row.id, Cause(row.before_id, LinkMethod.HOTFIX, reason[:300]))
    return found


def _remedies(incident_ids: list[int]) -> Select[Any]:
    other = incidents.alias()
    is_only = ~select(other.c.id).where(other.c.external_id == I.external_id, other.c.id != I.id).exists()
    names = and_(
        D.remediates == I.external_id,
        (D.entry_id == I.entry_id) | (D.source == I.source) | is_only,
        D.release_id.is_not(None),
    )
    before = releases.alias()
    live_then = (
        select(before.c.id)
        .where(
            before.c.entry_id == R.entry_id,
            before.c.environment == R.environment,
            before.c.live_at <= func.coalesce(I.began_at, R.live_at),
            before.c.live_at < R.live_at,
            before.c.kind.in_(NEW_VERSIONS),
        )
        .order_by(before.c.live_at.desc(), before.c.version.desc())
        .limit(1)
        .correlate(releases, incidents)
        .scalar_subquery()
    )
    columns = (I.id, D.source, D.external_id, R.version, R.live_at, R.rolls_back_id.label("target_id"))
    return (
        select(*columns, live_then.label("before_id"))
        .select_from(incidents.join(deployments, names).join(releases, R.id == D.release_id))
        .where(among(I.id, incident_ids), I.deleted_at.is_(None), R.live_at.is_not(None))
    )


def _suggested(session: Session, incident_ids: list[int]) -> dict[int, Cause]:
    """The subject's nearest release before each incident, or the word that there is none."""
    near = releases.alias()
    nearest = (
        select(near.c.id)
        .where(
            near.c.entry_id == I.entry_id,
            near.c.environment == PRODUCTION,
            near.c.live_at <= I.began_at,
            near.c.live_at >= I.began_at - WINDOW,
            near.c.kind.in_(CHANGING),
        )
        .order_by(near.c.live_at.desc(), near.c.version.desc())
        .limit(1)
        .correlate(incidents)
        .scalar_subquery()
    )
    own = (
        select(I.id, I.began_at, nearest.label("nearest"))
        .where(among(I.id, incident_ids), I.deleted_at.is_(None))
        .cte("own")
        .prefix_with("MATERIALIZED")
    )
    rows = select(own.c.id, own.c.began_at, R.id, R.live_at).select_from(own.outerjoin(releases, R.id == own.c.nearest))
    found = session.execute(rows).all()
    return {incident: _suggestion(began, release, live) for incident, began, release, live in found}


def _suggestion(began: int | None, release: int | None, live: int | None) -> Cause:
    if began is None:
        return Cause(None, LinkMethod.NO_CHANGE, UNTIMED)
    if release is None or live is None:
        return Cause(None, LinkMethod.NO_CHANGE, NOTHING)
    hours, minutes = divmod((began - live) // 60_000, 60)
    return Cause(release, LinkMethod.SUGGESTION, f"It went live {hours} h {minutes} min before the incident began.")
