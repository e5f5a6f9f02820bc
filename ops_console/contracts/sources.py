"""What an integration offers that brings facts by itself: a collector that asks for them, a webhook that is told.

`integrations/<key>/collector.py` holds what `Collector` names, `webhook.py` what `Webhook` names. The webhook is a
hint, the collector is the truth: what both say of one thing ends in the same record, in whatever order it arrives.
Errors that may leave either: `Unavailable` (try again later), `Rejected` (a person must act), `Ignored` (counted), and
`Hint` (counted, and asked about).
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Protocol

from ops_console.core.errors import OpsConsoleError

WEBHOOK_SECRET = "webhook_secret"  # noqa: S105  (a name, no secret)
"""The name of the secret that signs deliveries, in every integration."""
HISTORY = "history"
"""The part of a cursor that outlives a new beginning: what a vendor that forgets was seen to hold."""


class Ignored(OpsConsoleError):
    """Nothing comes of this delivery, and nothing is wrong with it; the message says why."""


class Hint(Ignored):
    """This delivery says that something changed, and not all of what is to be known: the source is asked at once."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a person says when setting a source up. `many` takes one value a line; `is_address` is a URL."""

    name: str
    label: str
    hint: str = ""
    default: str = ""
    required: bool = False
    many: bool = False
    is_address: bool = False


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that a source needs. The console is told its name in the environment, or a file; never the secret."""

    name: str
    label: str
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Setup:
    """A source as its integration sees it: what was said of it, its secrets, private networks it may reach, and the
    folder whose files it may read, if any.
    """

    source: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    private: tuple[IPv4Network | IPv6Network, ...] = ()
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One fact as an integration states it: its kind, and its fields under the names of the fact."""

    kind: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Piece(Told):
    """One of several words on one fact, told `at` a time; each says some of it, and together they are put into one
    record. `piece` names the word; `begins` holds what is believed of the earliest word, `values` of the latest.
    """

    piece: str
    at: datetime
    begins: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be said of a delivery besides its facts, such as that something is missing from it. `is_trouble` says
    that part of it could not be read.
    """

    words: str
    is_trouble: bool = False


@dataclass(frozen=True, slots=True)
class Charges:
    """What one `part` of a bill charges, all of it: a charge has no identity of its own, so the part replaces what it
    said before. An error raised by the rows leaves everything as it was.

    `rows` are asked for one by one: a charge under FOCUS's names or those of the fact, a FOCUS file that is read before
    the next row is asked for, or `None` where one is still waited for. `notes` are told beside the import. A part that
    is not `is_whole` says nothing of billing periods it does not mention; what it said of them stands.
    """

    part: str
    rows: Iterable[Mapping[str, Any] | Path | None]
    notes: Sequence[str] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """Facts, perhaps the charges of a bill, and where to go on once they are kept. `done` of `total` says how far a
    backfill has come.
    """

    facts: Sequence[Told]
    cursor: Mapping[str, Any]
    done: int = 0
    total: int | None = None
    charges: Charges | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A name in the vendor's account that somebody must place; `count` says how much hangs on it, `members` what, where
    the same may hang on several names.
    """

    name: str
    count: int
    suggested: bool = False
    members: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """What must be decided about the names found: `setting` keeps, for each name, the word chosen for it."""

    setting: str
    text: str
    counted: str
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Discovery:
    """What an account holds, told before anything is saved."""

    lines: tuple[str, ...]
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a delivery calls itself: an id that a repetition shares, and its type."""

    delivery_id: str
    event: str


class Collector(Protocol):
    """The `collector.py` of an integration."""

    def check(self, setup: Setup) -> tuple[str, ...]:
        """Whether the source can be read: a line for each thing that works; `Rejected` says what a person must do."""
        ...

    def discover(self, setup: Setup, since: datetime) -> Discovery:
        """Real figures from the account, and what is to be decided about it."""
        ...

    def pull(self, setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
        """Facts since the cursor, page by page. One that is empty, or a history alone, begins with `since`. A page
        whose facts were kept is never asked for again, but for what is still open and an overlap; it may be empty.
        """
        ...


class Webhook(Protocol):
    """The `webhook.py` of an integration. All of it is pure."""

    def arrival(self, headers: Mapping[str, str], body: bytes) -> Arrival:
        """What a delivery calls itself; `headers` have lower-case names."""
        ...

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:
        """`Rejected` unless one of the secrets signed it; two are in use while one replaces the other."""
        ...

    def facts(self, event: str, body: bytes, settings: Mapping[str, Any]) -> Sequence[Told | Note]:
        """What a verified delivery says; `Ignored` where it says nothing to us, `Hint` where asking tells more,
        `Rejected` where it is unreadable.
        """
        ...


class Listener(Webhook, Protocol):
    """The `webhook.py` of an integration without a collector."""

    def check(self, setup: Setup) -> tuple[str, ...]:
        """Whether the settings make sense: a line for each thing they say; `Rejected` says what a person must do."""
        ...
