"""API tokens: named, scoped, expiring, shown once, stored hashed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import Session, col, select

from ops_console.accounts.keys import hash_of, new_key
from ops_console.core.errors import BadInput, NotFound
from ops_console.records import audit
from ops_console.records.access import ApiToken
from ops_console.records.audit import COMMAND_LINE, Decision

SUBJECT = "token"
PREFIX = "oc_"
"""So that secret scanners and people recognise one that leaked."""
LONGEST_DAYS = 366
SEEN_EVERY = timedelta(minutes=5)


class TokenScope(StrEnum):
    FACTS_WRITE = "facts:write"
    KPIS_READ = "kpis:read"
    ACTIONS_READ = "actions:read"
    REVIEWS_READ = "reviews:read"


def make(session: Session, name: str, scopes: Iterable[str], days: int, by: str, now: datetime) -> str:
    """A new token; the answer is the one time it is seen."""
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in {*TokenScope}]
    if unknown or not wanted:
        raise BadInput(f"{', '.join(unknown) or 'No scope'} is no scope.", remedy=f"Use {', '.join(TokenScope)}.")
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput(f"A token lives 1 to {LONGEST_DAYS} days, not {days}.")
    if not name.strip():
        raise BadInput("A token needs a name.", remedy="Name the system that will use it.")
    key = PREFIX + new_key()
    token = ApiToken(
        name=name.strip()[:300],
        key_hash=hash_of(key),
        scopes=wanted,
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(token)
    session.flush()
    said = {"name": token.name, "scopes": wanted, "expires_at": token.expires_at}
    audit.record(session, Decision("token made", SUBJECT, audit.number(token), by, after=said))
    return key


def find(session: Session, key: str, now: datetime) -> ApiToken | None:
    """The token a caller showed, unless it expired or was revoked."""
    return session.exec(
        select(ApiToken).where(
            ApiToken.key_hash == hash_of(key), col(ApiToken.revoked_at).is_(None), col(ApiToken.expires_at) > now
        )
    ).first()


def is_due(token: ApiToken, now: datetime) -> bool:
    """Whether the time of last use should be written again."""
    return token.used_at is None or now - token.used_at >= SEEN_EVERY


def used(session: Session, token: ApiToken, now: datetime) -> None:
    session.exec(update(ApiToken).where(col(ApiToken.id) == token.id).values(used_at=now))


def everything(session: Session) -> list[ApiToken]:
    return list(session.exec(select(ApiToken).order_by(col(ApiToken.made_at).desc())))


def revoke(session: Session, token_id: int, now: datetime, by: str = COMMAND_LINE) -> ApiToken:
    """End a token now; revoking twice changes nothing."""
    token = session.get(ApiToken, token_id)
    if token is None:
        raise NotFound(f"There is no token {token_id}.", remedy="See `ops-console token list`.")
    if token.revoked_at is None:
        token.revoked_at = now
        session.add(token)
        before, after = ({"name": token.name, "revoked_at": at} for at in (None, now))
        audit.record(session, Decision("token revoked", SUBJECT, token_id, by, before, after))
    return token
