"""The steps that flows consist of, and since when they run by themselves."""

from collections.abc import Iterator
from typing import Any

from ops_console.contracts.vocabulary import CORE_FLOWS, Flow
from ops_console.demo import company
from ops_console.demo.company import CAST, Member
from ops_console.demo.story import Batch, Story

STEPS = {
    Flow.TRAIN: ("collect", "fit"),
    Flow.VALIDATE: ("evaluate", "compare"),
    Flow.PROMOTE: ("register", "approve"),
    Flow.DEPLOY: ("roll out", "watch"),
    Flow.ROLLBACK: ("switch back",),
}


def batches(story: Story) -> Iterator[Batch]:
    yield Batch("steps", company.CATALOG, [_step(story, *each) for each in _all_steps()])


def _all_steps() -> Iterator[tuple[Member, Flow, str]]:
    for member in CAST:
        for flow in CORE_FLOWS:
            for name in STEPS[flow]:
                yield member, flow, name


def _step(story: Story, member: Member, flow: Flow, name: str) -> dict[str, Any]:
    """Most steps run by themselves from the start, some since a day in between, a few are still done by hand."""
    dice = story.dice("step", member.slug, flow, name)
    fate = dice.random()
    since = story.start if fate < 0.7 else story.at(0.1 + 0.8 * dice.random()) if fate < 0.92 else None
    return {
        "external_id": f"{member.slug}-{flow}-{name}",
        "updated_at": since or story.start,
        "name": name,
        "model": member.slug,
        "flow": flow,
        "added_at": story.start,
        "automated_since": since,
        "human_approval": name == "approve",
    }
