"""Asking AWS by its own client, over the console's guarded way: https://docs.aws.amazon.com/boto3/latest/

The client makes, signs and reads requests; they travel by `contracts.http`, which looks where they go, and tries again.
"""

from collections.abc import Iterator
from typing import Any

import boto3
import botocore.session
import httpx2
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.loaders import create_loader

from integrations.aws_cost.account import USUAL_REGION, Account
from integrations.aws_cost.refusals import refusals
from ops_console.contracts.http import MINUTE, Client, retry_after
from ops_console.contracts.integration import Rejected
from ops_console.contracts.sources import Setup

DESCRIPTIONS = create_loader()
"""What the client knows of each service; read once, for it takes longer than a request."""
PAID = {"ce"}
"""Services whose every request costs money."""
HALVES = ("access_key_id", "secret_access_key")
PRESSED = ("LimitExceeded", "Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown")


class Aws:
    """One account of AWS, its services made when they are first asked for."""

    def __init__(self, account: Account, setup: Setup) -> None:
        secrets = {f"aws_{name}": value for name, value in setup.secrets.items() if value}
        if len({f"aws_{half}" for half in HALVES} & secrets.keys()) == 1:
            raise Rejected("Only half of an access key is there.", remedy="Name the places of both, or of neither.")
        with refusals("anything"):
            described = botocore.session.get_session()
            described.register_component("data_loader", DESCRIPTIONS)
            self._session = boto3.session.Session(**secrets, region_name=account.region, botocore_session=described)
        self._account = account
        self._private = setup.private
        self._ways: list[Client] = []
        self._services: dict[str, Any] = {}

    def __enter__(self) -> "Aws":
        return self

    def __exit__(self, *_: object) -> None:
        for way in self._ways:
            way.__exit__(None, None, None)

    def service(self, name: str) -> Any:
        if name not in self._services:
            with refusals("anything"):
                self._services[name] = self._made(name)
        return self._services[name]

    def _made(self, name: str) -> Any:
        style = "path" if self._account.endpoint_url else "virtual"
        made = self._session.client(
            name,
            region_name=self._account.region if name == "s3" else USUAL_REGION,
            endpoint_url=self._account.endpoint_url,
            config=Config(retries={"mode": "standard", "total_max_attempts": 1}, s3={"addressing_style": style}),
        )
        base = self._account.endpoint_url or "https://amazonaws.com"
        way = Client(base, headers={}, private=self._private, waits=_waits, asks_once=name in PAID)
        self._ways.append(way)
        made.meta.events.register("before-send", _Sender(way))
        return made


class _Sender:
    """Sends a request that is signed and ready by the guarded way."""

    def __init__(self, way: Client) -> None:
        self._way = way

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        headers = {name: _text(value) for name, value in request.headers.items()}
        content = request.body.encode() if isinstance(request.body, str) else request.body
        response = self._way.open(request.method, request.url, headers=headers, content=content, goes_on=False)
        return AWSResponse(request.url, response.status_code, dict(response.headers), _Body(self._way, response))


class _Body:
    """An answer as the client reads it: by pieces of whatever size."""

    def __init__(self, way: Client, response: httpx2.Response) -> None:
        self._response = response
        is_read = response.is_stream_consumed
        self._chunks = iter((response.content,)) if is_read else way.chunks(response, is_raw=True)

    def stream(self) -> Iterator[bytes]:
        return self._chunks

    def read(self, amount: int | None = None) -> bytes:
        return b"".join(self._chunks) if amount is None else next(self._chunks, b"")

    def close(self) -> None:
        self._response.close()


def _waits(response: httpx2.Response) -> float | None:
    """Seconds to wait: throttling is a 400 with a word for it, unless it is a 429."""
    if response.status_code == 429:
        asked = retry_after(response.headers)
        return MINUTE if asked is None else asked
    if response.status_code != 400:
        return None
    said = response.headers.get("x-amzn-errortype", "") + response.text[:500]
    return MINUTE if any(word in said for word in PRESSED) else None


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
