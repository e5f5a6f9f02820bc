"""What answering one call works with, and what the answer may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from ops_console.accounts.roles import Role
from ops_console.chat import desk
from ops_console.contracts.commands import Call, Card, Commands, Form, Line
from ops_console.core.errors import BadInput
from ops_console.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Caller:
    """A person of the console."""

    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class Work:
    engine: Engine
    tool: Commands
    settings: Settings
    number: int
    integration: str
    call: Call
    at: datetime
    caller: Caller

    def address(self, path: str) -> str:
        return self.settings.base_url.rstrip("/") + path

    def done(self, session: Session, text: str, path: str) -> "Said":
        """What was done, said once its transaction is committed."""
        return Said(desk.done(session, self.number, [Line(text, self.address(path))]))

    def must_be_editor(self) -> None:
        if not self.caller.role.includes(Role.EDITOR):
            raise BadInput(
                f"Your role is {self.caller.role.value}, which may look and not change anything.",
                remedy="Ask an administrator for the role of an editor.",
            )


@dataclass(frozen=True, slots=True)
class Said:
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Asked:
    form: Form


@dataclass(frozen=True, slots=True)
class Shown:
    cards: Mapping[str, Card] = field(default_factory=dict)


Answer = Said | Asked | Shown
