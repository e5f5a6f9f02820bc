"""Stories for tests, and the facts they tell as validated facts."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from ops_console.contracts.fact import Fact
from ops_console.contracts.facts import KINDS
from ops_console.demo import world
from ops_console.demo.story import Batch, Story

ANCHOR = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)


def story(anchor: datetime = ANCHOR, days_later: int = 0) -> Story:
    return Story(anchor, anchor + timedelta(days=days_later))


def rows(told: Story, kind: str) -> Iterator[dict[str, object]]:
    """What every source says of one kind."""
    for batch in world.batches(told):
        if batch.kind == kind:
            yield from ({"source": batch.source} | dict(row) for row in batch.rows)


@lru_cache(maxsize=4)
def facts(told: Story, kind: str) -> tuple[Fact, ...]:
    return tuple(KINDS[kind].model_validate(row) for row in rows(told, kind))


def by_identity(told: Story) -> dict[tuple[str, str, str], dict[str, object]]:
    """Everything but slices and costs, by kind, source and id."""
    return {
        (batch.kind, batch.source, str(row["external_id"])): dict(row)
        for batch in world.batches(told)
        if batch.kind not in {"sli_slices", "costs"}
        for row in batch.rows
    }


__all__ = ["ANCHOR", "Batch", "by_identity", "facts", "rows", "story"]
