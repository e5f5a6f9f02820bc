"""Settings come from the environment or from files it names; nonsense is refused by name."""

from pathlib import Path

import pytest

from ops_console.core.errors import Misconfigured
from ops_console.core.settings import Settings, load


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"OPS_CONSOLE_{name.upper()}", raising=False)
        monkeypatch.delenv(f"OPS_CONSOLE_{name.upper()}_FILE", raising=False)


def test_an_empty_environment_is_enough() -> None:
    assert load().database_url == "sqlite:///ops-console.db"
    assert load().time_zone == "UTC"


def test_a_value_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPS_CONSOLE_TIME_ZONE", "Europe/London")
    monkeypatch.setenv("OPS_CONSOLE_SMTP_PORT", "2525")
    assert (load().time_zone, load().smtp_port) == ("Europe/London", 2525)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIME_ZONE", "Mars/Olympus"),
        ("TIME_ZONE", ""),
        ("TIME_ZONE", "../../etc/passwd"),
        ("SMTP_PORT", "0"),
        ("SMTP_PORT", "65536"),
        ("SMTP_PORT", "mail"),
        ("SMTP_SECURITY", "ssl"),
        ("LOG_FORMAT", "xml"),
        ("CURRENCY", "dollars"),
        ("SECURE_COOKIES", "perhaps"),
        ("MAX_UPLOAD_MB", "-1"),
        ("BASE_URL", "console.example.com"),
    ],
)
def test_nonsense_is_refused_and_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"OPS_CONSOLE_{name}", value)
    with pytest.raises(Misconfigured, match=f"OPS_CONSOLE_{name}") as refused:
        load()
    assert refused.value.remedy


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPS_CONSOLE_SMTP_PORT", "mail")
    monkeypatch.setenv("OPS_CONSOLE_LOG_FORMAT", "xml")
    with pytest.raises(Misconfigured, match=r"LOG_FORMAT.*SMTP_PORT|SMTP_PORT.*LOG_FORMAT"):
        load()


def test_a_secret_comes_from_the_file_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("xoxb-123\n", "utf-8")
    monkeypatch.setenv("OPS_CONSOLE_SLACK_TOKEN_FILE", str(secret))
    assert load().slack_token.get_secret_value() == "xoxb-123"


def test_a_file_wins_over_a_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("Asia/Kathmandu", "utf-8")
    monkeypatch.setenv("OPS_CONSOLE_TIME_ZONE", "UTC")
    monkeypatch.setenv("OPS_CONSOLE_TIME_ZONE_FILE", str(tmp_path / "zone"))
    assert load().time_zone == "Asia/Kathmandu"


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPS_CONSOLE_SMTP_PASSWORD_FILE", str(tmp_path / "absent"))
    with pytest.raises(Misconfigured, match="SMTP_PASSWORD_FILE cannot be read: No such file"):
        load()


def test_a_file_that_is_no_text_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "blob").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("OPS_CONSOLE_SMTP_PASSWORD_FILE", str(tmp_path / "blob"))
    with pytest.raises(Misconfigured, match="no UTF-8 text"):
        load()


def test_a_secret_never_shows_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPS_CONSOLE_SLACK_TOKEN", "xoxb-secret")
    assert "xoxb-secret" not in repr(load()) + str(load().model_dump())


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_explains_itself(name: str) -> None:
    assert (Settings.model_fields[name].description or "").endswith(".")
