"""A demo's report is made and never sent."""

import pytest
import time_machine
from pydantic import SecretStr
from sqlalchemy import Engine, func, select

import integrations
import reports as reports_folder
from ops_console.contracts.parts import Parts, assemble
from ops_console.core.db import reading, transaction
from ops_console.core.errors import OpsConsoleError
from ops_console.core.periods import Grain, latest_complete
from ops_console.core.settings import Settings
from ops_console.demo import reports
from ops_console.demo.database import workspace
from ops_console.demo.load import load
from ops_console.demo.story import LONDON
from ops_console.records.reports import Delivery, ReportRun
from ops_console.reporting import report
from ops_console.reporting.publishing import publish
from tests.demo.stories import ANCHOR

READY_TO_SEND = Settings(  # type: ignore[call-arg]  # the rest has defaults
    smtp_host="127.0.0.1",
    smtp_port=9,
    mail_from="Ops <ops@example.com>",
    mail_to="boss@example.com",
    slack_token=SecretStr("xoxb-not-real"),
    slack_channel="C0123456789",
    slack_api_url="http://127.0.0.1:9/api/",
)
PARTS = assemble(integrations, reports_folder)


def _sent(engine: Engine, parts: Parts = PARTS) -> None:
    asked = report.named(parts, "monthly_operations")
    month = latest_complete(ANCHOR, Grain.MONTH, LONDON)
    with time_machine.travel(ANCHOR):
        publish(engine, parts, READY_TO_SEND, asked, month, made_by="test", asked=True)


def test_sending_from_a_demo_is_refused_in_so_many_words(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        workspace(session, ANCHOR)
    with pytest.raises(OpsConsoleError, match="demo workspace sends nothing"):
        _sent(sqlite)


def test_reports_of_the_last_month_week_and_quarter_are_frozen_and_went_to_nobody(sqlite: Engine) -> None:
    load(sqlite, ANCHOR, months=1)
    with time_machine.travel(ANCHOR):
        made = reports.make(sqlite, PARTS, READY_TO_SEND, ANCHOR)
    assert [each.deliveries for each in made] == [[]] * len(PARTS.reports)
    with reading(sqlite) as session:
        runs = session.scalars(select(ReportRun).order_by(ReportRun.period)).all()  # type: ignore[arg-type]
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0
    assert [(run.period, run.state, run.made_by) for run in runs] == [
        ("2026-10", "skipped", "demo"),
        ("2026-Q3", "skipped", "demo"),
        ("2026-W44", "skipped", "demo"),
    ]
