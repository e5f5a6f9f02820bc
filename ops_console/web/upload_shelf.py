"""Files people uploaded and have not imported yet: kept for a day under a name nobody can guess."""

import json
import os
import re
import secrets
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from ops_console.core.errors import NotFound, OpsConsoleError

KEPT_SECONDS = 24 * 3600
KEY = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file on the shelf. `owner` is the account that sent it; nobody else sees it."""

    key: str
    owner: int
    name: str
    kind: str
    source: str
    zone: str
    covers_until: str

    @property
    def path(self) -> Path:
        """The content, under its own name, because the reader names the file in its messages."""
        return _shelf() / self.key / self.name

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def keep(file: FileStorage, owner: int, *, kind: str, source: str, zone: str, covers_until: str) -> Upload:
    """Put a file on the shelf; what lay there longer than a day goes."""
    _tidy()
    name = secure_filename(file.filename or "") or "upload"
    upload = Upload(secrets.token_urlsafe(16), owner, name[-120:], kind, source, zone, covers_until)
    folder = _shelf() / upload.key
    folder.mkdir(mode=0o700)
    file.save(upload.path)
    (folder / ".upload.json").write_text(json.dumps(asdict(upload)), "utf-8")
    return upload


def find(key: str, owner: int) -> Upload:
    """The upload with this key, if it is this person's."""
    about = _shelf() / key / ".upload.json"
    if KEY.fullmatch(key) and about.is_file():
        upload = Upload(**json.loads(about.read_text("utf-8")))
        if upload.owner == owner:
            return upload
    raise NotFound("This upload is no longer here.", remedy="Uploads are kept for a day. Upload the file again.")


def drop(upload: Upload) -> None:
    """Take a file off the shelf."""
    shutil.rmtree(_shelf() / upload.key, ignore_errors=True)


def _shelf() -> Path:
    shelf = Path(tempfile.gettempdir()) / f"ops-console-uploads-{os.getuid()}"
    shelf.mkdir(mode=0o700, exist_ok=True)
    # Anybody may make a folder in the system's temporary one; a stranger's must not receive our files.
    if shelf.is_symlink() or shelf.stat().st_uid != os.getuid():
        raise OpsConsoleError(
            f"{shelf} belongs to somebody else.", remedy="Remove it, or set TMPDIR to another folder."
        )
    return shelf


def _tidy() -> None:
    for folder in _shelf().iterdir():
        if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
