"""What AWS or its client says against being asked, in the console's own errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
)

from ops_console.contracts.http import MINUTE
from ops_console.contracts.integration import Rejected, Unavailable

BAD_KEYS = {
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidToken",
    "ExpiredToken",
    "ExpiredTokenException",
    "AuthFailure",
    "IncompleteSignature",
}
FORBIDDEN = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "AllAccessDisabled"}
MISSING = {"NoSuchBucket", "NoSuchKey", "NotFound", "404", "NotFoundException"}
ELSEWHERE = {"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"}
CHANGED = {"PreconditionFailed", "412"}
PASSING = {"500", "503", "InternalError", "ServiceUnavailable", "ServiceUnavailableException", "InternalFailure"}
SKEWED = {"RequestTimeTooSkewed", "RequestExpired"}
KEYS = "Make a new access key and put it where the set-up of this source says, or give the machine a role."
GRANT = "Give the key or the role the permissions listed at the set-up."
AGAIN = "It is tried again by itself."


class Gone(Rejected):
    """It is not there, or not for us to see."""


class Changed(Unavailable):
    """It is not any more what it was when it was listed."""


@contextmanager
def refusals(what: str) -> Iterator[None]:
    """What AWS or its client says against reading something, in the console's own errors."""
    try:
        yield
    except ClientError as error:
        raise _refusal(error.response.get("Error", {}), what) from None
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError):
        raise Rejected("No key and no role is there to ask AWS with.", remedy=KEYS) from None
    except BotoCoreError as error:
        raise Unavailable(f"AWS could not be asked for {what}: {error}.", remedy=AGAIN) from None


def _refusal(error: dict[str, Any], what: str) -> Rejected | Unavailable:
    code, words = str(error.get("Code", "")), str(error.get("Message", ""))[:200].rstrip(".")
    said = f" ({words})" if words else ""
    if code in BAD_KEYS:
        return Rejected("AWS does not accept the key.", remedy=KEYS)
    if code in FORBIDDEN:
        return Rejected(f"AWS does not let the key read {what}{said}.", remedy=GRANT)
    if code in MISSING:
        return Gone(f"AWS does not find {what}.", remedy=f"Check the name and the region. {GRANT}")
    if code in ELSEWHERE:
        return Rejected(f"AWS keeps {what} in another region{said}.", remedy="Write the region of the bucket.")
    if code in SKEWED:
        return Rejected("AWS says that the clock of this machine is wrong.", remedy="Set the clock.")
    if code in PASSING:
        return Unavailable(f"AWS cannot answer when asked for {what}{said}.", remedy=AGAIN)
    if code in CHANGED:
        return Changed(f"AWS writes {what} just now.", retry_after=15 * MINUTE, remedy=AGAIN)
    return Rejected(f"AWS answers {code or 'an error'} when asked for {what}{said}.", remedy="Check the set-up.")
