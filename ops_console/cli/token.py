"""`ops-console token`: keys for systems that call the API."""

from datetime import datetime

import click
from sqlalchemy import Engine

from ops_console.accounts import tokens
from ops_console.core.clock import now
from ops_console.core.db import engine_for, reading, transaction
from ops_console.core.settings import settings
from ops_console.records.access import ApiToken
from ops_console.records.audit import COMMAND_LINE


@click.group("token")
def command() -> None:
    """API tokens."""


@command.command("new")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, help=f"One of {', '.join(tokens.TokenScope)}.")
@click.option("--days", default=90, show_default=True, help="How long it lives.")
def new(name: str, scopes: tuple[str, ...], days: int) -> None:
    """Make a token and print it, this once."""
    with transaction(_engine()) as session:
        key = tokens.make(session, name, scopes, days, COMMAND_LINE, now())
    click.echo(key)
    click.echo("Copy it now: it is stored as a hash and cannot be shown again.", err=True)


@command.command("list")
def everything() -> None:
    """All tokens, newest first."""
    with reading(_engine()) as session:
        for token in tokens.everything(session):
            click.echo(f"{token.id}\t{token.name}\t{','.join(token.scopes)}\t{_state(token, now())}")


def _state(token: ApiToken, instant: datetime) -> str:
    if token.revoked_at:
        return "revoked"
    return "expired" if token.expires_at <= instant else f"until {token.expires_at:%Y-%m-%d}"


@command.command("revoke")
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """End a token now; its number is in `token list`."""
    with transaction(_engine()) as session:
        token = tokens.revoke(session, number, now())
    click.echo(f"{token.name} is revoked.")


def _engine() -> Engine:
    return engine_for(settings().database_url)
