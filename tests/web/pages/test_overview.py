"""Are we all right, what changed, what needs me?"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlmodel import col

from ops_console.accounts import people
from ops_console.accounts.roles import Role
from ops_console.core.db import transaction
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.kpis import CATALOGUE
from ops_console.records.incidents import Incident
from ops_console.records.reports import ReportRun
from ops_console.records.workspace import Workspace
from ops_console.web.pages.overview import HEADLINES
from tests.conftest import Filled
from tests.practices.stories import ANA, complete, promised, started
from tests.web import company
from tests.web.company import NOW
from tests.web.conftest import sign_in
from tests.web.pages.conftest import page, send


@pytest.fixture
def sqlite(company_template: bytes, sqlite_filled: Filled) -> Engine:
    return sqlite_filled(company_template)


def cards(text: str) -> list[str]:
    """Each card as plain words."""
    found = re.findall(r'<a class="card".*?</a>', text, re.S)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", card, flags=re.S).split()) for card in found]


def section(text: str, name: str) -> str:
    return text.split(f'aria-labelledby="{name}"')[1].split("</section>")[0]


def test_it_is_about_the_newest_complete_month_unless_asked(viewer: FlaskClient) -> None:
    assert "<h1>Overview, Oct 2026</h1>" in page(viewer, "/")
    assert "<h1>Overview, Sep 2026, Tier 1</h1>" in page(viewer, "/?period=2026-09&scope=tier:1")


def test_statuses_are_counted_and_lead_to_the_scorecard_narrowed_to_them(viewer: FlaskClient) -> None:
    counts = re.findall(r'href="/kpis\?period=2026-10&amp;status=(\w+)".*?<strong>(\d+)</strong>', page(viewer, "/"))
    assert [status for status, _ in counts] == ["off_target", "at_risk", "on_target", "no_status"]
    assert sum(int(number) for _, number in counts) == len(CATALOGUE)


def test_cards_stand_in_their_fixed_order_with_value_and_target(viewer: FlaskClient) -> None:
    found = cards(page(viewer, "/"))
    places = {number: place for place, number in enumerate(HEADLINES)}
    known = sorted((kpi.number for kpi in CATALOGUE.values()), key=lambda number: places.get(number, 100 + number))
    titles = {kpi.number: kpi.title.partition(",")[0] for kpi in CATALOGUE.values()}
    assert len(found) == 8 and all(card.startswith(titles[number]) for card, number in zip(found, known, strict=False))
    assert "12" in found[0] and "target 2 to 10 a month" in found[0]


def test_deployments_are_never_shown_without_the_failure_rate(viewer: FlaskClient) -> None:
    assert "change failure rate" in cards(page(viewer, "/"))[0]


def test_a_card_without_a_source_says_so_and_shows_no_zero(viewer: FlaskClient) -> None:
    cost = cards(page(viewer, "/"))[5]
    assert "Not connected" in cost and "No status" in cost and "$0" not in cost


def test_what_changed_names_the_kpi_that_crossed_its_target(viewer: FlaskClient) -> None:
    changed = section(page(viewer, "/"), "changed")
    assert "Change failure rate: " in changed and "/kpis/change_failure_rate?period=2026-10" in changed


def test_what_needs_a_person_is_listed(viewer: FlaskClient, sqlite: Engine) -> None:
    rows = [{"external_id": "1", "name": "x", "tier": 9}]
    import_rows(sqlite, rows, Delivery(kind="models", source="catalog"))
    stray = [{"external_id": "s", "title": "t", "model": "stray", "impact_started_at": "2026-10-30T10:00:00Z"}]
    import_rows(sqlite, stray, Delivery(kind="incidents", source="pager"))
    run = {"snapshot_hash": "", "made_by": "timetable", "made_at": NOW, "state": "failed"}
    with transaction(sqlite) as session:
        session.add(ReportRun(report="monthly_operations", period="2026-10", **run))
    needs = section(page(viewer, "/"), "needs")
    assert "Monthly operations for Oct 2026 failed" in needs
    assert "Import of models from catalog: 1 row refused" in needs
    assert "1 name not mapped" in needs


def test_where_nothing_waits_it_says_so(viewer: FlaskClient) -> None:
    assert "Nothing waits for a person" in section(page(viewer, "/"), "needs")


def test_a_silent_source_is_named(app: Flask, sqlite: Engine) -> None:
    with time_machine.travel(NOW + timedelta(days=5)):
        needs = section(page(sign_in(app.test_client(), sqlite), "/?period=2026-10"), "needs")
    assert "Deployments from test: no new facts since 4 Nov 2026" in needs


def test_a_scope_is_a_chip_that_can_be_removed(viewer: FlaskClient) -> None:
    text = page(viewer, "/?period=2026-10&scope=team:Search")
    assert re.search(r'<a href="/\?period=2026-10"><span class="unseen">Remove filter </span>Team Search', text)


def test_neighbouring_periods_are_one_step_away_and_the_future_is_not(viewer: FlaskClient) -> None:
    assert 'data-period href="/?period=2026-09"' in page(viewer, "/")
    assert 'rel="next"' in page(viewer, "/?period=2026-10") and 'rel="next"' not in page(viewer, "/?period=2026-11")


def test_a_running_month_is_so_far_and_gets_no_verdict(viewer: FlaskClient) -> None:
    text = page(viewer, "/?period=2026-11")
    assert "Nov 2026 so far" in text and "Off target" not in text


def test_each_page_of_a_demo_says_that_it_is_one(viewer: FlaskClient, sqlite: Engine) -> None:
    assert "Demo workspace" not in page(viewer, "/")
    with transaction(sqlite) as session:
        session.connection().execute(update(Workspace).values(is_demo=True))
    for path in ("/", "/kpis", "/reports", "/account", "/nope"):
        assert "Demo workspace" in viewer.get(path).text


def test_it_stays_small_and_within_a_fixed_number_of_statements(
    viewer: FlaskClient, sqlite: Engine, statements: Callable
) -> None:
    counts = []
    for _ in range(2):
        viewer.get("/")
        with statements() as seen:
            answer = viewer.get("/")
        counts.append(len(seen))
        more = [row | {"external_id": f"x{row['external_id']}"} for row in company.models()]
        for number, row in enumerate(more * 10):
            row |= {"external_id": f"m{number}", "name": f"m{number}"}
            import_rows(sqlite, [dict(row)], Delivery(kind="models", source="test", origin="API"))
    assert len(answer.data) < 100_000
    assert counts[0] == counts[1] <= 33


@pytest.mark.parametrize("word", ["N/A", "null", "None", "NaN", "Infinity", "unfortunately"])
def test_no_banned_word_appears(viewer: FlaskClient, word: str) -> None:
    for path in ("/", "/kpis", "/kpis/lead_time", "/kpis/cost_vs_budget"):
        plain = re.sub(r"<script.*?</script>|<[^>]+>", " ", page(viewer, path), flags=re.S)
        assert not re.search(rf"\b{word}\b", plain), path


def test_a_decision_that_is_overdue_needs_somebody_and_one_that_has_time_does_not(
    editor: FlaskClient, viewer: FlaskClient
) -> None:
    asked = {"question": "Fund a second region", "why": "", "owner": "Dana Fox"}
    send(editor, "/decisions", "/decisions", **asked, due_on=NOW.date())
    assert "asked and overdue" not in page(viewer, "/")
    for days in (3, 1):
        send(editor, "/decisions", "/decisions", **asked, due_on=NOW.date() - timedelta(days=days))
    needs = section(page(viewer, "/"), "needs")
    assert '<a href="/decisions">2 decisions asked and overdue, worst 3 days</a>' in needs


def test_promises_that_wait_stand_first_among_what_needs_you(viewer: FlaskClient, sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        people.add(session, ANA, Role.EDITOR, NOW)
        broken, before = session.scalars(select(Incident).order_by(col(Incident.restored_at).desc()).limit(2))
        promised(session, broken, due_on=(NOW - timedelta(days=34)).date())
        complete(session, broken, "capacity")
        started(session, before)
    text = page(viewer, "/")
    needs = text.split('id="needs"')[1].split("</ul>")[0]
    assert "1 action overdue, worst 34 days" in needs and "1 review to approve" in needs
    assert "1 review to write, 1 late" in needs
