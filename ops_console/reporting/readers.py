"""Who reads a report: leaders get a month in numbers, the team its own week. Each has addresses of its own."""

from enum import StrEnum

from ops_console.core.settings import Settings


class Readers(StrEnum):
    LEADERS = "leaders"
    TEAM = "team"


def addressed(readers: Readers, settings: Settings) -> Settings:
    """The settings as channels read them for these readers."""
    if readers is Readers.LEADERS:
        return settings
    return settings.model_copy(update={"mail_to": settings.team_mail_to, "slack_channel": settings.team_slack_channel})
