"""A report as one MIME message: plain text and HTML as alternatives, charts by content id, files attached."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from integrations.email.html import html
from integrations.email.text import plain_text
from ops_console.contracts.document import Document
from ops_console.contracts.integration import Attachment

HEADER = 500


def compose(
    document: Document,
    *,
    sender: str,
    to: str,
    sent_at: datetime,
    delivery_id: str,
    unsubscribe: str,
    images: Mapping[str, bytes],
    attachments: tuple[Attachment, ...] = (),
) -> EmailMessage:
    """Everything but the sending; the same arguments give the same bytes."""
    message = EmailMessage(policy=SMTP)
    _headers(message, document, sender, to, sent_at, delivery_id)
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(plain_text(document), cte="quoted-printable")
    cids = {key: f"{key}@{_domain(sender)}" for key in images}
    message.add_alternative(html(document, cids, unsubscribe), subtype="html", cte="quoted-printable")
    page = message.get_payload()[1]  # type: ignore[index]
    for key, png in images.items():
        page.add_related(  # type: ignore[union-attr]
            png, "image", "png", cid=f"<{cids[key]}>", filename=f"{key}.png", disposition="inline"
        )
    for file in attachments:
        maintype, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype, subtype, filename=file.name)
    _fix_boundaries(message, delivery_id)
    return message


def as_bytes(message: EmailMessage) -> bytes:
    """As it travels. Headers may be long: a link that is folded or encoded stops being a link."""
    return message.as_bytes(policy=SMTP.clone(max_line_length=HEADER))


def _headers(
    message: EmailMessage, document: Document, sender: str, to: str, sent_at: datetime, delivery_id: str
) -> None:
    message["Subject"] = " ".join((*document.marks, document.subject))
    message["From"] = _address(sender)
    message["To"] = _address(to)
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = f"<{delivery_id}@{_domain(sender)}>"
    message["Auto-Submitted"] = "auto-generated"


def _address(text: str) -> Address:
    name, address = parseaddr(text)
    return Address(display_name=name, addr_spec=address)


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "ops-console.invalid"


def _fix_boundaries(message: EmailMessage, seed: str) -> None:
    """Boundaries are random otherwise, and a retry would not be the same message."""
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{hashlib.sha256(f'{seed}/{number}'.encode()).hexdigest()[:32]}")
