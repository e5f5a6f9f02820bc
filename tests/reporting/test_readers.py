"""Leaders get the month, the team its week: each report goes to readers of its own."""

import pytest
import time_machine
from sqlalchemy import Engine, func, select

import reports.weekly_review
from integrations.email import channel as email
from integrations.slack import channel as slack
from ops_console.contracts.parts import Parts
from ops_console.core.db import reading
from ops_console.core.errors import BadInput
from ops_console.core.periods import Period, parse
from ops_console.core.settings import Settings
from ops_console.records.reports import Delivery
from ops_console.reporting.publishing import publish
from ops_console.reporting.readers import Readers, addressed
from tests.reporting.posting import NINE
from tests.reporting.shown import LONDON
from tests.reporting.workspaces import workspace

WEEK: Period = parse("2026-W44", LONDON)
POST = {"smtp_host": "127.0.0.1", "mail_from": "Ops <ops@example.com>", "mail_to": "vp@example.com"}
CHAT = {"slack_token": "xoxb-not-real", "slack_channel": "C0LEADERS"}
TEAM = {"team_mail_to": "team@example.com, ana@example.com", "team_slack_channel": "C0TEAM"}
BOTH = Settings(**POST, **CHAT, **TEAM)  # type: ignore[arg-type]


def test_each_kind_of_readers_has_its_own_addresses() -> None:
    leaders, team = addressed(Readers.LEADERS, BOTH), addressed(Readers.TEAM, BOTH)
    assert (email.recipients(leaders), slack.recipients(leaders)) == (["vp@example.com"], ["C0LEADERS"])
    assert email.recipients(team) == ["team@example.com", "ana@example.com"]
    assert slack.recipients(team) == ["C0TEAM"]


def test_who_reads_the_month_gets_no_week_unasked() -> None:
    only = addressed(Readers.TEAM, Settings(**POST, **CHAT))  # type: ignore[arg-type]
    assert (email.recipients(only), slack.recipients(only)) == ([], [])


def test_a_team_without_addresses_is_told_which_to_set(sqlite: Engine) -> None:
    parts = Parts(channels={"email": email}, reports={"weekly_review": reports.weekly_review})
    mine = Settings(**POST)  # type: ignore[arg-type]
    with time_machine.travel(NINE, tick=False):
        workspace(sqlite)
        weekly = reports.weekly_review.REPORT
        kept = publish(sqlite, parts, mine, weekly, WEEK, made_by="timetable")
        assert (kept.run.state, kept.run.reason) == ("skipped", "Nobody of the team receives this report yet.")
        with pytest.raises(BadInput, match="Nobody of the team") as refused:
            publish(sqlite, parts, mine, weekly, WEEK, made_by="ana", asked=True)
    assert "OPS_CONSOLE_TEAM_MAIL_TO" in str(refused.value.remedy)
    with reading(sqlite) as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0
