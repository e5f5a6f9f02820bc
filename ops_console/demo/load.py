"""Carries the demo's facts through the door, as any other source's."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from ops_console.contracts import kind_words
from ops_console.core.db import transaction
from ops_console.demo import actions, decisions, oddities, reviews, runbooks, tickets, world
from ops_console.demo.database import workspace
from ops_console.demo.story import MONTHS, Batch, Story
from ops_console.ingest.door import Delivery, Summary, import_rows
from ops_console.scorecard import refresh

MADE_BY = "demo"
EVERY = 2_000
"""Rows between two words of progress."""

Progress = Callable[[str, int], None]
"""Told what is under way and how many rows of it went through."""


@dataclass
class Loaded:
    """What a load brought."""

    new: int = 0
    changed: int = 0
    refused: int = 0
    unmapped: set[str] = field(default_factory=set)

    def add(self, summary: Summary) -> None:
        self.new += summary.new
        self.changed += summary.changed
        self.refused += summary.refused
        self.unmapped.update(summary.unmapped)


def silent(_doing: str, _rows: int) -> None:
    """For those who do not watch."""


def load(engine: Engine, now: datetime, progress: Progress = silent, *, months: int = MONTHS) -> Loaded:
    """Bring the workspace's story up to `now`: what is there already stays, what is new is added."""
    with transaction(engine) as session:
        anchor = workspace(session, now).made_at
    story, loaded = Story(anchor, now, length=months), Loaded()
    for batch in world.batches(story):
        _deliver(engine, batch, story, progress, loaded)
    loaded.add(oddities.deliver_sheet(engine, story, MADE_BY))
    progress("Scorecard", 0)
    with transaction(engine) as session:
        refresh.refresh(session, now)
    progress("Reviews and actions", 0)
    with transaction(engine) as session:
        actions.tell(session, story, reviews.tell(session, story))
        tickets.tell(session, story)
        runbooks.tell(session, story)
        decisions.tell(session, story)
    return loaded


def _deliver(engine: Engine, batch: Batch, story: Story, progress: Progress, loaded: Loaded) -> None:
    title = kind_words.title(batch.kind)
    delivery = Delivery(
        batch.kind, batch.source, made_by=MADE_BY, covers_until=story.until, origin=f"{batch.source} (demo)"
    )
    loaded.add(import_rows(engine, _watched(batch.rows, title, progress), delivery))


def _watched(rows: Iterable[Mapping[str, Any]], title: str, progress: Progress) -> Iterator[Mapping[str, Any]]:
    number = 0
    progress(title, number)
    for number, row in enumerate(rows, 1):
        yield row
        if number % EVERY == 0:
            progress(title, number)
    progress(title, number)
