"""Secrets of sources: a person says where one lies, in an environment variable or a file, and never what it is."""

import os
import re
from pathlib import Path

from ops_console.core.errors import BadInput, Misconfigured
from ops_console.core.settings import PREFIX, Settings

VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
OWN = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
"""The console's own settings are no secrets of a source: a source could be made to send them away."""


def check_place(place: str, folder: str) -> None:
    """Refuse a place where no secret of a source may lie."""
    if place.startswith("/"):
        if not Path(os.path.normpath(place)).is_relative_to(folder):
            raise BadInput(f"{place} does not lie in {folder}.", remedy="Put the file there, or name a variable.")
    elif not VARIABLE.fullmatch(place):
        raise BadInput(
            f"{place[:80]!r} names no environment variable.",
            remedy="Write a name such as GITHUB_TOKEN; never the secret itself.",
        )
    elif place.removesuffix("_FILE") in OWN:
        raise BadInput(f"{place} is a setting of the console itself.", remedy="Use a variable of the source's own.")


def secret_in(place: str, folder: str) -> str:
    """What lies in a variable, in the file that the variable `<NAME>_FILE` names, or in a file of the folder."""
    check_place(place, folder)
    if place.startswith("/"):
        return _read(Path(place), place)
    if named := os.environ.get(f"{place}_FILE"):
        return _read(Path(named), f"{place}_FILE")
    if value := os.environ.get(place, "").strip():
        return value
    raise Misconfigured(f"The variable {place} is not set.", remedy="Set it for every process of the console.")


def _read(path: Path, told: str) -> str:
    try:
        value = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise Misconfigured(f"{told} cannot be read: {reason}.", remedy="Check the file and its rights.") from None
    if not value:
        raise Misconfigured(f"{told} is empty.", remedy="Write the secret into it.")
    return value


def redacted(text: str, secrets: dict[str, str]) -> str:
    """A text without the secrets, should a vendor have repeated one."""
    for value in secrets.values():
        for part in value.split():
            text = text.replace(part, "•••")
    return text
