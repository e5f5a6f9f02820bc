"""Everything the demo's sources would have delivered by now, in the order in which it is best imported."""

from collections.abc import Iterator

from ops_console.demo import (
    budgets,
    catalog,
    costs,
    degradations,
    deployments,
    drills,
    evaluations,
    governance,
    incidents,
    initiatives,
    oddities,
    oncall,
    outcomes,
    paved_road,
    pipelines,
    reproductions,
    requests,
    slos,
    steps,
    surveys,
    team,
    toil,
    usage,
)
from ops_console.demo.story import Batch, Story

PARTS = (
    catalog,
    paved_road,
    deployments,
    incidents,
    drills,
    oddities,
    oncall,
    slos,
    degradations,
    evaluations,
    reproductions,
    pipelines,
    steps,
    governance,
    outcomes,
    usage,
    costs,
    budgets,
    surveys,
    requests,
    initiatives,
    toil,
    team,
)


def batches(story: Story) -> Iterator[Batch]:
    """Facts as plain rows, ready for the door."""
    for part in PARTS:
        yield from part.batches(story)
