"""Random keys that people and browsers hold; the database holds their hash.

Keys carry 256 random bits, so one round of SHA-256 is enough: there is nothing to guess.
"""

import hashlib
import secrets


def new_key() -> str:
    return secrets.token_urlsafe(32)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
