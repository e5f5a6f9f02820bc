"""Deployments become releases: windows of history are merged again, and only what differs is written.

A release keeps its number as long as one of its deployments does, so that links and addresses survive.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session

from ops_console.contracts.vocabulary import DeploymentKind
from ops_console.ingest.bulk import insert_rows
from ops_console.ingest.moved import Moved
from ops_console.ingest.readiness import TOLD, Readiness
from ops_console.ingest.release_kinds import NEVER_LIVE, REMEDY, UNSEEN, is_full, told_by_source
from ops_console.ingest.rollouts import SUCCEEDED, Rollout, Seen, rollouts
from ops_console.ingest.tables import among, changes, chunks, deployments, links, new_numbers, releases, rewrite_plain
from ops_console.ingest.windows import Touch, fill

R = releases.c
PRECEDENCE: Mapping[str, int] = {}
"""Which source is believed first about going live, lowest first: serving evidence, then CD, registry, a person. A
source not named here counts 0; while none is, the earliest success wins.
"""
COMPARED = (
    "entry_id",
    "environment",
    "version",
    "told_kind",
    "status",
    "ready_at",
    "ready_reason",
    "requested_at",
    "approved_at",
    "started_at",
    "live_at",
    "remediates",
    "live_witness",
    "witnesses",
    "first_at",
    "last_at",
    "url",
)


def merge_deployments(session: Session, touch: Touch) -> Moved:
    """Merge what was touched and write what differs."""
    fill(session, touch)
    windows = touch.windows.values()
    found = [rollout for window in windows for rollout in rollouts(window.inside)]
    old_ids = {seen.release_id for window in windows for seen in window.inside if seen.release_id is not None}
    old = _kept(session, old_ids | set(touch.placed.values()))
    moved = Moved(touch.windows, touched=touch.deployments, renamed=touch.renamed)
    ids = _claims(found, old)
    ready = Readiness(session, found)
    wanted = [release_values(rollout, ready) for rollout in found]
    is_new = [kept is None for kept in ids]
    _write(session, wanted, ids, old, moved)
    moved.begun = {
        number or 0
        for number, rollout, begins in zip(ids, found, is_new, strict=True)
        if begins and not any(seen.rolls_back for seen in rollout.members)
    }
    _regroup(session, touch, found, ids, moved)
    insert_rows(session, deployments, [*touch.arriving.values()])
    _remove(session, old, found, ids, moved)
    return moved


def _kept(session: Session, release_ids: Collection[int]) -> dict[int, Any]:
    columns = (R.id, *(R[name] for name in COMPARED))
    return {
        row.id: row
        for part in chunks(sorted(release_ids))
        for row in session.execute(select(*columns).where(among(R.id, part))).all()
    }


def _claims(found: list[Rollout], old: dict[int, Any]) -> list[int | None]:
    """The number each roll-out keeps: that of the release its live witness made, else any of its deployments'."""
    taken: set[int] = set()
    ids: list[int | None] = [None] * len(found)
    if not old:
        return ids
    for only_witness in (True, False):
        for place, rollout in enumerate(found):
            if ids[place] is None:
                ids[place] = _claim(rollout, old, taken, only_witness=only_witness)
    return ids


def _claim(rollout: Rollout, old: dict[int, Any], taken: set[int], *, only_witness: bool) -> int | None:
    for seen in rollout.members:
        kept = seen.release_id
        if kept is None or kept in taken or kept not in old:
            continue
        if not only_witness or old[kept].live_witness == seen.id:
            taken.add(kept)
            return kept
    return None


def release_values(rollout: Rollout, ready: Readiness) -> dict[str, Any]:
    """The columns of the release that a roll-out makes, as far as its own deployments tell."""
    members = rollout.members
    return _alone(members[0], ready) if len(members) == 1 else _together(members, ready)


def _together(members: list[Seen], ready: Readiness) -> dict[str, Any]:
    members = sorted(members, key=lambda seen: seen.order)
    every: Any = Seen._make(zip(*members, strict=True))  # what all of them say, by column
    live = _live(members)
    first = live or members[0]
    version = _first([name for name, sha in zip(every.version, every.git_sha, strict=True) if name != sha])
    version = version or members[0].version
    ready_at, ready_reason = ready.of(first.entry_id, version, every.ready_at)
    return {
        "entry_id": first.entry_id,
        "environment": first.environment,
        "version": version,
        "told_kind": _told(members, live, every),
        "status": _status(members, live),
        "ready_at": ready_at,
        "ready_reason": ready_reason,
        "requested_at": _earliest(every.requested_at),
        "approved_at": _earliest(every.approved_at),
        "started_at": _earliest(every.started_at),
        "live_at": None if live is None else live.ended,
        "remediates": _first(every.remediates),
        "live_witness": None if live is None else live.id,
        "witnesses": len({*every.source}),
        "first_at": min(every.began),
        "last_at": members[-1].ended,
        "url": first.url or _first(every.url),
    }


def _alone(seen: Seen, ready: Readiness) -> dict[str, Any]:
    """The same for a single deployment, as most are: quicker than the general case."""
    is_partial = seen.succeeded and not seen.is_full and seen.kind is None
    named = DeploymentKind.ROLLBACK if seen.rolls_back else None
    told_at = seen.ready_at
    ready_at, reason = ready.of(seen.entry_id, seen.version, ()) if told_at is None else (told_at, TOLD)
    return {
        "entry_id": seen.entry_id,
        "environment": seen.environment,
        "version": seen.version,
        "told_kind": DeploymentKind.CANARY if is_partial else seen.kind or named,
        "status": SUCCEEDED if seen.succeeded else seen.status,
        "ready_at": ready_at,
        "ready_reason": reason,
        "requested_at": seen.requested_at,
        "approved_at": seen.approved_at,
        "started_at": seen.started_at,
        "live_at": seen.ended if seen.succeeded else None,
        "remediates": seen.remediates or None,
        "live_witness": seen.id if seen.succeeded else None,
        "witnesses": 1,
        "first_at": seen.began,
        "last_at": seen.ended,
        "url": seen.url or None,
    }


def _live(members: list[Seen]) -> Seen | None:
    """The witness of going live: the earliest that saw the whole traffic on it, else the earliest success."""
    succeeded = [seen for seen in members if seen.succeeded]
    full = [seen for seen in succeeded if seen.is_full]
    return min(full or succeeded, key=lambda seen: (PRECEDENCE.get(seen.source, 0), seen.order), default=None)


def _told(members: list[Seen], live: Seen | None, every: Any) -> str | None:
    """The kind its witnesses state. Partial traffic is a canary, and a named target makes a rollback."""
    if live is not None and live.succeeded and not live.is_full and live.kind is None:
        return DeploymentKind.CANARY
    if any(every.kind):
        relevant = [seen for seen in members if live is None or not live.is_full or seen.is_full]
        kinds = [seen.kind for seen in ([live] if live else []) + relevant if seen.kind]
        if kinds:
            return kinds[0]
    return DeploymentKind.ROLLBACK if any(every.rolls_back) else None


def _status(members: list[Seen], live: Seen | None) -> str:
    return SUCCEEDED if live is not None else members[-1].status


def _first(words: Iterable[str | None]) -> str | None:
    """The first that says anything."""
    for word in words:
        if word:
            return word
    return None


def _earliest(instants: Sequence[int | None]) -> int | None:
    return min((at for at in instants if at is not None), default=None)


def _write(
    session: Session, wanted: list[dict[str, Any]], ids: list[int | None], old: dict[int, Any], moved: Moved
) -> None:
    """Insert new releases and rewrite changed ones; `ids` is filled with the numbers of the new."""
    new = [place for place, kept in enumerate(ids) if kept is None]
    fresh = []
    for place, number in zip(new, new_numbers(session, releases, len(new)), strict=True):
        ids[place], values = number, wanted[place]
        moved.note(number, values["live_at"])
        values.update(_beginning(values), id=number)
        fresh.append(values)
    insert_rows(session, releases, fresh)
    changed = []
    for place, values in enumerate(wanted) if old else ():
        before = old.get(ids[place] or 0)
        if before is not None and any(getattr(before, name) != values[name] for name in COMPARED):
            changed.append({"id": before.id, **values})
            moved.note_former(before)
            moved.note(before.id, values["live_at"])
    rewrite_plain(session, releases, changed)


def _beginning(values: dict[str, Any]) -> dict[str, Any]:
    """What a new release is before it is compared with what was live before it; most of them stay like this."""
    is_live = values["live_at"] is not None
    if values["told_kind"] is not None:
        kind, reason = values["told_kind"], told_by_source(values["told_kind"])
    else:
        kind = DeploymentKind.HOTFIX if values["remediates"] else DeploymentKind.RELEASE
        reason = NEVER_LIVE if not is_live else REMEDY if values["remediates"] else UNSEEN
    return {
        "kind": kind,
        "kind_reason": reason,
        "is_first_of_version": is_full(values["told_kind"], values["live_at"]),
    }


def _regroup(session: Session, touch: Touch, found: list[Rollout], ids: list[int | None], moved: Moved) -> None:
    """Tell each deployment its release; one that was deleted or has no time left belongs to none."""
    rows = []
    for place, rollout in enumerate(found):
        for seen in rollout.members:
            if seen.release_id == ids[place]:
                continue
            moved.regrouped.add(seen.id)
            if seen.id in touch.arriving:
                touch.arriving[seen.id]["release_id"] = ids[place]
            else:
                rows.append({"id": seen.id, "release_id": ids[place]})
    if touch.placed:
        placed = {seen.id for rollout in found for seen in rollout.members}
        left = [number for number in sorted(touch.placed) if number not in placed]
        rows += [{"id": number, "release_id": None} for number in left]
        moved.regrouped.update(left)
    rewrite_plain(session, deployments, rows)


def _remove(session: Session, old: dict[int, Any], found: list[Rollout], ids: list[int | None], moved: Moved) -> None:
    """Delete releases that nothing makes any more. What a person linked to one follows its deployments."""
    gone = set(old) - {number for number in ids if number is not None}
    if not gone:
        return
    heirs: dict[int | None, int | None] = {}
    for place, rollout in enumerate(found):
        heirs |= {seen.release_id: ids[place] for seen in rollout.members}
    for part in chunks(sorted(gone)):
        moved.orphaned_changes |= set(
            session.execute(select(changes.c.id).where(among(changes.c.release_id, part))).scalars()
        )
        linked = session.execute(
            select(links.c.id, links.c.incident_id, links.c.release_id).where(among(links.c.release_id, part))
        ).all()
        moved.orphaned_incidents |= {row.incident_id for row in linked}
        rewrite_plain(session, links, [{"id": row.id, "release_id": heirs.get(row.release_id)} for row in linked])
        session.execute(update(changes).where(among(changes.c.release_id, part)).values(release_id=None))
        session.execute(update(releases).where(among(R.rolls_back_id, part)).values(rolls_back_id=None))
        session.execute(delete(releases).where(among(R.id, part)))
    for number in gone:
        moved.note_former(old[number])
    moved.gone = gone
    moved.written -= gone
