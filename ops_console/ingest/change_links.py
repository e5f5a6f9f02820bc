"""Which release shipped a change: the first successful production release that holds it, whatever failed before.

A change names a deployment or a commit. When that deployment failed, its changes went out with the subject's next new
version; when it was no production, with the first production release of the same version.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import CTE, BigInteger, Select, Text, case, func, literal, select, update
from sqlmodel import Session

from ops_console.contracts.vocabulary import PRODUCTION
from ops_console.ingest.bulk import insert_rows
from ops_console.ingest.moved import Moved
from ops_console.ingest.outdated import mark_instants
from ops_console.ingest.reach import FORMER, NEW_VERSIONS, deployments_of, formerly_named, is_empty, leading_to
from ops_console.ingest.shapes import Columns
from ops_console.ingest.tables import Shape, among, as_table, changes, chunks, deployments, releases, rewrite_plain

C, D, R = changes.c, deployments.c, releases.c
NAMING: Shape = {
    "id": BigInteger(),
    "source": Text(),
    "entry_id": BigInteger(),
    "deployment": Text(),
    "git_sha": Text(),
}
DEPLOYMENT, COMMIT = ([*NAMING].index(name) for name in ("deployment", "git_sha"))
_names = itemgetter("source", "entry_id", "deployment", "git_sha")


class _Candidate(NamedTuple):
    """A release that holds a change, ordered by when it went live."""

    live_at: int
    version: str
    release_id: int


def link_told_changes(session: Session, external_ids: Collection[str], arriving: Sequence[Columns] = ()) -> None:
    """Link changes that came in, and insert those that are new with their link."""
    told: set[int] = set()
    for part in chunks(sorted(external_ids)):
        told |= set(session.execute(select(C.id).where(among(C.external_id, part))).scalars().all())
    _link(session, told, told)
    _arrive(session, arriving)


def _arrive(session: Session, arriving: Sequence[Columns]) -> None:
    for part in chunks(arriving):
        told = [_names(row) if row["deleted_at"] is None else None for row in part]
        # Changes that went out together name the same deployment, which is looked for once.
        places = {names: place for place, names in enumerate(dict.fromkeys(told)) if names is not None}
        rows = [(place, *names) for names, place in places.items()]
        naming = (
            as_table(session, "naming", NAMING, (row for row in rows if row[said] is not None))
            for said in (DEPLOYMENT, COMMIT)
        )
        found = _first_releases(session, *naming)
        for row, names in zip(part, told, strict=True):
            row["release_id"] = found.get(places[names]) if names is not None else None
        insert_rows(session, changes, part)
    shipping = {release for row in arriving if (release := row["release_id"]) is not None}
    _date_first_commits(session, shipping)
    _mark(session, shipping)


def link_moved_changes(session: Session, moved: Moved) -> None:
    """Link again what the moved releases may ship."""
    if not moved.anything or is_empty(session, changes):
        return
    affected = set(moved.orphaned_changes)
    for part in chunks(sorted(deployments_of(session, moved) | leading_to(session, moved))):
        commits = D.entry_id == C.entry_id
        for named in (
            C.deployment == D.external_id,
            commits & (C.git_sha == D.git_sha),
            commits & (C.git_sha == D.version),
        ):
            naming = select(C.id).select_from(deployments.join(changes, named)).where(among(D.id, part))
            affected |= set(session.execute(naming).scalars().all())
    for part in chunks(sorted(moved.written)):
        affected |= set(session.execute(select(C.id).where(among(C.release_id, part))).scalars().all())
    for former in chunks(formerly_named(moved)):
        names = as_table(session, "former", FORMER, former)
        theirs = (C.git_sha == names.c.name) & (C.entry_id == names.c.entry_id)
        affected |= set(session.execute(select(C.id).select_from(names.join(changes, theirs))).scalars().all())
    _link(session, affected, moved.orphaned_changes)


def _link(session: Session, change_ids: Collection[int], told: Collection[int]) -> None:
    """Link changes; mark where a link moved, and where the changes in `told` are or were."""
    shipping: set[int] = set()
    marked: set[int] = set()
    for part in chunks(sorted(change_ids)):
        found = _first_releases(session, *_told(part))
        kept = session.execute(select(C.id, C.release_id).where(among(C.id, part))).all()
        links = [(number, before, found.get(number)) for number, before in kept]
        moved = [(number, before, now) for number, before, now in links if before != now]
        shipping |= _ends(links)
        marked |= _ends(moved) | _ends([link for link in links if link[0] in told])
        rewrite_plain(session, changes, [{"id": number, "release_id": now} for number, _, now in moved])
    _date_first_commits(session, shipping)
    _mark(session, marked)


def _mark(session: Session, release_ids: Iterable[int]) -> None:
    for part in chunks(sorted(release_ids)):
        mark_instants(session, "changes", session.execute(select(R.live_at).where(among(R.id, part))).scalars())


def _ends(links: Sequence[tuple[int, int | None, int | None]]) -> set[int]:
    """The releases that changes were or are linked to."""
    before = {release for _, release, _ in links if release is not None}
    return before.union(release for _, _, release in links if release is not None)


def _told(change_ids: Sequence[int]) -> tuple[CTE, CTE]:
    """Some changes by the deployment and by the commit they name."""
    told = select(*(C[name] for name in NAMING)).where(among(C.id, change_ids), C.deleted_at.is_(None))
    return told.where(C.deployment.is_not(None)).cte("naming"), told.where(C.git_sha.is_not(None)).cte("naming")


def _first_releases(session: Session, by_deployment: CTE, by_commit: CTE) -> dict[int, int]:
    """The release that shipped each change first; those that wait are left out."""
    seeds = _seeds(session, by_deployment, by_commit)
    ships = _ships(session, {release for releases_ in seeds.values() for release in releases_})
    found = {}
    for change, releases_ in seeds.items():
        candidates = [ships[release] for release in releases_ if release in ships]
        if candidates:
            found[change] = min(candidates).release_id
    return found


def _seeds(session: Session, by_deployment: CTE, by_commit: CTE) -> dict[int, set[int]]:
    """The releases whose deployments each change names, live or not."""
    seeds: dict[int, set[int]] = defaultdict(set)
    told = by_deployment.c
    same_source = D.source == told.source
    named = (D.external_id == told.deployment) & (same_source | (D.entry_id == told.entry_id))
    rows = _naming(by_deployment, named, same_source).order_by(told.id, same_source.desc())
    own: set[int] = set()
    for change, release, is_own in session.execute(rows).all():
        if is_own:
            own.add(change)
        if is_own or change not in own:
            seeds[change].add(release)
    for name in (D.git_sha, D.version):
        commit = (D.entry_id == by_commit.c.entry_id) & (name == by_commit.c.git_sha)
        for change, release, _ in session.execute(_naming(by_commit, commit, literal(1))).all():
            seeds[change].add(release)
    return seeds


def _naming(naming: CTE, condition: Any, flag: Any) -> Select[Any]:
    found = select(naming.c.id, D.release_id, flag.label("is_own"))
    return found.select_from(naming.join(deployments, condition)).where(D.release_id.is_not(None))


def _ships(session: Session, release_ids: Iterable[int]) -> dict[int, _Candidate]:
    """For each release, the one with which its contents first went to production; itself if that is live there."""
    found: dict[int, _Candidate] = {}
    for part in chunks(sorted(release_ids)):
        shipped = _shipping_release().label("shipped")
        own = select(R.id, shipped).where(among(R.id, part)).cte("own").prefix_with("MATERIALIZED")
        live = releases.alias("live")
        rows = select(own.c.id, live.c.live_at, live.c.version, live.c.id).join_from(
            own, live, live.c.id == own.c.shipped
        )
        found |= {row[0]: _Candidate(*row[1:]) for row in session.execute(rows).all()}
    return found


def _shipping_release() -> Any:
    later = releases.alias()
    same_subject = (later.c.entry_id == R.entry_id) & (later.c.environment == PRODUCTION)
    order = (later.c.live_at, later.c.version)
    next_version = (
        select(later.c.id)
        .where(same_subject, later.c.live_at >= R.first_at, later.c.kind.in_(NEW_VERSIONS))
        .order_by(*order)
        .limit(1)
        .correlate(releases)
        .scalar_subquery()
    )
    same_version = (
        select(later.c.id)
        .where(same_subject, later.c.version == R.version, later.c.live_at.is_not(None))
        .order_by(*order)
        .limit(1)
        .correlate(releases)
        .scalar_subquery()
    )
    return case((R.environment != PRODUCTION, same_version), (R.live_at.is_(None), next_version), else_=R.id)


def _date_first_commits(session: Session, release_ids: Iterable[int]) -> None:
    """When the oldest commit of each release was made."""
    oldest = (
        select(func.min(C.first_commit_at))
        .where(C.release_id == R.id, C.deleted_at.is_(None))
        .correlate(releases)
        .scalar_subquery()
    )
    for part in chunks(sorted(release_ids)):
        differing = R.first_commit_at.is_distinct_from(oldest)
        session.execute(update(releases).where(among(R.id, part), differing).values(first_commit_at=oldest))
