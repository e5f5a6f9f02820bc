"""Detections of a degradation that belong together: a daily job reports the same drift until it is mended."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from ops_console.ingest.outdated import mark_instants
from ops_console.ingest.tables import among, degradations, rewrite_plain

D = degradations.c
KIND = "degradations"
APART = 24 * 3_600_000
"""Detections of one signal further apart than this are separate episodes."""
SKEW = 5 * 60_000
"""Clocks differ: a mitigation up to five minutes before the last detection was not contradicted by it."""


def conclude_episodes(session: Session, entry_ids: Collection[int]) -> None:
    """Tell the episodes of some entries again."""
    columns = (D.id, D.entry_id, D.signal, D.detected_at, D.mitigated_at, D.repeat_of, D.episode_ends_at)
    rows = session.execute(
        select(*columns)
        .where(among(D.entry_id, sorted(entry_ids)), D.deleted_at.is_(None), D.dismissed.is_(False))
        .order_by(D.entry_id, D.signal, D.detected_at, D.id)
    ).all()
    changed, touched = [], set[int | None]()
    for episode in _episodes(rows):
        ends_at = _mitigated(episode)
        for row in episode:
            repeat_of = None if row is episode[0] else episode[0].id
            mine = ends_at if row is episode[0] else None
            if (row.repeat_of, row.episode_ends_at) != (repeat_of, mine):
                changed.append({"id": row.id, "repeat_of": repeat_of, "episode_ends_at": mine})
                touched |= {row.detected_at, episode[0].detected_at, row.episode_ends_at, ends_at}
    rewrite_plain(session, degradations, changed)
    mark_instants(session, KIND, touched)


def _episodes(rows: Sequence[Row[Any]]) -> Iterator[list[Row[Any]]]:
    episode: list[Row[Any]] = []
    for row in rows:
        if episode and not _continues(episode[-1], row):
            yield episode
            episode = []
        episode.append(row)
    if episode:
        yield episode


def _continues(before: Row[Any], row: Row[Any]) -> bool:
    same = (before.entry_id, before.signal) == (row.entry_id, row.signal)
    return same and row.detected_at - before.detected_at <= APART


def _mitigated(episode: Sequence[Row[Any]]) -> int | None:
    """When the episode ended: a mitigation that a later detection contradicts did not end it."""
    ends = [row.mitigated_at for row in episode if row.mitigated_at is not None]
    return max(ends) if ends and max(ends) >= episode[-1].detected_at - SKEW else None
