"""Accounts: made on the command line, found by e-mail address."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from ops_console.accounts import passwords
from ops_console.accounts.roles import Role
from ops_console.core.errors import BadInput, NotFound
from ops_console.records import audit
from ops_console.records.access import Account
from ops_console.records.audit import COMMAND_LINE, Decision

SUBJECT = "account"
TOLD = ("email", "name", "role", "disabled_at")
"""What the trail says of an account; a password is never among it."""


def address(text: str) -> str:
    """An e-mail address as accounts keep it: trimmed, lower case."""
    cleaned = text.strip().lower()
    name, _, host = cleaned.partition("@")
    if not name or not host or any(sign.isspace() for sign in cleaned) or len(cleaned) > 300:
        raise BadInput(f"{text!r} is no e-mail address.", remedy="Write one such as ana@example.com.")
    return cleaned


def find(session: Session, email: str) -> Account | None:
    return session.exec(select(Account).where(Account.email == email.strip().lower())).first()


def get(session: Session, email: str) -> Account:
    account = find(session, email)
    if account is None:
        raise NotFound(f"No account has the address {email}.", remedy="See `ops-console user list`.")
    return account


def add(session: Session, email: str, role: Role, now: datetime, *, name: str = "", by: str = COMMAND_LINE) -> Account:
    """A new account; one that exists keeps its password and gets the role and name given."""
    account = find(session, email) or Account(email=address(email), name="", role=role, made_at=now)
    before = _told(account) if account.id is not None else None
    account.role = role
    account.name = name.strip() or account.name or address(email).partition("@")[0]
    account.disabled_at = None
    session.add(account)
    session.flush()
    _trace(session, account, "account changed" if before else "account made", by, before)
    return account


def number(account: Account) -> int:
    """The number of an account that was saved."""
    if account.id is None:
        raise ValueError(f"{account.email} is not saved yet")
    return account.id


def everyone(session: Session) -> list[Account]:
    return list(session.exec(select(Account).order_by(col(Account.email))))


def set_password(session: Session, account: Account, password: str) -> None:
    """A person chooses her own; the trail says that she did, and neither the old nor the new one."""
    had = account.password_hash is not None
    keep_password(session, account, password)
    said = {"password": "set"}
    before = said if had else {"password": "none"}
    audit.record(session, Decision("password set", SUBJECT, number(account), account.email, before, said))


def keep_password(session: Session, account: Account, password: str) -> None:
    """The same one may be kept again, under a stronger hash."""
    account.password_hash = passwords.hash_password(password)
    session.add(account)


def disable(session: Session, account: Account, now: datetime, by: str = COMMAND_LINE) -> None:
    before, account.disabled_at = _told(account), now
    session.add(account)
    _trace(session, account, "account closed", by, before)


def _told(account: Account) -> dict[str, Any]:
    return {name: getattr(account, name) for name in TOLD}


def _trace(session: Session, account: Account, did: str, by: str, before: dict[str, Any] | None) -> None:
    """What differs; nothing where nothing does."""
    was, is_now = audit.changes(before or {}, _told(account))
    if is_now:
        audit.record(session, Decision(did, SUBJECT, number(account), by, was if before else None, is_now))
