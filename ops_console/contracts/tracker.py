"""What an integration offers that keeps actions where a team plans its work.

`integrations/<key>/tracker.py` holds what `Tracker` names; a source whose settings say `ACTIONS_IN` takes actions.
Errors that may leave it: `Unavailable` (nothing was taken, try again), `Rejected` (a person must act), `Unclear` (the
answer was lost: look before anything is sent again). Values that both sides keep in step are told as words: `state` as
a `Standing`, `owner` under the tracker's own name for a person, `due_on` as a day, each None where unsaid.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ops_console.contracts.sources import Setup

ACTIONS_IN = "actions_in"
"""The option of a source that says where its actions go: a project, a list, a repository."""
STATE, OWNER, DUE_ON = "state", "owner", "due_on"
SHARED = (STATE, OWNER, DUE_ON)
"""What is kept in step."""
Values = Mapping[str, str | None]


class Standing(StrEnum):
    """How far a task is, in the words that every tracker has."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Task:
    """An action as a tracker is told of it when a ticket is opened; what is kept in step follows. `marker` is a word
    that no other ticket carries, and is part of the ticket from its first moment.
    """

    marker: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket as it stands. `number` never changes, `key` is what people call it. Of its owner the tracker may tell
    an `address`, or none; `done_at` is since when it is done or dropped.
    """

    number: str
    key: str
    url: str
    title: str
    values: Values
    updated_at: datetime
    address: str = ""
    owner_name: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What a change came to: the values that stand there now, and why others could not be written."""

    values: Values
    refused: Mapping[str, str] = field(default_factory=dict)


class Board(Protocol):
    """A tracker that is being asked."""

    def open(self, task: Task) -> str:
        """The number of a new ticket. It is sent once and never again by itself."""
        ...

    def find(self, marker: str) -> str | None:
        """The number of the ticket that carries a marker; a search may lag behind."""
        ...

    def read(self, name: str) -> Ticket | None:
        """One by its number or key; nothing where it is gone."""
        ...

    def adopt(self, number: str, marker: str) -> None:
        """Put a marker on a ticket that people opened, so that its changes are found."""
        ...

    def changed(self, since: datetime) -> Iterator[tuple[str, datetime]]:
        """Numbers of marked tickets that changed since then, and when; some may be told again."""
        ...

    def update(self, number: str, values: Values) -> Written:
        """Change some values; the `owner` is told by address. The same change may be sent again."""
        ...


class Tracker(Protocol):
    """The `tracker.py` of an integration."""

    def connect(self, setup: Setup) -> AbstractContextManager[Board]: ...

    def touched(self, event: str, body: bytes) -> str | None:
        """The number of the ticket that a verified delivery is about. It is read anew: what a delivery says may be
        old, and said before.
        """
        ...
