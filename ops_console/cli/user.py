"""`ops-console user`: accounts and one-time sign-in links."""

import click
from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.accounts import links, people, sign_ins
from ops_console.accounts.roles import Role, role
from ops_console.core.clock import now
from ops_console.core.db import engine_for, reading, transaction
from ops_console.core.settings import settings
from ops_console.records.access import Account


@click.group("user")
def command() -> None:
    """People who may sign in."""


@command.command("add")
@click.argument("email")
@click.option("--role", "word", default=str(Role.VIEWER), show_default=True, help=f"One of {', '.join(Role)}.")
@click.option("--name", default="", help="As others see it; the part before the @ by default.")
def add(email: str, word: str, name: str) -> None:
    """Make an account (or change its role), and print a link that signs it in once."""
    with transaction(_engine()) as session:
        account = people.add(session, email, role(word), now(), name=name)
        click.echo(f"{account.email} is {account.role}.")
        _print_link(session, account)


@command.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Print a link that signs an account in once, within 24 hours."""
    with transaction(_engine()) as session:
        _print_link(session, people.get(session, email))


@command.command("list")
def everyone() -> None:
    """All accounts."""
    with reading(_engine()) as session:
        for account in people.everyone(session):
            click.echo(f"{account.email}\t{account.role}\t{'closed' if account.disabled_at else 'open'}")


@command.command("close")
@click.argument("email")
def close(email: str) -> None:
    """Close an account and sign its browsers out. `user add` opens it again."""
    with transaction(_engine()) as session:
        account = people.get(session, email)
        people.disable(session, account, now())
        sign_ins.end_all(session, account, now())
    click.echo(f"{account.email} is closed.")


def _print_link(session: Session, account: Account) -> None:
    key = links.make(session, account, now())
    click.echo(f"Sign-in link, works once within 24 hours: {links.address(settings().base_url, key)}")


def _engine() -> Engine:
    return engine_for(settings().database_url)
