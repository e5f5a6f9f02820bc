"""Which of several versions of one fact stands: the same one, in whatever order and however often they arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ops_console.ingest.drafts import is_bare
from ops_console.ingest.shapes import Columns

NEW, CHANGED, UNCHANGED, OLDER, REFUSED = "new", "changed", "unchanged", "older", "refused"


@dataclass(slots=True)
class Standing:
    """The version that stands. `before` is the row in the database; `draft`, with its place, and `tombstone` came in
    this batch.
    """

    updated_at: int | None
    fingerprint: str
    before: Any = None
    draft: Columns | None = None
    place: int = -1
    tombstone: Columns | None = None


def enter(standing: dict[str, Standing], draft: Columns, place: int, *, is_reread: bool = False) -> str:
    """Let a draft contest, by its fingerprint, what stands under its external id; what became of it. Of two that
    changed at the same time one wins whatever the order, unless a payload is read again: then our reading of it has
    changed, and the new one is right.
    """
    key, at, mark = draft["external_id"], draft["updated_at"], draft["fingerprint"]
    held = standing.get(key)
    bare = is_bare(draft)
    if held is None:
        if bare:
            return REFUSED
        standing[key] = Standing(at, mark, None, draft, place)
        return NEW
    if held.fingerprint == mark:
        return UNCHANGED
    if at is not None and held.updated_at is not None:
        is_older = at < held.updated_at or (at == held.updated_at and not is_reread and mark < held.fingerprint)
        if is_older:
            return OLDER
    held.updated_at, held.fingerprint = at, mark
    if bare:
        held.tombstone = draft
    else:
        held.draft, held.place, held.tombstone = draft, place, None
    return CHANGED


def in_order(drafts: Sequence[Columns]) -> list[int]:
    """Bare tombstones last: within a batch they may stand before the fact they delete."""
    bare = [place for place, draft in enumerate(drafts) if is_bare(draft)]
    return [*sorted({*range(len(drafts))}.difference(bare)), *bare] if bare else [*range(len(drafts))]
