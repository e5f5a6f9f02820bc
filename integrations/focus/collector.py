"""Reads FOCUS files whenever they have changed."""

import tempfile
from collections.abc import Generator, Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from integrations.focus import folder, header
from integrations.focus.account import Address, account
from integrations.focus.charged import charged
from integrations.focus.fetching import Shelf
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Charges, Discovery, Page, Setup

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
    return (*lines, *(header.line(folder.name_of(each, here), header.columns(folder.head(each))) for each in files))


def discover(setup: Setup, since: datetime) -> Discovery:  # noqa: ARG001  (files hold what they hold)
    return Discovery(check(setup))


def pull(setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:  # noqa: ARG001  (as above)
    """File by file. One that cannot be read does not keep the others from being read."""
    here, state = account(setup), deepcopy(dict(cursor))
    troubles: list[Trouble] = []
    shelf, files = Shelf(setup), here.files()
    steps = [
        *(_by_address(shelf, each, state) for each in here.addresses),
        *(folder.read(each, here, state) for each in files),
    ]
    for done, each in enumerate(steps, 1):
        try:
            for charges in each:
                yield Page((), deepcopy(state), done, len(steps), charges)
        except (Rejected, Unavailable) as error:
            troubles.append(error)
    if troubles:
        raise min(troubles, key=lambda trouble: isinstance(trouble, Unavailable))


def _by_address(shelf: Shelf, address: Address, state: State) -> Iterator[Charges | None]:
    known = state.get(address.name) or {}
    with tempfile.TemporaryDirectory(prefix="ops-console-focus-") as place:
        path = Path(place) / (Path(address.name).name or "focus")
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
            yield charged(address.name, [path])
