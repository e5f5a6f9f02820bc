"""What people ask of the console from where they talk: a command, a form, a message they point at, a link they share.

`integrations/<key>/commands.py` holds what `Commands` names. A call is kept before it is answered and answered in the
background, because chat tools wait for few seconds. Errors that may leave it: `Unavailable`, `Rejected`, `Unclear`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from ops_console.core.settings import Settings

WORDS, LINKS = "words", "links"
"""What a command says, and the links that were shared, one a line."""


class What(StrEnum):
    """What somebody did."""

    COMMAND = "command"
    FORM = "form"
    MESSAGE = "message"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Call:
    """One thing somebody did. A repetition shares its `call_id`. `caller`, `reply` and `trigger` are the tool's own
    words for who it was, where the answer goes and what lets a form be opened, as is what it says of a message.
    `carried` is what the form was given when it was opened.
    """

    call_id: str
    what: What
    caller: str
    reply: str = ""
    trigger: str = ""
    form: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    carried: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a request asks, if anything, and what it is answered at once. `again` counts its repetitions."""

    call: Call | None
    answer: Mapping[str, Any] = field(default_factory=dict)
    again: int = 0


class Look(StrEnum):
    """How a field of a form is filled in."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Blank:
    """One field of a form; `options` are values and their words."""

    name: str
    label: str
    look: Look = Look.LINE
    value: str = ""
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    name: str
    title: str
    send: str
    blanks: Sequence[Blank]
    carried: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer, with a link where there is something to see."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What an address of the console is about: a title, and what is to be known of it."""

    title: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Quote:
    """A message as a timeline keeps it; `origin` names it for good."""

    origin: str
    at: datetime
    text: str
    link: str


class Commands(Protocol):
    """The `commands.py` of an integration."""

    MOST: int
    """Options a choice may offer."""

    def is_ready(self, settings: Settings) -> bool:
        """Whether it is set up here."""
        ...

    def hear(self, headers: Mapping[str, str], body: bytes, settings: Settings, now: datetime) -> Heard:
        """What a request asks; `Rejected` unless one of the secrets in use signed it. `headers` are lower case."""
        ...

    def address_of(self, call: Call, settings: Settings) -> str:
        """The e-mail address of who called, as the tool vouches for it; empty where it does not."""
        ...

    def quoted(self, call: Call, settings: Settings) -> Quote:
        """The message that a form was opened for."""
        ...

    def say(self, call: Call, lines: Sequence[Line], settings: Settings) -> None:
        """Answer the caller, and nobody else."""
        ...

    def ask(self, call: Call, form: Form, settings: Settings) -> None:
        """Open a form before the caller."""
        ...

    def show(self, call: Call, cards: Mapping[str, Card], settings: Settings) -> None:
        """Unfold shared links, by address."""
        ...
