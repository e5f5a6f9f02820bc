"""Sends a report by SMTP, one message per recipient, so that one bad address spoils nobody else's copy."""

import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr

from integrations.email.message import as_bytes, compose
from integrations.email.text import plain_text
from ops_console.contracts.document import Document
from ops_console.contracts.integration import Attachment, Receipt, Rejected, Unavailable, Unclear
from ops_console.core.clock import now
from ops_console.core.settings import Settings

TIMEOUT = 30
MAILBOX = "Check the address and the mail server's log."
SIGN_IN = "Check OPS_CONSOLE_SMTP_USER and OPS_CONSOLE_SMTP_PASSWORD."
SERVER = "Check OPS_CONSOLE_SMTP_HOST, OPS_CONSOLE_SMTP_PORT and OPS_CONSOLE_SMTP_SECURITY."


def recipients(settings: Settings) -> list[str]:
    """The addresses of `mail_to`, each once, if a server and a sender are set."""
    if not (settings.smtp_host and settings.mail_from):
        return []
    return list(dict.fromkeys(address.strip() for address in settings.mail_to.split(",") if address.strip()))


def owner(settings: Settings) -> str:
    """The owner of reports, else the first reader."""
    readers = recipients(settings)
    return (settings.report_owner or readers[0]) if readers else ""


def person(address: str, settings: Settings) -> str:
    """The address itself, if a server and a sender are set."""
    return address if settings.smtp_host and settings.mail_from else ""


def send(
    document: Document,
    to: str,
    settings: Settings,
    *,
    images: Mapping[str, bytes],
    attachments: tuple[Attachment, ...] = (),
    delivery_id: str,
) -> Receipt:
    """Compose and hand over; a temporary refusal is `Unavailable`, a final one `Rejected`."""
    message = compose(
        document,
        sender=settings.mail_from,
        to=to,
        sent_at=now(),
        delivery_id=delivery_id,
        unsubscribe=unsubscribe_link(settings, delivery_id),
        images=images,
        attachments=attachments,
    )
    _hand_over(message, parseaddr(to)[1], settings)
    return Receipt(str(message["Message-ID"]))


def find(
    delivery_id: str,  # noqa: ARG001  (the interface fixes its arguments)
    to: str,
    settings: Settings,  # noqa: ARG001
    *,
    since: datetime,  # noqa: ARG001
) -> Receipt | None:
    """A mail server tells nobody what it took."""
    raise Unclear("A mail server cannot be asked whether a message arrived.", remedy=f"Ask {to} whether it did.")


def rendered(
    document: Document,
    settings: Settings,
    *,
    images: Mapping[str, bytes],
    attachments: tuple[Attachment, ...] = (),
) -> tuple[Attachment, ...]:
    """The plain text, and the whole message for any mail program to open."""
    sender = settings.mail_from or "Ops Console <ops-console@localhost>"
    message = compose(
        document,
        sender=sender,
        to=next(iter(recipients(settings)), sender),
        sent_at=document.as_of,
        delivery_id=document.run_id,
        unsubscribe="",
        images=images,
        attachments=attachments,
    )
    return (
        Attachment("txt", "text/plain", plain_text(document).encode()),
        Attachment("eml", "message/rfc822", as_bytes(message)),
    )


def unsubscribe_link(settings: Settings, delivery_id: str) -> str:
    """The page that stops reports to the recipient of this delivery (RFC 8058)."""
    return f"{settings.base_url.rstrip('/')}/reports/unsubscribe/{delivery_id}"


def _hand_over(message: EmailMessage, address: str, settings: Settings) -> None:
    with _connection(settings) as server:
        try:
            _sign_in(server, settings)
            _envelope(server, parseaddr(settings.mail_from)[1], address)
        except smtplib.SMTPServerDisconnected as error:
            raise Unavailable("The mail server hung up before it took the message.") from error
        try:
            code, said = server.data(as_bytes(message))
        except smtplib.SMTPDataError as error:
            code, said = error.smtp_code, _bytes(error.smtp_error)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Unclear("The connection to the mail server broke before it confirmed the message.") from error
        _accepted(code, said, "the message")


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _connection(settings: Settings) -> smtplib.SMTP:
    try:
        if settings.smtp_security == "tls":
            return smtplib.SMTP_SSL(
                settings.smtp_host, settings.smtp_port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT)
        if settings.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        return server
    except ssl.SSLCertVerificationError as error:
        raise Rejected(
            f"The mail server's certificate is not trusted: {error.verify_message}.", remedy=SERVER
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Rejected("The mail server offers no STARTTLS.", remedy=SERVER) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable(f"The mail server cannot be reached: {error}.", remedy=SERVER) from error


def _sign_in(server: smtplib.SMTP, settings: Settings) -> None:
    server.ehlo_or_helo_if_needed()
    if not settings.smtp_user:
        return
    try:
        server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except smtplib.SMTPAuthenticationError as error:
        if 400 <= error.smtp_code < 500:
            raise Unavailable("The mail server cannot check the password now.") from error
        raise Rejected("The mail server refuses the user name or password.", remedy=SIGN_IN) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Rejected("The mail server offers no sign-in we can use.", remedy=SIGN_IN) from error


def _envelope(server: smtplib.SMTP, sender: str, address: str) -> None:
    _accepted(*server.mail(sender), f"the sender {sender}")
    _accepted(*server.rcpt(address), address)


def _accepted(code: int, said: bytes, what: str) -> None:
    """SMTP says 2xx for yes, 4xx for later, 5xx for no (RFC 5321, 4.2.1)."""
    if 200 <= code < 300:
        return
    answer = f"{code} {said.decode(errors='replace')}"
    if 400 <= code < 500:
        raise Unavailable(f"The mail server puts off {what}: {answer}.")
    raise Rejected(f"The mail server refuses {what}: {answer}.", remedy=MAILBOX)
