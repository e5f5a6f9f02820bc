"""Reads FOCUS files whenever they have changed."""

import hashlib
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from integrations.focus import header
from integrations.focus.account import Account, Address, account
from integrations.focus.fetching import Shelf
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Charges, Discovery, Page, Setup
from ops_console.core.clock import now

SETTLES = timedelta(minutes=1)
"""A file that changed so recently may still be written."""
LONGEST = 250
Trouble = Rejected | Unavailable
State = dict[str, Any]


def check(setup: Setup) -> tuple[str, ...]:
    """How each file begins."""
    here = account(setup)
    shelf = Shelf(setup)
    lines = [header.line(each.name, shelf.begin(each, header.columns)) for each in here.addresses]
    files = here.files()
    if here.patterns and not files:
        raise Rejected(f"There is no file {', '.join(here.patterns)[:200]}.", remedy="Check the names and the folder.")
    return (*lines, *(header.line(_name(each, here), header.columns(_head(each))) for each in files))


def discover(setup: Setup, since: datetime) -> Discovery:  # noqa: ARG001  (files hold what they hold)
    return Discovery(check(setup))


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:  # noqa: ARG001  (as above)
    """File by file. One that cannot be read does not keep the others from being read."""
    here, state = account(setup), deepcopy(dict(cursor))
    troubles: list[Trouble] = []
    shelf, files = Shelf(setup), here.files()
    steps = [
        *(_by_address(shelf, each, state) for each in here.addresses),
        *(_by_path(each, here, state) for each in files),
    ]
    for done, charged in enumerate(steps, 1):
        try:
            for charges in charged:
                yield Page((), deepcopy(state), done, len(steps), charges)
        except (Rejected, Unavailable) as error:
            troubles.append(error)
    if troubles:
        raise min(troubles, key=lambda trouble: isinstance(trouble, Unavailable))


def _by_address(shelf: Shelf, address: Address, state: State) -> Iterator[Charges | None]:
    known = state.get(address.name) or {}
    with tempfile.TemporaryDirectory(prefix="ops-console-focus-") as folder:
        path = Path(folder) / (Path(address.name).name or "focus")
        steps = shelf.fetch(address, known, path)
        while True:
            try:
                next(steps)
                yield None
            except StopIteration as stop:
                fetched = stop.value
                break
        if fetched is not None:
            state[address.name] = fetched.state
            yield _charges(address.name, [path])


def _by_path(path: Path, here: Account, state: State) -> Iterator[Charges | None]:
    name = _name(path, here)
    known = state.get(name) or {}
    try:
        seen = _seen(path)
        if {**known, **seen} == known or _changed(path) > now() - SETTLES:
            return
        digest = _digest(path)
    except OSError as error:
        raise Rejected(f"{name} cannot be read: {error.strerror}.", remedy="Check the file and its rights.") from None
    state[name] = {**seen, "sha256": digest}
    yield _charges(name, _unless_changed(path, seen)) if digest != known.get("sha256") else None


def _unless_changed(path: Path, seen: Mapping[str, int]) -> Iterator[Path]:
    """The file, if it is still the same once it was read."""
    yield path
    if _seen(path) != seen:
        raise Unavailable(f"{path.name} is being written just now.", remedy="It is read again by itself.")


def _charges(name: str, rows: Iterable[Path]) -> Charges:
    """A file that is overwritten month by month says nothing of the months before."""
    part = name if len(name) <= LONGEST else f"…{name[-LONGEST + 1 :]}"
    return Charges(part, rows, is_whole=False)


def _name(path: Path, here: Account) -> str:
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


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(1 << 18)
