"""A manager starts a new baseline on the page of a KPI, and takes it back."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from ops_console.core.db import reading
from ops_console.records.baselines import Baseline
from tests.conftest import Filled
from tests.web.pages.conftest import page, send

HERE = "/kpis/lead_time?period=2026-10"
START = "/kpis/lead_time/baselines?period=2026-10"
FORM = {"baseline-from": "2026-09", "baseline-reason": "Canary for all"}


@pytest.fixture
def sqlite(company_template: bytes, sqlite_filled: Filled) -> Engine:
    return sqlite_filled(company_template)


def kept(engine: Engine) -> list[Baseline]:
    with reading(engine) as session:
        return list(session.scalars(select(Baseline)))


def test_it_begins_with_a_period_and_is_kept_with_reason_and_author(admin: FlaskClient, sqlite: Engine) -> None:
    assert send(admin, HERE, START, **FORM) == (303, "/kpis/lead_time?period=2026-10#annotations")
    (row,) = kept(sqlite)
    assert (row.kpi, row.scope_kind, row.reason, row.set_by) == (
        "lead_time",
        "workspace",
        "Canary for all",
        "admin@example.com",
    )
    assert "Canary for all" in page(admin, HERE)


def test_it_is_withdrawn_with_a_reason(admin: FlaskClient, sqlite: Engine) -> None:
    send(admin, HERE, START, **FORM)
    (row,) = kept(sqlite)
    take_back = f"/kpis/lead_time/baselines/{row.id}/withdraw?period=2026-10"
    assert send(admin, HERE, take_back, **{"baseline-why": ""})[0] == 422
    assert send(admin, HERE, take_back, **{"baseline-why": "Nothing changed"})[0] == 303
    (row,) = kept(sqlite)
    assert (row.withdrawn_by, row.withdrawn_reason) == ("admin@example.com", "Nothing changed")


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"baseline-reason": " "}, "Say why"), ({"baseline-from": "soon"}, "Choose the period it begins with.")],
)
def test_what_is_missing_is_said_at_its_field(admin: FlaskClient, changes: dict[str, str], message: str) -> None:
    status, text = send(admin, HERE, START, **FORM | changes)
    assert status == 422
    assert message in text


def test_a_viewer_neither_sees_the_form_nor_may_send_it(viewer: FlaskClient, sqlite: Engine) -> None:
    assert "Start a new baseline" not in page(viewer, HERE)
    assert kept(sqlite) == []
