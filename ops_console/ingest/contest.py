"""Which of several versions of one fact stands: the same one, in whatever order and however often they arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ops_console.contracts.fact import Fact, is_bare_tombstone
from ops_console.core.clock import milliseconds

NEW, CHANGED, UNCHANGED, OLDER, REFUSED = "new", "changed", "unchanged", "older", "refused"


@dataclass(slots=True)
class Standing:
    """The version that stands. `before` is the row in the database; `fact` and `tombstone` came in this batch."""

    updated_at: int | None
    fingerprint: str
    before: Any = None
    fact: Fact | None = None
    tombstone: Fact | None = None


def enter(standing: dict[str, Standing], fact: Fact, mark: str, *, is_reread: bool = False) -> str:
    """Let a fact contest, by its fingerprint, what stands under its external id; what became of it. Of two that changed
    at the same time one wins whatever the order, unless a payload is read again: then our reading of it has changed,
    and the new one is right.
    """
    key = fact.external_id
    at = None if fact.updated_at is None else milliseconds(fact.updated_at)
    held = standing.get(key)
    bare = is_bare_tombstone(fact)
    if held is None:
        if bare:
            return REFUSED
        standing[key] = Standing(at, mark, fact=fact)
        return NEW
    if held.fingerprint == mark:
        return UNCHANGED
    if at is not None and held.updated_at is not None:
        is_older = at < held.updated_at or (at == held.updated_at and not is_reread and mark < held.fingerprint)
        if is_older:
            return OLDER
    held.updated_at, held.fingerprint = at, mark
    if bare:
        held.tombstone = fact
    else:
        held.fact, held.tombstone = fact, None
    return CHANGED


def in_order(facts: Sequence[Fact]) -> list[int]:
    """Bare tombstones last: within a batch they may stand before the fact they delete."""
    bare = [place for place, fact in enumerate(facts) if is_bare_tombstone(fact)]
    return [*sorted({*range(len(facts))}.difference(bare)), *bare] if bare else [*range(len(facts))]
