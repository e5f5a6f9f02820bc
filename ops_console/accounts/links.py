"""Links that sign one account in once."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from ops_console.accounts import people
from ops_console.accounts.keys import hash_of, new_key
from ops_console.records.access import Account, SignInLink

LIFETIME = timedelta(hours=24)
PATH = "/sign-in/link/"


def make(session: Session, account: Account, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """The key of a new link for an account."""
    key = new_key()
    session.add(SignInLink(account_id=people.number(account), key_hash=hash_of(key), expires_at=now + lifetime))
    return key


def address(base_url: str, key: str) -> str:
    """The address that a person opens."""
    return f"{base_url.rstrip('/')}{PATH}{key}"


def peek(session: Session, key: str, now: datetime) -> Account | None:
    """Whom a link would sign in, without using it up: mail scanners open links too."""
    return session.exec(
        select(Account)
        .join(SignInLink, col(SignInLink.account_id) == Account.id)
        .where(
            SignInLink.key_hash == hash_of(key),
            col(SignInLink.used_at).is_(None),
            col(SignInLink.expires_at) > now,
            col(Account.disabled_at).is_(None),
        )
    ).first()


def use(session: Session, key: str, now: datetime) -> Account | None:
    """Whom the link signs in; None if it was used, expired, or is no link. Two at once: one of them wins."""
    account = peek(session, key, now)
    claimed = session.connection().execute(
        update(SignInLink)
        .where(col(SignInLink.key_hash) == hash_of(key), col(SignInLink.used_at).is_(None))
        .values(used_at=now)
    )
    return account if claimed.rowcount == 1 else None
