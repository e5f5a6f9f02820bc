"""Asking a vendor over HTTP: patience, retries, and a guard on where a request may go.

The address of a source is typed by a person, so each request is resolved here and refused when it leads to a private
network that the settings do not name; the connection is then made to the very address that was looked at. No proxy is
taken from the environment: it would resolve names behind the guard's back.
"""

import math
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from time import monotonic
from types import TracebackType
from typing import Any, cast

import httpx2
import stamina

from ops_console.contracts.integration import Rejected, Unavailable, Unclear
from ops_console.core.clock import now

Waits = Callable[[httpx2.Response], float | None]
Networks = tuple[IPv4Network | IPv6Network, ...]
TIMEOUT, LONG_TIMEOUT = httpx2.Timeout(20, connect=10), httpx2.Timeout(90, connect=10)
ATTEMPTS, PATIENCE = 4, 45.0
"""Tries of one request, and the seconds they may take together; whoever has to wait longer comes back later."""
SLOWEST = 120.0
"""Seconds that one answer may take to arrive, however steadily it trickles: other sources wait behind it."""
LARGEST = 50_000_000
"""Bytes of one answer, as they come over the wire; no vendor's page is near that."""
MINUTE = 60.0
NUMBERED = re.compile(r"^\[Errno -?\d+\] ")
CHUNK = 1 << 18
PASSING = {500, 502, 503, 504}
PRIVATE = "Choose another address, or let OPS_CONSOLE_PRIVATE_ADDRESSES name its network."
NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)
LOOKED_FOR = "It is looked for by itself before anything is sent again."
BY_ITSELF = "It is tried again by itself."
NETWORK = "Check the address of the source, and that this console may reach it."


class _Again(Exception):
    """An answer that asks for another try; in so many seconds, where it said so."""

    def __init__(self, response: httpx2.Response, seconds: float | None) -> None:
        self.response, self.seconds = response, seconds


class Client:
    """Reads from one base address. Lost connections, and answers that ask for it, are tried again and end as
    `Unavailable`; every other answer is the caller's to judge. `waits` says how many seconds an answer asks to wait,
    nothing where it does not. Where each try costs money, it `asks_once`, and waits longer for the answer. `tls` is
    for servers that the usual authorities do not vouch for, or that want to see a certificate.
    """

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str],
        private: Networks = (),
        waits: Waits | None = None,
        asks_once: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._waits = waits or _too_many
        self._attempts = 1 if asks_once else ATTEMPTS
        self._client = httpx2.Client(
            base_url=base_url,
            headers={"User-Agent": "ops-console", **headers},
            timeout=LONG_TIMEOUT if asks_once else TIMEOUT,
            transport=_Guarded(private, tls),
            follow_redirects=True,
            max_redirects=3,
            trust_env=False,
        )
        self.host = self._client.base_url.host

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(
        self, address: str, *, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        return self._asked("GET", address, params=params, headers=headers)

    def post(self, address: str, *, json: Any, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        """A question too long for an address; it changes nothing and may be asked again."""
        return self._asked("POST", address, json=json, headers=headers)

    def write(
        self, method: str, address: str, *, content: bytes, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """What changes something: it is sent once, whatever comes of it. `Unavailable` where nothing was taken,
        `Unclear` where it may have been; whoever asks looks before sending it again.
        """
        said = {"content": content, "headers": headers}
        try:
            return self._once(method, address, said, goes_on=False)
        except _Again as error:
            if error.response.status_code in PASSING:
                raise Unclear(f"{self.host} answers {error.response.status_code}.", remedy=LOOKED_FOR) from None
            raise _refusal(self.host, error) from None
        except NOT_SENT as error:
            raise _unheard(self.host, error) from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise Unclear(f"The answer of {self.host} was lost: {_reason(error)}.", remedy=LOOKED_FOR) from error
        except httpx2.InvalidURL as error:
            raise Rejected(f"The address leads nowhere: {error}.", remedy=NETWORK) from error

    def open(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        goes_on: bool = True,
    ) -> httpx2.Response:
        """An answer of any length: `chunks` reads it, and whoever asked closes it. Unless it `goes_on`, a redirection
        is an answer like any other.
        """
        return self._asked(method, address, headers=headers, content=content, is_long=True, goes_on=goes_on)

    def chunks(self, response: httpx2.Response, *, is_raw: bool = False) -> Iterator[bytes]:
        """An open answer as it comes, unpacked unless it is wanted `is_raw`; `Unavailable` where it is cut short."""
        try:
            yield from response.iter_raw(CHUNK) if is_raw else response.iter_bytes(CHUNK)
        except httpx2.TransportError as error:
            raise _unheard(self.host, error) from error
        except httpx2.DecodingError as error:
            raise Unavailable(f"The answer of {self.host} cannot be unpacked: {error}.", remedy=NETWORK) from error

    def _asked(
        self, method: str, address: str, *, is_long: bool = False, goes_on: bool = True, **said: Any
    ) -> httpx2.Response:
        try:
            for attempt in stamina.retry_context(on=_pause, attempts=self._attempts, timeout=PATIENCE, wait_max=10):
                with attempt:
                    return self._once(method, address, said, is_long=is_long, goes_on=goes_on)
        except _Again as error:
            raise _refusal(self.host, error) from None
        except httpx2.TransportError as error:
            raise _unheard(self.host, error) from error
        except (httpx2.TooManyRedirects, httpx2.DecodingError, httpx2.InvalidURL) as error:
            raise Rejected(f"The answer of {self.host} leads nowhere: {error}.", remedy=NETWORK) from error
        raise AssertionError  # the loop returns or raises

    def _once(
        self, method: str, address: str, said: dict[str, Any], *, is_long: bool = False, goes_on: bool = True
    ) -> httpx2.Response:
        until = None if is_long else monotonic() + SLOWEST
        request = self._client.build_request(method, address, **said, extensions={"until": until})
        response = self._client.send(request, stream=True, follow_redirects=goes_on)
        if not (is_long and response.is_success):
            response.read()  # what went wrong is said in few words, and said to whoever judges it
        seconds = self._waits(response)
        if seconds is not None:
            raise _Again(response, seconds)
        if response.status_code in PASSING:
            raise _Again(response, retry_after(response.headers))
        return response


def _too_many(response: httpx2.Response) -> float | None:
    """What vendors have in common: 429, and how long. Without a word on that, a minute."""
    if response.status_code != 429:
        return None
    asked = retry_after(response.headers)
    return MINUTE if asked is None else asked


def _pause(error: Exception) -> bool | float:
    """Whether to try again, and when the vendor said so, after how many seconds."""
    if not isinstance(error, _Again):
        return isinstance(error, httpx2.TransportError)
    if error.seconds is None:
        return True
    return error.seconds if error.seconds <= PATIENCE else False


def _refusal(host: str, error: _Again) -> Unavailable:
    status = error.response.status_code
    said = f"answers {status}" if status in PASSING else "was asked too often, and asks to wait"
    return Unavailable(f"{host} {said}.", retry_after=error.seconds, remedy=BY_ITSELF)


def _unheard(host: str, error: httpx2.TransportError) -> Unavailable:
    """Nobody there, nobody who answers, or an answer that ended in the middle."""
    if isinstance(error, NOT_SENT):
        return Unavailable(f"{host} cannot be reached: {_reason(error)}.", remedy=NETWORK)
    if isinstance(error, httpx2.TimeoutException):
        return Unavailable(f"{host} takes too long to answer.", remedy=BY_ITSELF)
    return Unavailable(f"The answer of {host} broke off: {_reason(error)}.", remedy=BY_ITSELF)


def _reason(error: Exception) -> str:
    return NUMBERED.sub("", str(error)).rstrip(".") or type(error).__name__


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds a vendor asks to wait: a number or a date."""
    said = headers.get("retry-after", "").strip()
    try:
        seconds = float(said)
    except ValueError:
        at = _date(said)
        seconds = (at - now()).total_seconds() if at else math.nan
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@cache
def _usual_authorities() -> ssl.SSLContext:
    """Read once: a client is made for each poll, and the list is long."""
    return httpx2.create_ssl_context(trust_env=False)


class _Guarded(httpx2.BaseTransport):
    """Connects to the address that was found permissible; a redirection passes here again."""

    def __init__(self, private: Networks, tls: ssl.SSLContext | None) -> None:
        self._private = private
        self._inner = httpx2.HTTPTransport(verify=tls or _usual_authorities(), trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        is_encrypted = request.url.scheme == "https"
        address = permitted(host, request.url.port or (443 if is_encrypted else 80), self._private)
        if address.is_global and not is_encrypted:
            raise Rejected(f"The way to {host} is not encrypted.", remedy="Use an address that begins with https.")
        response = self._inner.handle_request(
            httpx2.Request(
                request.method,
                request.url.copy_with(host=str(address)),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
        )
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Bounded(cast(httpx2.SyncByteStream, response.stream), host, request.extensions.get("until")),
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._inner.close()


class _Bounded(httpx2.SyncByteStream):
    """A body that may neither fill the memory nor come for ever."""

    def __init__(self, inner: httpx2.SyncByteStream, host: str, until: float | None) -> None:
        self._inner, self._host, self._until = inner, host, until

    def __iter__(self) -> Iterator[bytes]:
        read = 0
        for chunk in self._inner:
            read += len(chunk)
            if read > LARGEST:
                raise Rejected(f"The answer of {self._host} is larger than {LARGEST:,} bytes.", remedy=NETWORK)
            if self._until is not None and monotonic() > self._until:
                raise httpx2.ReadTimeout(f"not whole after {SLOWEST:.0f} seconds")
            yield chunk

    def close(self) -> None:
        self._inner.close()


def permitted(host: str, port: int, private: Networks) -> IPv4Address | IPv6Address:
    """The address to connect to, if every address of the host lies in the open or in a network that is allowed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx2.ConnectError(f"no address is known by the name {host}") from error
    addresses = [_plain(ip_address(str(each[4][0]).partition("%")[0])) for each in found]
    for address in addresses:
        is_open = address.is_global and not address.is_multicast
        if not is_open and not any(address in network for network in private):
            raise Rejected(f"{host} leads to a private network ({address}).", remedy=PRIVATE)
    return addresses[0]


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address that is written as an IPv6 one is judged as what it is."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address.sixtofour or address
    return address
