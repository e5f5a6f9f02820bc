"""Files in the folder that sources may read."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from integrations.focus.account import Account
from integrations.focus.charged import charged
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Charges
from ops_console.core.clock import now

SETTLES = timedelta(minutes=1)
"""A file that changed so recently may still be written."""


def read(path: Path, here: Account, state: dict[str, Any]) -> Iterator[Charges | None]:
    name = name_of(path, here)
    known = state.get(name) or {}
    try:
        seen = _seen(path)
        if {**known, **seen} == known or _changed(path) > now() - SETTLES:
            return
        digest = _digest(path)
    except OSError as error:
        raise Rejected(f"{name} cannot be read: {error.strerror}.", remedy="Check the file and its rights.") from None
    state[name] = {**seen, "sha256": digest}
    yield charged(name, _unless_changed(path, seen)) if digest != known.get("sha256") else None


def _unless_changed(path: Path, seen: Mapping[str, int]) -> Iterator[Path]:
    """The file, if it is still the same once it was read."""
    yield path
    if _seen(path) != seen:
        raise Unavailable(f"{path.name} is being written just now.", remedy="It is read again by itself.")


def name_of(path: Path, here: Account) -> str:
    root = here.folder.resolve() if here.folder else path.parent
    return path.relative_to(root).as_posix()


def _seen(path: Path) -> dict[str, int]:
    found = path.stat()
    return {"changed": found.st_mtime_ns, "size": found.st_size}


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1 << 18)
