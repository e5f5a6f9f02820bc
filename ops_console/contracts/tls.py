"""Encrypted ways that the usual authorities do not vouch for, and certificates by which the console shows who it is."""

import ssl
from tempfile import NamedTemporaryFile

import httpx2

from ops_console.contracts.integration import Rejected

PEM = "Put PEM there, as it stands between BEGIN and END, with these lines."


def trusting(authority: str = "", identity: str = "") -> ssl.SSLContext | None:
    """What to trust besides the usual authorities, and a certificate with its key to show; nothing where the usual is
    enough. Both are PEM.
    """
    if not authority and not identity:
        return None
    found = httpx2.create_ssl_context(trust_env=False)
    if authority:
        _trust(found, authority)
    if identity:
        _show(found, identity)
    return found


def _trust(context: ssl.SSLContext, authority: str) -> None:
    try:
        context.load_verify_locations(cadata=authority)
    except (ssl.SSLError, ValueError):
        raise Rejected("What is named as the certificate authority is no certificate.", remedy=PEM) from None


def _show(context: ssl.SSLContext, identity: str) -> None:
    """OpenSSL reads certificate and key from a file alone; this one is ours to read, and gone at once."""
    with NamedTemporaryFile("w", encoding="ascii", errors="replace", suffix=".pem") as file:
        file.write(f"{identity}\n")
        file.flush()
        try:
            context.load_cert_chain(file.name, password=_none)
        except (ssl.SSLError, ValueError):
            words = "What is named as the client certificate is no certificate with its key, or the key has a password."
            raise Rejected(words, remedy=f"{PEM} First the certificate, then the key without a password.") from None


def _none() -> bytes:
    """Nobody sits there to be asked for a password."""
    return b""
