"""Where secrets of sources may lie, and that they are never told."""

from pathlib import Path

import pytest

from ops_console.core.errors import BadInput, Misconfigured
from ops_console.core.secrets import redacted, secret_in


def test_a_secret_lies_in_a_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", " ghp_abc \n")
    assert secret_in("GITHUB_TOKEN", str(tmp_path)) == "ghp_abc"


def test_or_in_the_file_that_a_variable_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("ghp_file\n")
    monkeypatch.setenv("GITHUB_TOKEN_FILE", str(tmp_path / "token"))
    assert secret_in("GITHUB_TOKEN", "/run/secrets") == "ghp_file"


def test_or_in_a_file_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("ghp_file\n")
    assert secret_in(f"{tmp_path}/token", str(tmp_path)) == "ghp_file"


@pytest.mark.parametrize("place", ["/etc/passwd", "{folder}/../passwd", "ghp_abc", "", "GITHUB-TOKEN", "../token"])
def test_no_other_place_is_looked_at(tmp_path: Path, place: str) -> None:
    with pytest.raises(BadInput):
        secret_in(place.format(folder=tmp_path), str(tmp_path))


@pytest.mark.parametrize(
    "own", ["OPS_CONSOLE_SECRET_KEY", "OPS_CONSOLE_DATABASE_URL", "OPS_CONSOLE_SMTP_PASSWORD_FILE"]
)
def test_the_consoles_own_secrets_are_no_sources(monkeypatch: pytest.MonkeyPatch, own: str) -> None:
    monkeypatch.setenv(own, "mine")
    with pytest.raises(BadInput, match="a setting of the console itself"):
        secret_in(own, "/run/secrets")


def test_a_secret_that_is_not_there_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="GITHUB_TOKEN is not set"):
        secret_in("GITHUB_TOKEN", str(tmp_path))
    monkeypatch.setenv("GITHUB_TOKEN_FILE", str(tmp_path / "gone"))
    with pytest.raises(Misconfigured, match="cannot be read: No such file"):
        secret_in("GITHUB_TOKEN", str(tmp_path))
    (tmp_path / "gone").write_text(" \n")
    with pytest.raises(Misconfigured, match="is empty"):
        secret_in("GITHUB_TOKEN", str(tmp_path))


def test_a_secret_that_a_vendor_repeats_is_taken_out() -> None:
    assert (
        redacted("bad token ghp_abc, not new1", {"token": "ghp_abc", "hook": "new1 old1"}) == "bad token •••, not •••"
    )
