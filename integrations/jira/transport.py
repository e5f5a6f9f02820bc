"""The way of the Jira client to Jira: through the console's own guarded and patient one."""

from collections.abc import Mapping
from io import BytesIO

import httpx2
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from ops_console.contracts.http import Client
from ops_console.contracts.integration import Rejected

OURS = {"accept-encoding", "connection", "content-length", "user-agent"}
"""Headers that belong to the connection, which is ours."""


class Through(BaseAdapter):
    """Hands every question of a requests session to a client, which knows when to ask again. What would change
    something passes only where it `writes`, and is sent once.
    """

    def __init__(self, client: Client, *, writes: bool) -> None:
        super().__init__()
        self._client, self._writes = client, writes

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        answer = self._answer(request)
        made = Response()
        made.status_code, made.reason, made.url = answer.status_code, answer.reason_phrase, str(request.url)
        made.headers.update(answer.headers)
        made.raw, made.encoding, made.request = BytesIO(answer.content), "utf-8", request
        return made

    def _answer(self, request: PreparedRequest) -> httpx2.Response:
        headers = {name: str(value) for name, value in request.headers.items() if name.lower() not in OURS}
        method, address = str(request.method), str(request.url)
        if method == "GET":
            return self._client.get(address, headers=headers)
        if not self._writes:
            raise Rejected(f"{method} would change something in Jira.", remedy="Report it; nothing was sent.")
        body = request.body or b""
        content = body if isinstance(body, bytes) else str(body).encode()
        return self._client.write(method, address, content=content, headers=headers)

    def close(self) -> None:
        """The client is closed by whoever opened it."""
