"""Passwords: argon2id, a floor on length, and the same time spent whether or not the account exists."""

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ops_console.core.errors import BadInput

SHORTEST, LONGEST = 12, 500

_hasher = PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash("no account has this password")


def hash_password(password: str) -> str:
    """The argon2id hash to store; `BadInput` for a password that is too short or absurdly long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(
            f"A password has {SHORTEST} to {LONGEST} characters.",
            remedy="Three or four unrelated words are a good one.",
        )
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is right. Without a stored hash the work is done all the same, so time tells nothing."""
    try:
        _hasher.verify(stored or _nobodys_hash(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_dated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)
