"""Signatures of webhooks, compared in constant time and against every secret in use."""

import base64
import hashlib
import hmac
from collections.abc import Sequence


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
