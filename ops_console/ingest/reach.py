"""Which deployments matter anew when releases moved: theirs, and those that lead to them."""

from collections.abc import Iterator

from sqlalchemy import BigInteger, Select, Table, Text, func, literal, select
from sqlmodel import Session

from ops_console.contracts.vocabulary import PRODUCTION, DeploymentKind
from ops_console.ingest.moved import Moved
from ops_console.ingest.tables import Shape, among, chunks, deployments, releases
from ops_console.ingest.windows import as_spans

NEW_VERSIONS = (str(DeploymentKind.RELEASE), str(DeploymentKind.HOTFIX))
D, R = deployments.c, releases.c
FORMER: Shape = {"entry_id": BigInteger(), "name": Text()}


def is_empty(session: Session, table: Table) -> bool:
    return session.execute(select(table.c.id).limit(1)).first() is None


def deployments_of(session: Session, moved: Moved) -> set[int]:
    """The deployments that came in or changed hands, and all of the releases that changed."""
    found = moved.touched | moved.regrouped
    for part in chunks(sorted(moved.written)):
        found |= _numbers(session, select(D.id).where(among(D.release_id, part)))
    return found


def formerly_named(moved: Moved) -> Iterator[tuple[int, str]]:
    """Subjects with the versions and commits by which deployments of theirs went before."""
    for former in moved.renamed:
        yield former.entry_id, former.version
        if former.git_sha is not None:
            yield former.entry_id, former.git_sha


def leading_to(session: Session, moved: Moved) -> set[int]:
    """Deployments whose changes the moved releases may ship: failed attempts before, the same version elsewhere."""
    found: set[int] = set()
    for part in chunks(sorted(moved.written)):
        other = deployments.alias()
        same = (other.c.entry_id == R.entry_id) & (other.c.version == R.version) & (other.c.environment != PRODUCTION)
        there = select(other.c.id).select_from(releases.join(other, same))
        found |= _numbers(session, there.where(among(R.id, part)))
    for windows in chunks(w for w in moved.stretches if w.group[1] == PRODUCTION):
        span = as_spans(session, windows)
        earlier = releases.alias()
        last_live = (
            select(earlier.c.live_at)
            .where(
                earlier.c.entry_id == span.c.entry_id,
                earlier.c.environment == span.c.environment,
                earlier.c.live_at < span.c.began,
                earlier.c.kind.in_(NEW_VERSIONS),
            )
            .order_by(earlier.c.live_at.desc())
            .limit(1)
            .correlate(span)
            .scalar_subquery()
        )
        failed = (
            (R.entry_id == span.c.entry_id)
            & (R.environment == span.c.environment)
            & R.live_at.is_(None)
            & (R.last_at >= func.coalesce(last_live, literal(0)))
            & (R.first_at <= span.c.ended)
        )
        attempts = select(D.id).select_from(span.join(releases, failed).join(deployments, D.release_id == R.id))
        found |= _numbers(session, attempts)
    return found


def _numbers(session: Session, statement: Select[tuple[int]]) -> set[int]:
    return set(session.execute(statement).scalars().all())
