"""Browsers that are signed in: a random key in a cookie, its hash and its end in a row."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from ops_console.accounts import people
from ops_console.accounts.keys import hash_of, new_key
from ops_console.records.access import Account, SignIn

LIFETIME = timedelta(days=7)
IDLE = timedelta(hours=24)
SEEN_EVERY = timedelta(minutes=5)
"""How stale `seen_at` may get before a page view writes it again."""

_LIVE = (
    select(SignIn, Account)
    .join(Account, col(Account.id) == SignIn.account_id)
    .where(
        col(SignIn.key_hash) == bindparam("key_hash"),
        col(SignIn.ended_at).is_(None),
        col(SignIn.expires_at) > bindparam("now"),
        col(SignIn.seen_at) > bindparam("awake"),
        col(Account.disabled_at).is_(None),
    )
)
"""Built once: every request asks it."""


def begin(session: Session, account: Account, now: datetime) -> str:
    """Sign a browser in; the key goes into its cookie and nowhere else."""
    key = new_key()
    session.add(
        SignIn(
            account_id=people.number(account),
            key_hash=hash_of(key),
            began_at=now,
            seen_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return key


def find(session: Session, key: str, now: datetime) -> tuple[SignIn, Account] | None:
    """The sign-in a cookie's key stands for, unless it ended, expired, lay idle or its account was disabled."""
    return session.exec(_LIVE, params={"key_hash": hash_of(key), "now": now, "awake": now - IDLE}).first()


def is_due(sign_in: SignIn, now: datetime) -> bool:
    """Whether `seen_at` should be written again."""
    return now - sign_in.seen_at >= SEEN_EVERY


def seen(session: Session, sign_in: SignIn, now: datetime) -> None:
    session.exec(update(SignIn).where(col(SignIn.id) == sign_in.id).values(seen_at=now))


def end(session: Session, key: str, now: datetime) -> None:
    """Sign one browser out."""
    session.exec(
        update(SignIn).where(col(SignIn.key_hash) == hash_of(key), col(SignIn.ended_at).is_(None)).values(ended_at=now)
    )


def end_all(session: Session, account: Account, now: datetime, *, but: str | None = None) -> None:
    """Sign every browser of an account out, but the one that holds the key `but`."""
    spared = col(SignIn.key_hash) != hash_of(but or "")
    session.exec(
        update(SignIn)
        .where(col(SignIn.account_id) == account.id, col(SignIn.ended_at).is_(None), spared)
        .values(ended_at=now)
    )
