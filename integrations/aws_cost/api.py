"""Asking AWS by its own client, over the console's guarded way: https://docs.aws.amazon.com/boto3/latest/

The client makes, signs and reads requests; they travel by `contracts.http`, which looks where they go, and tries again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import httpx2
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
)

from integrations.aws_cost.account import USUAL_REGION, Account
from ops_console.contracts.http import MINUTE, Client, retry_after
from ops_console.contracts.integration import Rejected, Unavailable
from ops_console.contracts.sources import Setup

PRESSED = ("LimitExceeded", "Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown")
BAD_KEYS = {
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidToken",
    "ExpiredToken",
    "ExpiredTokenException",
    "AuthFailure",
    "IncompleteSignature",
}
FORBIDDEN = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "AllAccessDisabled"}
MISSING = {"NoSuchBucket", "NoSuchKey", "NotFound", "404", "NotFoundException"}
ELSEWHERE = {"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"}
CHANGED = {"PreconditionFailed", "412"}
PASSING = {"500", "503", "InternalError", "ServiceUnavailable", "ServiceUnavailableException", "InternalFailure"}
SKEWED = {"RequestTimeTooSkewed", "RequestExpired"}
KEYS = "Make a new access key and put it where the set-up of this source says, or give the machine a role."
GRANT = "Give the key or the role the permissions listed at the set-up."
AGAIN = "It is tried again by itself."


class Aws:
    """One account of AWS, its services made when they are first asked for."""

    def __init__(self, account: Account, setup: Setup) -> None:
        secrets = {name: setup.secrets.get(name) or None for name in ("access_key_id", "secret_access_key")}
        self._session = boto3.session.Session(
            aws_access_key_id=secrets["access_key_id"],
            aws_secret_access_key=secrets["secret_access_key"],
            aws_session_token=setup.secrets.get("session_token") or None,
            region_name=account.region,
        )
        self._account = account
        self._way = Client(
            account.endpoint_url or "https://amazonaws.com", headers={}, private=setup.private, waits=_waits
        )
        self._services: dict[str, Any] = {}

    def __enter__(self) -> "Aws":
        return self

    def __exit__(self, *_: object) -> None:
        self._way.__exit__(None, None, None)

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
        made.meta.events.register("before-send", self._send)
        return made

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """A request that is signed and ready goes by the guarded way."""
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


class Gone(Rejected):
    """It is not there, or not for us to see."""


class Changed(Unavailable):
    """It is not any more what it was when it was listed."""


@contextmanager
def refusals(what: str) -> Iterator[None]:
    """What AWS or its client says against reading something, in the console's own errors."""
    try:
        yield
    except ClientError as error:
        raise _refusal(error.response.get("Error", {}), what) from None
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError):
        raise Rejected("No key and no role is there to ask AWS with.", remedy=KEYS) from None
    except BotoCoreError as error:
        raise Unavailable(f"AWS could not be asked for {what}: {error}.", remedy=AGAIN) from None


def _refusal(error: dict[str, Any], what: str) -> Rejected | Unavailable:
    code, words = str(error.get("Code", "")), str(error.get("Message", ""))[:200].rstrip(".")
    said = f" ({words})" if words else ""
    if code in BAD_KEYS:
        return Rejected("AWS does not accept the key.", remedy=KEYS)
    if code in FORBIDDEN:
        return Rejected(f"AWS does not let the key read {what}{said}.", remedy=GRANT)
    if code in MISSING:
        return Gone(f"AWS does not find {what}.", remedy=f"Check the name and the region. {GRANT}")
    if code in ELSEWHERE:
        return Rejected(f"AWS keeps {what} in another region{said}.", remedy="Write the region of the bucket.")
    if code in SKEWED:
        return Rejected("AWS says that the clock of this machine is wrong.", remedy="Set the clock.")
    if code in PASSING:
        return Unavailable(f"AWS cannot answer when asked for {what}{said}.", remedy=AGAIN)
    if code in CHANGED:
        return Changed(f"AWS writes {what} just now.", retry_after=15 * MINUTE, remedy=AGAIN)
    return Rejected(f"AWS answers {code or 'an error'} when asked for {what}{said}.", remedy="Check the set-up.")


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
