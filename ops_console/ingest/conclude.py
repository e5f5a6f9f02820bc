"""What the console concludes from facts, once per committed batch: releases, what they shipped, what they broke."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from ops_console.core.clock import milliseconds
from ops_console.ingest.attribution import attribute_moved, attribute_told
from ops_console.ingest.change_links import link_moved_changes, link_told_changes
from ops_console.ingest.episodes import conclude_episodes
from ops_console.ingest.gates import conclude_gates
from ops_console.ingest.outdated import mark, mark_instants
from ops_console.ingest.proofs import conclude_proofs, newly_measured
from ops_console.ingest.release_kinds import derive_kinds
from ops_console.ingest.releases import merge_deployments
from ops_console.ingest.shapes import Columns
from ops_console.ingest.tables import (
    among,
    changes,
    chunks,
    deployments,
    evaluations,
    incidents,
    releases,
    versions,
)
from ops_console.ingest.windows import Former, Touch, touched_by, touched_entries


@dataclass
class Touched:
    """What a batch wrote: `spans` are the anchors of its rows as they were and as they are.

    `merged_into` names the incidents of which rows were, or now are, duplicates: they begin when the earliest did.
    `runs` names the pipeline runs and attempts that rows belonged, or now belong, to.
    `slo_ids` are the objectives whose slices came. `arriving` are rows to insert once it is known what they belong to,
    `renamed` what deployments were called before.
    """

    kind: str
    entry_ids: set[int] = field(default_factory=set)
    external_ids: set[str] = field(default_factory=set)
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)
    merged_into: set[str] = field(default_factory=set)
    runs: set[str] = field(default_factory=set)
    slo_ids: set[int] = field(default_factory=set)
    arriving: list[Columns] = field(default_factory=list)
    renamed: list[Former] = field(default_factory=list)


def conclude(session: Session, touched: Touched) -> None:
    """Conclude what the touched facts change, set-based, and mark what must be computed again."""
    if touched.kind == "deployments":
        conclude_releases(session, touched_by(session, touched.external_ids, touched.arriving, touched.renamed))
        return
    if touched.kind == "model_versions":
        conclude_releases(session, _deployed(session, touched.external_ids))
        conclude_proofs(session, touched.entry_ids)
    elif touched.kind == "changes":
        link_told_changes(session, touched.external_ids, touched.arriving)
    elif touched.kind == "incidents":
        # How long a release took to mend counts when it went live.
        blamed_at = attribute_told(session, touched.external_ids, touched.arriving)
        mark_instants(session, "incidents", [*blamed_at, *_anchors(session, touched.merged_into)])
    elif touched.kind in ("quality_checks", "pipeline_runs"):
        conclude_gates(session, touched.runs)
    elif touched.kind == "degradations":
        conclude_episodes(session, touched.entry_ids)
    elif touched.kind == "evaluations":
        mark_instants(session, "evaluations", _live(session, touched.external_ids))
    elif touched.kind in ("slos", "documents"):
        conclude_proofs(session, touched.entry_ids)
    elif touched.kind == "sli_slices" and touched.spans:
        since = milliseconds(min(began for began, _ in touched.spans))
        conclude_proofs(session, newly_measured(session, touched.slo_ids, since))
    mark(session, touched.kind, touched.spans)


def _live(session: Session, external_ids: Collection[str]) -> set[int | None]:
    """When the versions that some evaluations judge went live: their releases count there."""
    judged = (releases.c.entry_id == evaluations.c.entry_id) & (releases.c.version == evaluations.c.version)
    rows = select(releases.c.live_at).select_from(evaluations.join(releases, judged))
    found = (
        session.execute(rows.where(among(evaluations.c.external_id, part))) for part in chunks(sorted(external_ids))
    )
    return {at for part in found for at in part.scalars()}


def conclude_releases(session: Session, touch: Touch) -> None:
    """Merge deployments again, and everything that hangs on releases after that."""
    if not touch.deployments:
        return
    moved = merge_deployments(session, touch)
    derive_kinds(session, moved)
    link_moved_changes(session, moved)
    attribute_moved(session, moved)
    mark_instants(session, "deployments", moved.instants)


def conclude_entries(session: Session, entry_ids: Collection[int]) -> None:
    """Conclude everything about some entries again: their facts came from another entry."""
    conclude_releases(session, touched_entries(session, entry_ids))
    conclude_episodes(session, entry_ids)
    for table, link in ((changes, link_told_changes), (incidents, attribute_told)):
        told = session.execute(select(table.c.external_id).where(among(table.c.entry_id, sorted(entry_ids))))
        link(session, set(told.scalars().all()))
    conclude_proofs(session, entry_ids)


def _deployed(session: Session, version_ids: Collection[str]) -> Touch:
    """The deployments of some registered versions."""
    same = (deployments.c.entry_id == versions.c.entry_id) & (deployments.c.version == versions.c.version)
    found: set[str] = set()
    for part in chunks(sorted(version_ids)):
        rows = select(deployments.c.external_id).select_from(versions.join(deployments, same))
        found |= set(session.execute(rows.where(among(versions.c.external_id, part))).scalars().all())
    return touched_by(session, found)


def _anchors(session: Session, external_ids: Collection[str]) -> list[int | None]:
    """The milliseconds at which some incidents began and were restored."""
    rows = select(incidents.c.began_at, incidents.c.restored_at)
    found = [session.execute(rows.where(among(incidents.c.external_id, part))) for part in chunks(sorted(external_ids))]
    return [at for part in found for row in part for at in row]
