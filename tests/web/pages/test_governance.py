"""`/governance`: are we audit-ready, model by model, and the evidence in one file."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.records.workspace import Workspace
from ops_console.scorecard import refresh
from ops_console.web.evidence_pack import SUMS, packed
from tests.ingest.deliveries import deliver
from tests.web.conftest import over
from tests.web.pages.conftest import page
from tests.web.pages.test_cost import rows_of


@pytest.fixture
def models(sqlite: Engine) -> Callable[[], None]:
    """Two models in production since January: one with its card and built again, one with an overdue exception."""

    def fill() -> None:
        with transaction(sqlite) as session:
            made_at = datetime(2026, 1, 1, tzinfo=UTC)
            session.add(Workspace(name="Ops", time_zone="Europe/London", currency="USD", made_at=made_at))
        known = {"lifecycle": "production", "updated_at": "2026-01-01T00:00:00Z"}
        deliver(sqlite, "models", {"external_id": "m1", "name": "ranker", "tier": 1} | known)
        deliver(sqlite, "models", {"external_id": "m2", "name": "bidder", "tier": 2} | known)
        shipped = {"status": "succeeded", "environment": "production", "finished_at": "2026-07-05T09:00:00Z"}
        deliver(sqlite, "deployments", {"external_id": "d1", "model": "ranker", "version": "1"} | shipped)
        deliver(sqlite, "documents", {"model": "ranker", "reviewed_at": "2026-08-01T09:00:00Z"})
        deliver(sqlite, "reproductions", {"model": "ranker", "version": "1", "checked_at": "2026-08-01T09:00:00Z"})
        exception = {"kind": "exception", "model": "bidder", "first_seen_at": "2026-07-05T09:00:00Z"}
        deliver(
            sqlite,
            "findings",
            exception | {"external_id": "f1", "rule": "no owner", "due_on": "2026-08-19"},
            exception | {"external_id": "f2", "rule": "no card", "due_on": "2026-12-24"},
        )
        refresh.rebuild(sqlite, now())

    return fill


def test_before_the_first_model_the_page_says_where_one_comes_from(editor: FlaskClient) -> None:
    text = page(editor, "/governance")
    assert "No model was in production." in text and 'href="/imports/new?kind=models"' in text
    assert '<p class="soft">Not connected.' in text and "Nothing was open" not in text


def test_each_model_stands_with_what_it_lacks_and_the_worst_first(viewer: FlaskClient, models: Callable) -> None:
    models()
    text = page(viewer, "/governance?period=2026-Q3")
    bidder, ranker = rows_of(text, "How each model in production stands")[1:]
    assert bidder[:2] == ["bidder", "▲ no card"] and bidder[3:] == ["○ none checked", "■ 2 open, 1 overdue"]
    assert ranker[0] == "ranker" and ranker[3:] == ["● 1 of 1", "● none open"]
    assert "2 of 2 models in production have open points" in text


def test_exceptions_stand_with_their_days(viewer: FlaskClient, models: Callable) -> None:
    models()
    assert rows_of(page(viewer, "/governance?period=2026-Q3"), "Exceptions, policy violations")[1:] == [
        ["no owner", "bidder", "■ overdue", "19 Aug 2026", ""],
        ["no card", "bidder", "not due yet", "24 Dec 2026", ""],
    ]


def test_the_latest_quarter_is_shown_and_any_period_leads_to_its_own(viewer: FlaskClient, models: Callable) -> None:
    models()
    assert "Governance, Q3 2026" in page(viewer, "/governance")
    assert "Governance, Q3 2026" in page(viewer, "/governance?period=2026-08")
    assert "Governance, Q4 2026" in page(viewer, "/governance?period=2026-Q4")
    assert 'href="/governance?period=2026-08">Governance, model by model</a>' in page(
        viewer, "/kpis/model_card_completeness?period=2026-08"
    )


def test_without_the_report_there_is_no_pack(viewer: FlaskClient, models: Callable) -> None:
    """The console of these tests has no report installed."""
    models()
    assert "Download evidence pack" not in page(viewer, "/governance")
    assert "one file in the folder reports" in page(viewer, "/governance.zip", 404)


def test_the_pack_holds_the_report_and_the_rows_with_their_sums(
    whole_app: object, sqlite: Engine, models: Callable
) -> None:
    from ops_console.accounts.roles import Role
    from tests.web.conftest import sign_in

    models()
    with over(whole_app, sqlite):  # type: ignore[arg-type]
        viewer = sign_in(whole_app.test_client(), sqlite, Role.VIEWER)  # type: ignore[attr-defined]
        assert 'href="/governance.zip?period=2026-Q3"' in page(viewer, "/governance?period=2026-Q3")
        answer = viewer.get("/governance.zip?period=2026-Q3")
    assert "governance_2026-Q3.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    assert [*files] == [
        "audit_exceptions_2026-Q3.csv",
        "model_card_completeness_2026-Q3.csv",
        "paved_road_adoption_2026-Q3.csv",
        "quarterly_governance_2026-Q3.pdf",
        "reproducibility_2026-Q3.csv",
        SUMS,
    ]
    assert files["quarterly_governance_2026-Q3.pdf"].startswith(b"%PDF")
    rows = csv.DictReader(io.StringIO(files["audit_exceptions_2026-Q3.csv"].decode("utf-8-sig")))
    assert [[*row.values()] for row in rows] == [
        ["bidder", "no owner", "overdue", "true", "2026-08-19", ""],
        ["bidder", "no card", "not due yet", "false", "2026-12-24", ""],
    ]
    for line in files[SUMS].decode().splitlines():
        told, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == told


def test_the_same_files_make_the_same_pack() -> None:
    files = {"b.csv": b"2", "a.csv": b"1"}
    assert packed(files) == packed(dict(sorted(files.items())))


def test_where_no_register_tells_exceptions_none_is_not_claimed(viewer: FlaskClient, sqlite: Engine) -> None:
    deliver(sqlite, "models", {"name": "ranker", "lifecycle": "production", "updated_at": "2026-01-01T00:00:00Z"})
    refresh.rebuild(sqlite, now())
    text = page(viewer, "/governance?period=2026-Q4")
    (ranker,) = rows_of(text, "How each model in production stands")[1:]
    assert ranker[-1] == "○ not known"
    assert "Nothing was open" not in text
