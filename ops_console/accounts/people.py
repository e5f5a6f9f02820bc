"""Accounts: made on the command line, found by e-mail address."""

from datetime import datetime

from sqlmodel import Session, col, select

from ops_console.accounts import passwords
from ops_console.accounts.roles import Role
from ops_console.core.errors import BadInput, NotFound
from ops_console.records.access import Account


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


def add(session: Session, email: str, role: Role, now: datetime, *, name: str = "") -> Account:
    """A new account; one that exists keeps its password and gets the role and name given."""
    account = find(session, email) or Account(email=address(email), name="", role=role, made_at=now)
    account.role = role
    account.name = name.strip() or account.name or address(email).partition("@")[0]
    account.disabled_at = None
    session.add(account)
    session.flush()
    return account


def number(account: Account) -> int:
    """The number of an account that was saved."""
    if account.id is None:
        raise ValueError(f"{account.email} is not saved yet")
    return account.id


def everyone(session: Session) -> list[Account]:
    return list(session.exec(select(Account).order_by(col(Account.email))))


def set_password(session: Session, account: Account, password: str) -> None:
    account.password_hash = passwords.hash_password(password)
    session.add(account)


def disable(session: Session, account: Account, now: datetime) -> None:
    account.disabled_at = now
    session.add(account)
