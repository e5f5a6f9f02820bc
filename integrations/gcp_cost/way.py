"""The console's guarded way, as Google's libraries take it: for tokens, and for what they ask with them."""

import io
from collections.abc import Mapping
from typing import Any

import requests
from google.auth import transport
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from ops_console.contracts.http import Client


class Answer(transport.Response):
    """What a library that fetches tokens is told."""

    def __init__(self, status: int, headers: Mapping[str, str], data: bytes) -> None:
        self._status, self._headers, self._data = status, headers, data

    @property
    def status(self) -> int:
        return self._status

    @property
    def headers(self) -> Mapping[str, str]:
        return self._headers

    @property
    def data(self) -> bytes:
        return self._data


class Tokens(transport.Request):
    """Asks for tokens."""

    def __init__(self, way: Client) -> None:
        self._way = way

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> Answer:
        response = self._way.open(method, url, headers=headers, content=body, goes_on=False)
        return Answer(response.status_code, response.headers, b"".join(self._way.chunks(response)))


class Adapter(BaseAdapter):
    """Carries a request of the library `requests`."""

    def __init__(self, way: Client) -> None:
        super().__init__()
        self._way = way

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        said: Any = request.body.encode() if isinstance(request.body, str) else request.body
        headers = {str(name): str(value) for name, value in request.headers.items()}
        answer = self._way.open(str(request.method), str(request.url), headers=headers, content=said, goes_on=False)
        response = requests.Response()
        response.status_code, response.request, response.url = answer.status_code, request, str(request.url)
        response.headers = CaseInsensitiveDict(answer.headers)
        response.headers.pop("content-encoding", None)  # it is unpacked already
        response.raw = io.BytesIO(b"".join(self._way.chunks(answer)))
        return response

    def close(self) -> None:
        """The way is closed by whoever opened it."""
