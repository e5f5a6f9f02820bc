"""A real SMTP server on loopback that keeps what it takes and refuses what a test tells it to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from ops_console.core.settings import Settings


@dataclass
class Mailroom:
    """`answers` by SMTP step or recipient, such as {"bob@example.com": "550 No such user"}."""

    answers: dict[str, str] = field(default_factory=dict)
    hang_up_at: str = ""
    taken: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    port: int = 0

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self._step(server, "MAIL")
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        self._step(server, "DATA")
        if "DATA" in self.answers:
            return self.answers["DATA"]
        self.taken.append(envelope.content)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 OK"

    def _step(self, server: Any, step: str) -> None:
        if self.hang_up_at == step:
            server.transport.abort()

    @property
    def messages(self) -> list[EmailMessage]:
        return [cast(EmailMessage, message_from_bytes(raw, policy=default)) for raw in self.taken]

    def settings(self, **changes: Any) -> Settings:
        fixed = {"smtp_host": "127.0.0.1", "smtp_port": self.port, "smtp_security": "none"}
        people = {"mail_from": "Ops Console <ops@console.example>", "mail_to": "ann@example.com, bob@example.com"}
        return Settings(**(fixed | people | changes))  # type: ignore[arg-type]


class AnyPort(Controller):
    """Listens where the system says; the class itself connects to the port it was told."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


def authenticated(password: str) -> Callable[..., AuthResult]:
    """Lets in whoever knows the password."""

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and data.password == password.encode()
        return AuthResult(success=known, handled=False)  # the server itself says no

    return check


@contextmanager
def open_mailroom(room: Mailroom, **options: Any) -> Iterator[Mailroom]:
    controller = AnyPort(room, hostname="127.0.0.1", port=0, **options)
    controller.start()
    room.port = controller.port
    try:
        yield room
    finally:
        controller.stop()
