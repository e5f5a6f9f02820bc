"""E-mail over SMTP: reports as HTML and complete plain text, one message per recipient."""

from ops_console.contracts.integration import Manifest

MANIFEST = Manifest(
    key="email",
    title="E-mail",
    roles=("channel",),
    settings=(
        "smtp_host",
        "smtp_port",
        "smtp_security",
        "smtp_user",
        "smtp_password",
        "mail_from",
        "mail_to",
        "team_mail_to",
    ),
    summary="Sends reports through your mail server.",
)
