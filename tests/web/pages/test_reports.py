"""What went out, to whom, did it arrive?"""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from sqlmodel import select

from ops_console.accounts.roles import Role
from ops_console.core.clock import now
from ops_console.core.db import reading, transaction
from ops_console.core.settings import settings
from ops_console.records.reminders import Digest
from ops_console.records.reports import Delivery, OptOut, ReportRun
from ops_console.records.workspace import Workspace
from tests.conftest import Filled
from tests.web.conftest import csrf, over, sign_in
from tests.web.pages.conftest import page

PREVIEW = "/reports/monthly_operations/preview?period=2026-10"


@pytest.fixture
def sqlite(company_template: bytes, sqlite_filled: Filled) -> Engine:
    return sqlite_filled(company_template)


@pytest.fixture
def app(whole_app: Flask, sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """With the real reports and channels; mail goes to a port where nobody listens."""
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "9", "SMTP_SECURITY": "none"}
    mail |= {"MAIL_FROM": "ops@example.com", "MAIL_TO": "boss@example.com"}
    for name, value in mail.items():
        monkeypatch.setenv(f"OPS_CONSOLE_{name}", value)
    settings.cache_clear()
    with over(whole_app, sqlite):
        yield whole_app
    settings.cache_clear()


@pytest.fixture
def manager(app: Flask, sqlite: Engine) -> FlaskClient:
    return sign_in(app.test_client(), sqlite, Role.MANAGER)


def press(browser: FlaskClient, what: str, **fields: str):
    token = csrf(page(browser, PREVIEW))
    return browser.post(f"/reports/monthly_operations/{what}", data={"csrf_token": token, "period": "2026-10"} | fields)


def test_the_next_dates_and_the_readers_are_shown(viewer: FlaskClient) -> None:
    text = page(viewer, "/reports")
    assert "4 Dec 2026" in text or "3 Dec 2026" in text
    assert "boss@example.com" in text and "No report has been made yet." in text


def test_a_preview_is_the_report_itself_and_keeps_nothing(viewer: FlaskClient, sqlite: Engine) -> None:
    text = page(viewer, PREVIEW)
    assert text.count("<h1") == 1 and "Oct 2026" in text and "figures may still change" in text
    with reading(sqlite) as session:
        assert not session.exec(select(ReportRun)).all()


def test_a_viewer_sees_no_buttons_and_cannot_press_them(viewer: FlaskClient) -> None:
    assert "Approve and send" not in page(viewer, PREVIEW)
    token = csrf(page(viewer, "/account"))
    for what in ("send", "test"):
        answer = viewer.post(f"/reports/monthly_operations/{what}", data={"csrf_token": token})
        assert answer.status_code == 403 and "needs the role" in answer.text


def test_approving_freezes_the_report_and_shows_what_became_of_each_delivery(
    manager: FlaskClient, sqlite: Engine
) -> None:
    answer = press(manager, "send", note="Read section 2.")
    assert answer.status_code == 303
    text = page(manager, answer.headers["Location"])
    assert "Read section 2." in text and "boss@example.com" in text and "figures are fixed" in text
    with reading(sqlite) as session:
        assert [row.recipient for row in session.exec(select(Delivery))] == ["boss@example.com"]
    assert "r-2026-10-1" in text and "0 of 1" in page(manager, "/reports")


def test_approving_twice_makes_one_run(manager: FlaskClient) -> None:
    assert press(manager, "send").headers["Location"] == press(manager, "send").headers["Location"]


def test_a_run_can_be_kept_as_pdf(manager: FlaskClient) -> None:
    place = press(manager, "send").headers["Location"]
    answer = manager.get(f"{place}.pdf")
    assert answer.data.startswith(b"%PDF") and "monthly_operations_2026-10.pdf" in answer.headers["Content-Disposition"]


def test_a_demo_workspace_sends_nothing_and_says_why(manager: FlaskClient, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        session.connection().execute(update(Workspace).values(is_demo=True))
    assert "A demo workspace sends nothing." in page(manager, "/reports")
    assert "Approve and send" not in page(manager, PREVIEW)
    token = csrf(page(manager, "/account"))
    answer = manager.post("/reports/monthly_operations/send", data={"csrf_token": token, "period": "2026-10"})
    assert answer.status_code == 400 and "A demo workspace sends nothing." in answer.text


@pytest.mark.parametrize("path", ["/reports/runs/7", "/reports/runs/7.pdf", "/reports/novel/preview"])
def test_what_is_not_there_is_not_found(viewer: FlaskClient, path: str) -> None:
    assert viewer.get(path).status_code == 404


def test_a_week_is_no_period_of_a_monthly_report(viewer: FlaskClient) -> None:
    assert viewer.get("/reports/monthly_operations/preview?period=2026-W40").status_code == 404


def test_one_press_stops_reports_without_signing_in(manager: FlaskClient, visitor: FlaskClient, sqlite: Engine) -> None:
    press(manager, "send")
    with reading(sqlite) as session:
        token = session.exec(select(Delivery.token)).one()
    address = f"/reports/unsubscribe/r-2026-10-1.{token}"
    assert "Stop reports" in page(visitor, address)
    with reading(sqlite) as session:
        assert not session.exec(select(OptOut)).all()
    answer = visitor.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and "boss@example.com gets no more reports" in answer.text


def test_whoever_was_reminded_stops_one_kind_or_the_way_it_came(visitor: FlaskClient, sqlite: Engine) -> None:
    who = "ana@example.com"
    digest = {"recipient": who, "day": date(2026, 11, 4), "channel": "slack", "address": f"@{who}"}
    with transaction(sqlite) as session:
        session.add(Digest(**digest, state="delivered", made_at=now(), token="abc"))
    address = "/reports/unsubscribe/reminder-2026-11-04.abc"
    text = page(visitor, address)
    assert "those of actions, by whatever way" in text and "those of reviews" in text
    assert "ana@example.com gets no more reminders of reviews" in visitor.post(address, data={"kind": "review"}).text
    assert "gets no more reminders by this way" in visitor.post(address, data={"List-Unsubscribe": "One-Click"}).text
    assert visitor.post(address, data={"kind": "review"}).status_code == 200
    with reading(sqlite) as session:
        kept = {(each.channel, each.recipient) for each in session.exec(select(OptOut))}
    assert kept == {("reminders of reviews", "ana@example.com"), ("slack reminders", "ana@example.com")}


def test_a_made_up_link_stops_nothing(visitor: FlaskClient) -> None:
    assert visitor.post("/reports/unsubscribe/r-2026-10-1.x").status_code == 404
