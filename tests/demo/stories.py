"""Stories for tests, and the facts they tell as validated facts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import KINDS
from ops_console.demo import world
from ops_console.demo.story import Batch, Story

ANCHOR = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
HOURLY = {"sli_slices"}


def story(anchor: datetime = ANCHOR, days_later: int = 0) -> Story:
    return Story(anchor, anchor + timedelta(days=days_later))


def rows(told: Story, kind: str) -> Iterator[dict[str, object]]:
    """What every source says of one kind."""
    for batch in world.batches(told):
        if batch.kind == kind:
            yield from ({"source": batch.source} | dict(row) for row in batch.rows)


def facts(told: Story, kind: str) -> tuple[Fact, ...]:
    """Kept for whoever asks next, but for those of every hour: they are a hundred thousand."""
    return _validated(told, kind) if kind in HOURLY else _kept(told, kind)


@lru_cache(maxsize=3 * len(KINDS))
def _kept(told: Story, kind: str) -> tuple[Fact, ...]:
    return _validated(told, kind)


def _validated(told: Story, kind: str) -> tuple[Fact, ...]:
    said = rows(told, kind) if kind in HOURLY else _by_kind(told)[kind]
    return tuple(KINDS[kind].model_validate(row) for row in said)


@lru_cache(maxsize=3)
def _by_kind(told: Story) -> Mapping[str, Sequence[dict[str, object]]]:
    """The rows of every kind that is not hourly: to tell a story takes as long as to read it."""
    found: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
    for batch in world.batches(told):
        if batch.kind not in HOURLY:
            found[batch.kind] += ({"source": batch.source} | dict(row) for row in batch.rows)
    return found


@lru_cache(maxsize=3)
def by_identity(told: Story) -> dict[tuple[str, str, str], dict[str, object]]:
    """Everything but slices and costs, by kind, source and id."""
    return {
        (batch.kind, batch.source, str(row["external_id"])): dict(row)
        for batch in world.batches(told)
        if batch.kind not in {"sli_slices", "costs"}
        for row in batch.rows
    }


__all__ = ["ANCHOR", "HOURLY", "Batch", "by_identity", "facts", "rows", "story"]
