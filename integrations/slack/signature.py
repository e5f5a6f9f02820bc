"""Signed requests, version v0: https://docs.slack.dev/authentication/verifying-requests-from-slack"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ops_console.contracts.integration import Rejected
from ops_console.contracts.signatures import WINDOW, is_signed_sha256

VERSION = "v0"
TIMESTAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"
REMEDY = "OPS_CONSOLE_SLACK_SIGNING_SECRET must hold the app's signing secret."


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> None:
    """`Rejected` unless one of the secrets signed body and time, and the time is within five minutes of now."""
    sent_at, given = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not sent_at.isascii() or not sent_at.isdecimal() or not given.startswith(f"{VERSION}="):
        raise Rejected("The request is not signed.", remedy=REMEDY)
    if abs(now.timestamp() - int(sent_at[:15])) > WINDOW.total_seconds():
        raise Rejected("The request is too old, or one of the two clocks is wrong.")
    content = b"%b:%b:%b" % (VERSION.encode(), sent_at.encode(), body)
    if not is_signed_sha256(content, given.removeprefix(f"{VERSION}="), secrets):
        raise Rejected("The signature is wrong.", remedy=REMEDY)
