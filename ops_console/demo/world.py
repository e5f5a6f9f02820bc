"""Everything the demo's sources would have delivered by now, in the order in which it is best imported."""

from collections.abc import Iterator

from ops_console.demo import (
    budgets,
    catalog,
    costs,
    deployments,
    governance,
    incidents,
    oddities,
    oncall,
    paved_road,
    pipelines,
    quality,
    slos,
    surveys,
    team,
)
from ops_console.demo.story import Batch, Story

PARTS = (
    catalog,
    paved_road,
    deployments,
    incidents,
    oddities,
    oncall,
    slos,
    quality,
    pipelines,
    governance,
    costs,
    budgets,
    surveys,
    team,
)


def batches(story: Story) -> Iterator[Batch]:
    """Facts as plain rows, ready for the door."""
    for part in PARTS:
        yield from part.batches(story)
