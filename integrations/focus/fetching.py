"""Files by address: asked for only if they have changed, and fetched whole before a row of them is read."""

import hashlib
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from integrations.focus.account import Address
from ops_console.contracts.http import Client
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Setup

CHECK = "Check the address, and whether it is still there."
GRANT = "Check the authorization of this source, and whether it may read the file."


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it came: what to ask with next time, and the hash of what it holds."""

    state: Mapping[str, str]
    size: int


class Shelf:
    """Fetches files."""

    def __init__(self, setup: Setup) -> None:
        self._private = setup.private
        self._headers = {"Authorization": setup.secrets["authorization"]} if setup.secrets.get("authorization") else {}

    def fetch(self, address: Address, known: Mapping[str, str], path: Path) -> Generator[None, None, Fetched | None]:
        """Into a file; nothing where it is what it was. Yields while it is under way."""
        with Client(address.url, headers=self._headers, private=self._private) as client:
            answer = client.open("GET", address.url, headers=_conditions(known))
            try:
                if answer.status_code == 304 and known:
                    return None
                if answer.status_code != 200:
                    raise _refusal(answer, address)
                digest = yield from _written(client, answer, path)
            finally:
                answer.close()
        if digest == known.get("sha256"):
            return None
        return Fetched(_remembered(answer) | {"sha256": digest}, path.stat().st_size)

    def begin(self, address: Address, judge: Callable[[bytes], Any]) -> Any:
        """What is to be said of how a file begins."""
        with Client(address.url, headers=self._headers, private=self._private) as client:
            answer = client.open("GET", address.url)
            try:
                if answer.status_code != 200:
                    raise _refusal(answer, address)
                return judge(next(client.chunks(answer), b""))
            finally:
                answer.close()


def _written(client: Client, answer: httpx2.Response, path: Path) -> Generator[None, None, str]:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for chunk in client.chunks(answer):
            digest.update(chunk)
            file.write(chunk)
            yield
    return digest.hexdigest()


def _conditions(known: Mapping[str, str]) -> dict[str, str]:
    named = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}
    return {header: known[name] for name, header in named.items() if known.get(name)}


def _remembered(answer: httpx2.Response) -> dict[str, str]:
    found = {"etag": answer.headers.get("etag"), "last_modified": answer.headers.get("last-modified")}
    return {name: value for name, value in found.items() if value}


def _refusal(answer: httpx2.Response, address: Address) -> Rejected:
    status, name = answer.status_code, address.name[:200]
    if status in (401, 403):
        return Rejected(f"{name} may not be read: the server answers {status}.", remedy=GRANT)
    if status in (404, 410):
        return Rejected(f"There is no file {name} any more.", remedy=CHECK)
    return Rejected(f"The server answers {status} when asked for {name}.", remedy=CHECK)
