"""Uploads are private, short-lived and cannot leave their folder."""

import io
import os
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage

from ops_console.core.errors import NotFound, OpsConsoleError
from ops_console.web import upload_shelf
from ops_console.web.upload_shelf import Upload


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(upload_shelf.tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path


def keep(name: str = "deploys.csv", owner: int = 1) -> Upload:
    file = FileStorage(io.BytesIO(b"a,b\n"), name)
    return upload_shelf.keep(file, owner, kind="deployments", source="github", zone="", covers_until="")


def test_a_file_comes_back_to_who_sent_it() -> None:
    kept = keep()
    found = upload_shelf.find(kept.key, 1)
    assert found == kept
    assert (found.path.read_bytes(), found.size) == (b"a,b\n", 4)


def test_nobody_else_finds_it() -> None:
    with pytest.raises(NotFound):
        upload_shelf.find(keep().key, 2)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..", "", ".upload.json", "a/b.csv", "\0.csv"])
def test_a_name_cannot_lead_out_of_the_folder(name: str, folder: Path) -> None:
    kept = keep(name)
    assert kept.path.resolve().is_relative_to(folder)
    assert upload_shelf.find(kept.key, 1).path.read_bytes() == b"a,b\n"


@pytest.mark.parametrize("key", ["", "..", "../x", "a" * 22, "a" * 500])
def test_a_guessed_key_finds_nothing(key: str) -> None:
    with pytest.raises(NotFound, match="Upload the file again"):
        upload_shelf.find(key, 1)


def test_what_is_dropped_is_gone() -> None:
    kept = keep()
    upload_shelf.drop(kept)
    assert not kept.path.exists()
    upload_shelf.drop(kept)


def test_the_next_upload_takes_away_what_is_older_than_a_day() -> None:
    old = keep()
    yesterday = old.path.stat().st_mtime - upload_shelf.KEPT_SECONDS - 60
    os.utime(old.path.parent, (yesterday, yesterday))
    new = keep()
    assert not old.path.exists() and new.path.exists()


def test_others_on_the_machine_cannot_look_in(folder: Path) -> None:
    kept = keep()
    assert kept.path.parent.stat().st_mode & 0o077 == 0
    assert kept.path.parent.parent.stat().st_mode & 0o077 == 0


def test_a_folder_that_leads_elsewhere_is_not_used(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / f"ops-console-uploads-{os.getuid()}").symlink_to(folder / "elsewhere")
    with pytest.raises(OpsConsoleError, match="belongs to somebody else"):
        keep()
