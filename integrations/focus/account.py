"""What somebody said when setting up a source of FOCUS files, as the code asks for it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qsl, urlsplit

from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Setup

TELLTALE = re.compile(r"sig|signature|token|key|secret|password|credential|x-amz-.*|x-goog-.*|se|sv", re.IGNORECASE)
"""Parameters of addresses that hold a secret, or stand beside one."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a file lies, and what it is called where people may read it."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """`patterns` name files below `folder`."""

    addresses: tuple[Address, ...]
    patterns: tuple[str, ...]
    folder: Path | None

    def files(self) -> list[Path]:
        """The files there are now. What a link leads to must lie in the folder, too."""
        if self.folder is None:
            return []
        root = self.folder.resolve()
        found = {path for pattern in self.patterns for path in root.glob(pattern) if path.is_file()}
        return sorted(path for path in found if path.resolve().is_relative_to(root))


def account(setup: Setup) -> Account:
    """The account; `Rejected` names what makes no sense."""
    said = setup.settings
    open_ones = [_address(each, is_secret=False) for each in said.get("addresses") or ()]
    secret = [_address(each, is_secret=True) for each in setup.secrets.get("secret_addresses", "").split()]
    patterns = tuple(_pattern(each) for each in said.get("files") or ())
    if patterns and setup.folder is None:
        remedy = "Let OPS_CONSOLE_FILES_FOLDER name the folder of the files."
        raise Rejected("This console reads no files of its machine.", remedy=remedy)
    if not (open_ones or secret or patterns):
        raise Rejected("No file is named.", remedy="Write an address, or a file below the folder.")
    return Account(tuple(_apart([*open_ones, *secret])), patterns, setup.folder)


def _address(url: str, *, is_secret: bool) -> Address:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    told = f"{parts.hostname}{parts.path}"
    if parts.scheme not in ("https", "http") or not parts.hostname:
        shown = "An address" if is_secret else repr(url[:200])
        raise Rejected(f"{shown} is no address of a file.", remedy="Write https://files.example.com/focus.csv.gz.")
    holds = parts.username or parts.password or any(TELLTALE.fullmatch(name) for name, _ in parse_qsl(parts.query))
    if holds and not is_secret:
        remedy = "Put the address into a variable or a file, and name that under the addresses that are secret."
        raise Rejected(f"The address of {told[:200]} holds a secret.", remedy=remedy)
    return Address(url, told)


def _apart(addresses: Iterable[Address]) -> Iterator[Address]:
    """Each under a name of its own: what differs in a parameter alone would replace each other."""
    taken: set[str] = set()
    for each in addresses:
        if each.name in taken:
            remedy = "Leave one of them out, or put the files under names of their own."
            raise Rejected(f"Two addresses name {each.name[:200]}.", remedy=remedy)
        taken.add(each.name)
        yield each


def _pattern(text: str) -> str:
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        remedy = "Write it as it lies below the folder, such as azure/*.csv.gz."
        raise Rejected(f"{text[:200]!r} does not lie below the folder.", remedy=remedy)
    return text
