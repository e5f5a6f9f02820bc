"""Settings: one list with defaults and help. Environment `OPS_CONSOLE_<NAME>`, or `<NAME>_FILE` naming a file."""

import os
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from ops_console.core.errors import Misconfigured

PREFIX = "OPS_CONSOLE_"


class Settings(BaseSettings):
    """Everything that may differ between two installations."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    database_url: str = Field("sqlite:///ops-console.db", description="SQLite file or PostgreSQL address.")
    time_zone: str = Field("UTC", description="Reporting time zone of a new workspace, such as Europe/London.")
    workspace_name: str = Field("MLOps", description="Name of a new workspace, shown in titles and reports.")
    currency: str = Field("USD", description="Reporting currency of a new workspace (ISO 4217).", pattern="^[A-Z]{3}$")
    country: str = Field("", description="Holiday calendar for working days, such as GB or DE; empty means none.")
    base_url: str = Field(
        "http://127.0.0.1:8000", description="Address under which people reach the console.", pattern="^https?://"
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs forms and links; made and kept in the database directory if empty."
    )
    secure_cookies: bool | None = Field(None, description="Send cookies over HTTPS only; follows base_url if unset.")
    trusted_proxies: int = Field(0, description="Reverse proxies in front whose forwarding headers count.", ge=0, le=5)
    log_format: Literal["text", "json"] = Field("text", description="text or json.")
    max_upload_mb: int = Field(512, description="Largest file the upload page takes, in MB.", gt=0)
    slack_token: SecretStr = Field(SecretStr(""), description="Bot token (xoxb-…) with chat:write and files:write.")
    slack_channel: str = Field("", description="Channel id (C…) that receives reports.")
    team_slack_channel: str = Field("", description="Channel id (C…) that receives the weekly review.")
    reminders_by: str = Field(
        "email", description="Ways by which people are reminded, the first that reaches one wins: slack, email."
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""), description="Signing secret of the Slack app, for /ops; two lines while one replaces the other."
    )
    slack_api_url: str = Field("https://slack.com/api/", description="Slack Web API address.")
    smtp_host: str = Field("", description="Mail server; empty means no e-mail is sent.")
    smtp_port: int = Field(587, description="Port of the mail server.", gt=0, lt=65536)
    smtp_security: Literal["starttls", "tls", "none"] = Field("starttls", description="starttls, tls or none.")
    smtp_user: str = Field("", description="User name at the mail server; empty means no sign-in.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the mail server.")
    mail_from: str = Field("", description="Sender of reports, such as Ops Console <ops@example.com>.")
    mail_to: str = Field("", description="Addresses that receive reports, separated by commas.")
    team_mail_to: str = Field("", description="Addresses that receive the weekly review, separated by commas.")
    private_addresses: str = Field(
        "", description="Private networks that sources may be read from, such as 10.20.0.0/16, separated by commas."
    )
    secrets_folder: str = Field("/run/secrets", description="Folder of the files in which secrets of sources may lie.")
    files_folder: str = Field("", description="Folder of the files that sources may read; empty means none.")
    inbox_days: int = Field(30, description="Days for which webhook bodies are kept, to replay or read them.", gt=0)
    processes: int = Field(
        2, description="Processes that compute figures and read long files beside the server; 1: none.", ge=1, le=32
    )
    report_owner: str = Field("", description="Address that hears of failed deliveries; else the first of mail_to.")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is no IANA time zone") from error

    @field_validator("private_addresses")
    @classmethod
    def _networks(cls, value: str) -> str:
        try:
            networks(value)
        except ValueError as error:
            raise ValueError(f"{error}; write networks such as 10.20.0.0/16, separated by commas") from None
        return value


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks of a list separated by commas."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def load() -> Settings:
    """Settings from the environment and from the files it names; `Misconfigured` names each wrong one."""
    try:
        return Settings(**_from_files())  # type: ignore[arg-type]  # pydantic validates each value
    except ValidationError as error:
        wrong = "; ".join(f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise Misconfigured(
            f"Settings cannot be used: {wrong}.", remedy="Mend the environment and start again."
        ) from None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return load()


def _from_files() -> dict[str, str]:
    """Values of settings given as `OPS_CONSOLE_<NAME>_FILE`, the way container secrets arrive."""
    found = {}
    for name in Settings.model_fields:
        path = os.environ.get(f"{PREFIX}{name.upper()}_FILE")
        if path:
            try:
                found[name] = Path(path).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
                raise Misconfigured(f"{PREFIX}{name.upper()}_FILE cannot be read: {reason}.") from None
    return found
