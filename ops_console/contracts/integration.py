"""What an integration folder offers: a manifest, and role modules found by their file names.

`integrations/<key>/__init__.py` holds `MANIFEST`; `channel.py` holds `send` and `recipients`. The composition root
finds the folders; nothing in the core names a vendor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ops_console.contracts.document import Document
from ops_console.core.errors import OpsConsoleError
from ops_console.core.settings import Settings


class Unavailable(OpsConsoleError):
    """Try again later; `retry_after` in seconds if the vendor said so. Nothing was accepted."""

    def __init__(self, message: str, *, retry_after: float | None = None, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.retry_after = retry_after


class Rejected(OpsConsoleError):
    """The vendor said no for good: a person must act, the remedy says how."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an integration is, readable without its SDK."""

    key: str
    title: str
    roles: tuple[str, ...]
    settings: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with a document."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """The vendor's name for what it took (message ts, Message-ID)."""

    reference: str


class Channel(Protocol):
    """The `channel.py` of an integration. Errors that may leave it: `Unavailable`, `Rejected`."""

    def recipients(self, settings: Settings) -> list[str]:
        """Who receives reports; empty when the channel is not set up."""
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
        """Send one document to one recipient; `images` are PNGs by chart key."""
        ...
