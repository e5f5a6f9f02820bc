"""Signatures of webhooks, compared in constant time and against every secret in use."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=5)
"""How far the clock of a sender may be from ours; what was overheard cannot be sent again later."""


def is_signed_sha256(body: bytes, hex_digest: str, secrets: Sequence[str]) -> bool:
    """Whether one of the secrets makes this HMAC-SHA256 of the body."""
    given = hex_digest.strip().lower().encode()
    made = [hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode() for secret in secrets]
    matches = [hmac.compare_digest(each, given) for each in made]  # every one is compared: time tells nothing
    return any(matches)


def is_secret(given: str, secrets: Sequence[str]) -> bool:
    """Whether this is one of the secrets, for those who send it along and sign nothing."""
    matches = [hmac.compare_digest(each.encode(), given.encode()) for each in secrets]
    return any(matches)


def credential(authorization: str) -> str:
    """The token of `Bearer …`, or the password of `Basic …`; empty where there is neither."""
    scheme, _, given = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def is_signed_standard(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> bool:
    """Whether one of the secrets made one of the signatures of Standard Webhooks, within five minutes of now.

    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    return is_signed_within_window(headers, "webhook", body, [key for key in map(_key, secrets) if key], now)


def is_signed_within_window(
    headers: Mapping[str, str], prefix: str, body: bytes, keys: Sequence[bytes], now: datetime, *, name: str = "id"
) -> bool:
    """The same for whoever signs as Standard Webhooks do, under headers that begin otherwise."""
    named, sent_at = headers.get(f"{prefix}-{name}", ""), headers.get(f"{prefix}-timestamp", "")
    if not named or not sent_at.isdecimal() or abs(now.timestamp() - int(sent_at[:15])) > WINDOW.total_seconds():
        return False
    content = b"%b.%b.%b" % (named.encode(), sent_at.encode(), body)
    signatures = headers.get(f"{prefix}-signature", "").split()
    given = [each.removeprefix("v1,").encode() for each in signatures if each[:3] == "v1,"]
    made = [base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()) for key in keys]
    matches = [hmac.compare_digest(one, other) for one in given for other in made]
    return any(matches)


def _key(secret: str) -> bytes:
    """What `whsec_…` stands for; nothing where it stands for nothing."""
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        return b""
