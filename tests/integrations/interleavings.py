"""A vendor whose events reach a console by webhook and by poll, in whatever order chance draws."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import time_machine
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ops_console.contracts.sources import Webhook
from ops_console.core.clock import now
from tests.examples import examples
from tests.integrations.deliveries import Console

Sent = Mapping[str, Any]
Event = Callable[[Any], Sent | None]
Records = Mapping[str, list[Any]]
MINUTE = timedelta(minutes=1)
FATES = ("now", "twice", "later", "lost", "poll")
"""What may become of a webhook: one is lost where a poll comes first."""
KEPT = ("now", "twice", "later", "poll, later")
"""The same, where none is lost."""


@dataclass
class World:
    """`vendor` is the fake on loopback, to which the events of a story happen; `clock` goes with them. An event answers
    the headers and the body of the webhook that tells of it, if any does, and `at` which time it is held good where
    that is not for ever.
    """

    vendor: Any
    console: Console
    clock: time_machine.Traveller
    webhook: Webhook
    secret: str

    def happens(self, at: datetime, event: Event) -> Sent | None:
        self.clock.move_to(at)
        return event(self.vendor)

    def poll(self) -> None:
        """A minute later, when the lists have caught up."""
        self.clock.shift(MINUTE)
        self.console.poll()

    def deliver(self, sent: Sent | None, times: int = 1) -> None:
        if sent is None:
            return
        self.webhook.verify(sent["headers"], sent["body"], [self.secret], sent.get("at", now()))
        self.console.deliver(*[sent["body"]] * times, headers=sent["headers"])


Story = Sequence[tuple[datetime, Event]]


def polled(begin: Callable[[], World], story: Story) -> Records:
    """What one poll says when everything is over."""
    world = begin()
    for at, event in story:
        world.happens(at, event)
    world.poll()
    return world.console.records()


def delivered(begin: Callable[[], World], story: Story) -> Records:
    """What webhooks alone say, each delivered at once."""
    world = begin()
    for at, event in story:
        world.deliver(world.happens(at, event))
    return world.console.records()


def delivered_and_polled(begin: Callable[[], World], story: Story) -> Records:
    """What webhooks, each delivered at once, and then one poll say together."""
    world = begin()
    for at, event in story:
        world.deliver(world.happens(at, event))
    world.poll()
    return world.console.records()


def every_interleaving_ends_alike(
    begin: Callable[[], World],
    story: Story,
    few: int = 8,
    *,
    told: Callable[[Callable[[], World], Story], Records] = polled,
    fates: Sequence[str] = FATES,
) -> None:
    """Webhooks at once, twice, late, lost or replayed, polls in between: the records are those of one poll, or as they
    are `told` otherwise.
    """
    expected = told(begin, story)

    @settings(
        max_examples=examples(few), deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def interleaved(data: st.DataObject) -> None:
        world = begin()
        late = data.draw(st.permutations(_live(world, story, data, fates)))
        half = len(late) // 2
        for sent in late[:half]:
            world.deliver(sent)
        world.poll()
        for sent in late[half:]:
            world.deliver(sent)
        if data.draw(st.booleans()):
            world.console.replay()
        assert world.console.records() == expected

    interleaved()


def _live(world: World, story: Story, data: st.DataObject, fates: Sequence[str]) -> list[Sent | None]:
    """Let the story happen; the webhooks that are still on their way at its end."""
    waiting: list[Sent | None] = []
    for at, event in story:
        sent = world.happens(at, event)
        fate = data.draw(st.sampled_from(fates))
        if fate in ("now", "twice"):
            world.deliver(sent, 2 if fate == "twice" else 1)
        elif fate == "later":
            waiting.append(sent)
        elif fate in ("poll", "poll, later"):
            world.poll()
            waiting += [sent] if fate == "poll, later" else []
    return waiting
