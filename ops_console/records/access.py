"""Who may come in: accounts, sign-ins, one-time links, API tokens. Secrets are stored as hashes."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from ops_console.core.columns import BigId, Instant
from ops_console.records.envelope import Json, Keyed


class Account(Keyed, table=True):
    """A person who may sign in. `role` is a word of `accounts.roles`; `password_hash` is argon2id, null until set."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("email"),)

    email: str = Field(max_length=300)
    name: str = Field(max_length=300)
    role: str = Field(max_length=20)
    password_hash: str | None = None
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)
    made_at: datetime = Field(sa_type=Instant)


class SignIn(Keyed, table=True):
    """One browser signed in. The cookie holds a random key; the table holds its hash."""

    __tablename__ = "sign_in"
    __table_args__ = (UniqueConstraint("key_hash"),)

    account_id: int = Field(foreign_key="account.id", sa_type=BigId, index=True)
    key_hash: str = Field(max_length=64)
    began_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class SignInLink(Keyed, table=True):
    """A link that signs one account in once."""

    __tablename__ = "sign_in_link"
    __table_args__ = (UniqueConstraint("key_hash"),)

    account_id: int = Field(foreign_key="account.id", sa_type=BigId)
    key_hash: str = Field(max_length=64)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class SignInAttempt(Keyed, table=True):
    """Failed sign-ins, counted per address and account to slow guessing down."""

    __tablename__ = "sign_in_attempt"

    subject: str = Field(max_length=300, index=True)
    at: datetime = Field(sa_type=Instant)


class ApiToken(Keyed, table=True):
    """Shown once, stored hashed."""

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("key_hash"),)

    name: str = Field(max_length=300)
    key_hash: str = Field(max_length=64)
    scopes: list[str] = Field(default_factory=list, sa_type=Json)
    made_by: str = Field(max_length=300)
    made_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
