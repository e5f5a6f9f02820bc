"""Release, rollback, hotfix or restart: what a release is, seen from what was live before it.

Looked at again: releases that changed, later releases of their versions, and whichever went live next after these.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import CTE, BigInteger, Select, Text, func, select, tuple_
from sqlalchemy.sql.selectable import FromClause
from sqlmodel import Session

from ops_console.contracts.vocabulary import DeploymentKind
from ops_console.ingest.moved import Moved
from ops_console.ingest.rollouts import PARTIAL
from ops_console.ingest.tables import Shape, among, as_table, chunks, deployments, releases, rewrite_plain
from ops_console.ingest.windows import Window

R = releases.c
UNSEEN = "a version that was not live before"
NEVER_LIVE = "it has not gone live"
SAME = "the version that was live already"
BACK = "back to a version that was live before the one it replaced"
AGAIN = "live again after it had been replaced"
REMEDY = "it remedies an incident"


def told(kind: str) -> str:
    return f"told by its source: {kind}"


def derive_kinds(session: Session, moved: Moved) -> None:
    """Derive kind, first-of-version and rollback target where they may have changed."""
    for part in chunks(sorted(_affected(session, moved))):
        targets = _named_targets(session, part)
        differing = []
        for row in session.execute(_with_what_was_live(part)).all():
            values = derived(row, targets.get(row.id))
            if any(getattr(row, name) != value for name, value in values.items()):
                differing.append({"id": row.id, **values})
                _note(moved, row)
        rewrite_plain(session, releases, differing)


def _note(moved: Moved, row: Any) -> None:
    moved.written.add(row.id)
    if row.live_at is not None:
        moved.instants.add(row.live_at)
        moved.turned.append(Window((row.entry_id, row.environment), row.live_at, row.live_at))


def derived(row: Any, target: int | None) -> dict[str, Any]:
    """What a release is. `row` knows the version live before it and when both were first live."""
    kind, reason = _kind(row)
    goes_back = kind == DeploymentKind.ROLLBACK
    replaced = row.before_id if row.before_version != row.version else None
    return {
        "kind": kind,
        "kind_reason": reason,
        "is_first_of_version": is_full(row.told_kind, row.live_at) and row.first_live == row.live_at,
        "rolls_back_id": None if row.live_at is None else target or (replaced if goes_back else None),
    }


def is_full(told_kind: str | None, live_at: int | None) -> bool:
    """Whether a release made its version the live one."""
    return live_at is not None and told_kind not in PARTIAL


def _kind(row: Any) -> tuple[str, str]:
    if row.told_kind is not None:
        return row.told_kind, told(row.told_kind)
    planned = DeploymentKind.HOTFIX if row.remediates else DeploymentKind.RELEASE
    if row.live_at is None:
        return planned, NEVER_LIVE
    if row.before_version == row.version:
        return DeploymentKind.RESTART, SAME
    if row.first_live is not None and row.first_live < row.live_at:
        if row.before_first_live is not None and row.first_live < row.before_first_live:
            return DeploymentKind.ROLLBACK, BACK
        return planned, AGAIN
    return planned, REMEDY if row.remediates else UNSEEN


def _affected(session: Session, moved: Moved) -> set[int]:
    affected = moved.written | _later_of_same_version(session, moved) | _touched(session, moved)
    affected |= _next_live(session, affected, moved)
    return affected | _naming(session, moved)


def _touched(session: Session, moved: Moved) -> set[int]:
    found: set[int] = set()
    d = deployments.c
    for part in chunks(sorted(moved.touched - moved.regrouped)):
        rows = select(d.release_id).where(among(d.id, part), d.release_id.is_not(None))
        found |= set(session.execute(rows).scalars())
    return found


def _is_full(table: FromClause) -> Any:
    """The same, in SQL."""
    kind = func.coalesce(table.c.told_kind, "")
    return table.c.live_at.is_not(None) & kind.not_in([str(one) for one in PARTIAL])


def _same_group(one: FromClause, other: FromClause) -> Any:
    return (one.c.entry_id == other.c.entry_id) & (one.c.environment == other.c.environment)


def _later_of_same_version(session: Session, moved: Moved) -> set[int]:
    found: set[int] = set()
    for part in chunks(sorted(moved.versions.items())):
        place = _places(session, ((*key, since) for key, since in part))
        same = _same_group(place, releases) & (R.version == place.c.version) & (R.live_at >= place.c.since)
        found |= set(session.execute(select(R.id).select_from(place.join(releases, same))).scalars())
    return found


def _places(session: Session, rows: Iterable[tuple[int, str, str, int]]) -> CTE:
    shape: Shape = {"entry_id": BigInteger(), "environment": Text(), "version": Text(), "since": BigInteger()}
    return as_table(session, "place", shape, rows)


def _next_live(session: Session, release_ids: Collection[int], moved: Moved) -> set[int]:
    """Whichever went live next after the given releases, and after where others were before."""
    found: set[int] = set()
    for part in chunks(sorted(release_ids)):
        after = _neighbour(releases, (R.live_at, R.version), later=True)
        found |= set(session.execute(select(after).where(among(R.id, part), R.live_at.is_not(None))).scalars())
    for rows in chunks(sorted(moved.left)):
        place = _places(session, rows)
        after = _neighbour(place, (place.c.since, place.c.version), later=True)
        found |= set(session.execute(select(after).select_from(place)).scalars())
    return {number for number in found if number is not None}


def _neighbour(origin: FromClause, at: tuple[Any, Any], *, later: bool) -> Any:
    """The release that went live just before or after a place, among those that took the whole traffic."""
    other = releases.alias()
    position = tuple_(other.c.live_at, other.c.version)
    beyond = position > tuple_(*at) if later else position < tuple_(*at)
    # The plain comparison is what the index on live_at serves; the pair settles equal instants.
    within = other.c.live_at >= at[0] if later else other.c.live_at <= at[0]
    found = select(other.c.id).where(_same_group(other, origin), within, beyond, _is_full(other)).limit(1)
    columns = (other.c.live_at, other.c.version)
    return found.order_by(*(c if later else c.desc() for c in columns)).correlate(origin).scalar_subquery()


def _naming(session: Session, moved: Moved) -> set[int]:
    """Releases whose witnesses name a deployment that came in or belongs to another release."""
    target, namer = deployments.alias(), deployments.alias()
    named = target.c.external_id == namer.c.rolls_back
    found: set[int] = set()
    for part in chunks(sorted(moved.touched | moved.regrouped)):
        rows = select(namer.c.release_id).select_from(target.join(namer, named)).where(among(target.c.id, part))
        found |= set(session.execute(rows.where(namer.c.release_id.is_not(None))).scalars())
    return found


def _named_targets(session: Session, release_ids: list[int]) -> dict[int, int]:
    """The release that each release says it rolls back: a deployment of the same source first, then of the subject."""
    namer, target = deployments.alias(), deployments.alias()
    same_source = target.c.source == namer.c.source
    named = (target.c.external_id == namer.c.rolls_back) & target.c.release_id.is_not(None)
    rows = session.execute(
        select(namer.c.release_id, target.c.release_id.label("target"))
        .select_from(namer.join(target, named))
        .where(
            among(namer.c.release_id, release_ids),
            namer.c.rolls_back.is_not(None),
            target.c.release_id != namer.c.release_id,
            same_source | (target.c.entry_id == namer.c.entry_id),
        )
        .order_by(namer.c.release_id, same_source.desc(), target.c.source, target.c.id)
    )
    found: dict[int, int] = {}
    for release, told_target in rows:
        found.setdefault(release, told_target)
    return found


def _with_what_was_live(release_ids: list[int]) -> Select[Any]:
    """The releases, each with the one it replaced and the instants at which both versions were first live."""
    columns = (
        R.id,
        R.entry_id,
        R.environment,
        R.version,
        R.live_at,
        R.told_kind,
        R.remediates,
        R.kind,
        R.kind_reason,
        R.is_first_of_version,
        R.rolls_back_id,
    )
    before_id = _neighbour(releases, (R.live_at, R.version), later=False).label("before_id")
    own = select(*columns, before_id).where(among(R.id, release_ids)).cte("own").prefix_with("MATERIALIZED")
    before = releases.alias("before")
    return select(
        own,
        before.c.version.label("before_version"),
        _first_live(own).label("first_live"),
        _first_live(before).label("before_first_live"),
    ).select_from(own.outerjoin(before, before.c.id == own.c.before_id))


def _first_live(origin: FromClause) -> Any:
    other = releases.alias()
    found = select(func.min(other.c.live_at)).where(
        _same_group(other, origin), other.c.version == origin.c.version, _is_full(other)
    )
    return found.correlate(origin).scalar_subquery()
