"""Slows guessing down: failed sign-ins are counted in the database, so that every process sees them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from ops_console.records.access import SignInAttempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 5, 30


def account_subject(email: str) -> str:
    return f"account:{email.strip().lower()}"[:300]


def address_subject(remote: str | None) -> str:
    return f"address:{remote or 'unknown'}"[:300]


def is_blocked(session: Session, subjects: Sequence[str], now: datetime) -> bool:
    """Whether any of the subjects failed too often of late."""
    failures = session.exec(
        select(SignInAttempt.subject, func.count())
        .where(col(SignInAttempt.subject).in_(subjects), col(SignInAttempt.at) > now - WINDOW)
        .group_by(SignInAttempt.subject)
    ).all()
    return any(count >= (PER_ACCOUNT if subject.startswith("account:") else PER_ADDRESS) for subject, count in failures)


def failed(session: Session, subjects: Sequence[str], now: datetime) -> None:
    """Count a failure, and forget those too old to matter."""
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.at) <= now - WINDOW))
    session.add_all(SignInAttempt(subject=subject, at=now) for subject in subjects)


def cleared(session: Session, subject: str) -> None:
    """A right password wipes the account's failures; those of the address stay."""
    session.exec(delete(SignInAttempt).where(col(SignInAttempt.subject) == subject))
