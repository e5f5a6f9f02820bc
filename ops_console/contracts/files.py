"""Files at addresses: asked for again only where they changed, and refused where a page stands in their place."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx2

from ops_console.contracts.http import Client, Networks
from ops_console.contracts.integration import Rejected
from ops_console.core.errors import OpsConsoleError

LARGEST = 20_000_000
"""Bytes of a file; it is read whole."""
ASKED_FOR = "application/vnd.github.raw+json, text/calendar, application/yaml, text/plain, */*;q=0.5"
"""GitHub's API wraps a file in JSON unless it is asked like this."""
LOOK = "Check the address of the file, and whether it needs a token."
RAW = "Give the address of the file itself (on a forge the raw one), and a token if people have to sign in."

Seen = Mapping[str, str]
"""What a server said of the file last time, to be asked whether it changed since."""


class File(NamedTuple):
    """What it holds, and what to ask with next time."""

    text: str
    seen: Seen


def read_file(
    address: str, what: str, *, token: str = "", seen: Seen | None = None, private: Networks = ()
) -> File | None:
    """The file; nothing where it is as it was. Its address may be a secret, so that no error holds it."""
    parts = urlsplit(address)
    headers = {"Accept": ASKED_FOR, "Accept-Encoding": "identity"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    with Client(f"{parts.scheme}://{parts.netloc}", headers=headers, private=private) as client:
        response = client.get(address, headers=_unless(seen or {}))
        if response.status_code == 304:
            return None
        if response.status_code != 200:
            raise _refusal(response, what, client.host)
        return File(_text(response, what, client.host), _seen(response))


def _unless(seen: Seen) -> dict[str, str]:
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {names[name]: value for name, value in seen.items() if name in names}


def _seen(response: httpx2.Response) -> dict[str, str]:
    return {name: value for name in ("etag", "last-modified") if (value := response.headers.get(name))}


def _text(response: httpx2.Response, what: str, host: str) -> str:
    if response.headers.get("content-type", "").startswith("text/html"):
        raise Rejected(f"{host} answers with a page in the place of {what}.", remedy=RAW)
    if len(response.content) > LARGEST:
        raise Rejected(f"{what} is larger than {LARGEST:,} bytes.", remedy="Split it into several files.")
    try:
        return response.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Rejected(f"Byte {error.start + 1} of {what} is no UTF-8.", remedy="Save the file as UTF-8.") from None


def _refusal(response: httpx2.Response, what: str, host: str) -> OpsConsoleError:
    status = response.status_code
    if status in (401, 403):
        return Rejected(f"{host} does not let us read {what}.", remedy=LOOK)
    if status in (404, 410):
        return Rejected(f"{host} does not find {what}.", remedy=LOOK)
    return Rejected(f"{host} answers {status} when asked for {what}.", remedy=LOOK)
