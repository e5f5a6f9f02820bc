"""The key that signs forms: given, or made once beside a SQLite database and kept there."""

import os
import secrets
from pathlib import Path

from sqlalchemy import make_url

from ops_console.core.errors import Misconfigured
from ops_console.core.settings import Settings


def secret_key(settings: Settings, database_url: str) -> str:
    """The key that signs forms: from the settings, else one made once and kept beside the SQLite database."""
    given = settings.secret_key.get_secret_value()
    if given:
        return given
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        raise Misconfigured(
            "No secret key is set.",
            remedy="Set OPS_CONSOLE_SECRET_KEY or OPS_CONSOLE_SECRET_KEY_FILE, the same for each process.",
        )
    if not url.database or url.database == ":memory:":
        return secrets.token_urlsafe(32)
    return _kept_key(Path(f"{url.database}.key"))


def _kept_key(path: Path) -> str:
    # Written under another name and then linked: of two processes that start at once, one wins and both read the same.
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError as error:
            reason = f"{path} cannot be written: {error.strerror}."
            raise Misconfigured(reason, remedy="Set OPS_CONSOLE_SECRET_KEY.") from None
        finally:
            draft.unlink(missing_ok=True)
    return path.read_text("utf-8")
