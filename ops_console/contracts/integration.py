"""What an integration folder offers: a manifest, and role modules found by their file names.

`integrations/<key>/__init__.py` holds `MANIFEST`; `channel.py` holds what `Channel` names, `reader.py` what
`FileReader` names, `collector.py` and `webhook.py` what `contracts.sources` names, `tracker.py` what
`contracts.tracker` names, `commands.py` what `contracts.commands` names. The composition root finds the folders;
nothing in the core names a vendor.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from ops_console.contracts.document import Document
from ops_console.contracts.rows import LeftOut, Refused, Row
from ops_console.contracts.sources import Option, Secret
from ops_console.core.errors import OpsConsoleError
from ops_console.core.settings import Settings


class Unavailable(OpsConsoleError):
    """Try again later; `retry_after` in seconds if the vendor said so. Nothing was accepted."""

    def __init__(self, message: str, *, retry_after: float | None = None, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after


class Rejected(OpsConsoleError):
    """The vendor said no for good: a person must act, the remedy says how."""


class Unclear(OpsConsoleError):
    """The vendor may have taken it or not: the answer was lost. Never repeated before somebody has looked."""


class Grade(StrEnum):
    """How far an integration is proven; each claim is checked by a test of its own.

    Bronze: it is read by samples, payload in and facts out. Silver: it also survives every answer its vendor may give,
    on a server that speaks the vendor's protocol. Gold: any order of deliveries and polls ends in the same records.
    """

    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an integration is, readable without its SDK.

    `settings` are the console's own settings it reads. What follows is told of those that bring facts: the kinds of
    fact, three lines on what they are, what each source of it is set up with, what it must be allowed to read, how
    many minutes lie between two polls (0: it is only told), and where in the vendor's pages all this is described.
    Where senders know one address alone, `address` is its path; the secret then tells which source is meant.
    """

    key: str
    title: str
    roles: tuple[str, ...]
    settings: tuple[str, ...]
    summary: str
    facts: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    secrets: tuple[Secret, ...] = ()
    permissions: tuple[str, ...] = ()
    minutes: int = 15
    grade: Grade = Grade.BRONZE
    guide: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with a document."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """The vendor's name for what it took (message ts, Message-ID). `note` says what did not travel along."""

    reference: str
    note: str = ""


class Channel(Protocol):
    """The `channel.py` of an integration. Errors that may leave it: `Unavailable`, `Rejected`, `Unclear`."""

    def recipients(self, settings: Settings) -> list[str]:
        """Who receives reports; empty when the channel is not set up."""
        ...

    def owner(self, settings: Settings) -> str:
        """Who hears of a delivery that failed elsewhere; empty when nobody can be reached here."""
        ...

    def person(self, address: str, settings: Settings) -> str:
        """What the channel calls a person with this e-mail address; empty where it cannot reach people."""
        ...

    def send(
        self,
        document: Document,
        to: str,
        settings: Settings,
        *,
        images: Mapping[str, bytes],
        attachments: tuple[Attachment, ...] = (),
        delivery_id: str,
    ) -> Receipt:
        """Send one document to one recipient; `images` are PNGs by chart key. `delivery_id` is the same on a retry."""
        ...

    def find(self, delivery_id: str, to: str, settings: Settings, *, since: datetime) -> Receipt | None:
        """Whether a delivery arrived after all; `Unclear` where the vendor cannot tell."""
        ...

    def rendered(
        self,
        document: Document,
        settings: Settings,
        *,
        images: Mapping[str, bytes],
        attachments: tuple[Attachment, ...] = (),
    ) -> tuple[Attachment, ...]:
        """What would be sent, as files named by their ending (`txt`, `eml`), for previews."""
        ...


class FileReader(Protocol):
    """The `reader.py` of an integration: files in a format of its own, read as rows of one kind of fact. Pure."""

    KIND: str
    """The kind of fact its rows are."""

    def recognises(self, head: str) -> bool:
        """Whether a file that begins like this is one of its own."""
        ...

    def rows(self, text: str) -> Iterator[Row | Refused | LeftOut]:
        """What a file holds: objects with the fields of the fact, each with the line it begins on."""
        ...
