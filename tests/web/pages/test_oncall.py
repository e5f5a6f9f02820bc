"""`/oncall`: is the load bearable, when does it page, where was nobody; and each person's own line."""

import csv
import io
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from ops_console.accounts import people as accounts
from ops_console.accounts import sign_ins
from ops_console.accounts.roles import Role
from ops_console.core.clock import now
from ops_console.core.db import transaction
from ops_console.web.auth import COOKIE
from ops_console.web.oncall_hours import heat
from tests.ingest.deliveries import deliver
from tests.web.conftest import sign_in
from tests.web.pages.conftest import page
from tests.web.pages.rotas import PEOPLE, fill_rota
from tests.web.pages.test_cost import rows_of


@pytest.fixture
def rota(sqlite: Engine) -> Callable[..., None]:
    return partial(fill_rota, sqlite)


@pytest.fixture
def ben(app: Flask, sqlite: Engine) -> FlaskClient:
    """Signed in as the person of the rota, who only reads."""
    browser = app.test_client()
    with transaction(sqlite) as session:
        account = accounts.add(session, "ben@x.example", Role.VIEWER, now())
        browser.set_cookie(COOKIE, sign_ins.begin(session, account, now()))
    return browser


def test_without_shifts_the_page_says_where_they_come_from(editor: FlaskClient) -> None:
    text = page(editor, "/oncall")
    assert "No shifts and alerts yet." in text and 'href="/imports/new?kind=shifts"' in text
    assert "When it pages" not in text


def test_cards_are_those_of_the_scorecard_and_lead_to_their_kpis(viewer: FlaskClient, rota: Callable) -> None:
    rota()
    text = page(viewer, "/oncall?period=2026-10")
    for key in ("team_health", "alert_quality", "toil"):
        assert f'class="card" href="/kpis/{key}?period=2026-10"' in text
    for key in ("team_health", "alert_quality"):
        assert 'href="/oncall?period=2026-10">Who is on call' in page(viewer, f"/kpis/{key}?period=2026-10")


def test_pages_stand_at_their_weekday_and_hour(viewer: FlaskClient, rota: Callable) -> None:
    rota()
    head, *days = rows_of(page(viewer, "/oncall?period=2026-10"), "Pages by weekday and hour")
    thursday = days[3]
    assert head[9] == "Hour 8" and (thursday[0], thursday[9], thursday[-1]) == ("Thursday", "5", "5")
    assert [day[-1] for day in days] == ["0", "0", "0", "5", "0", "0", "0"]
    assert "No page fired in Nov 2026." in page(viewer, "/oncall?period=2026-11")


def test_few_pages_are_pale_and_the_busiest_hour_is_darkest() -> None:
    steps = lambda **counts: [cell.step for cell in heat({(0, h): n for h, n in enumerate(counts.values())})[0].cells]  # noqa: E731
    assert steps(a=0, b=1, c=2)[:3] == [0, 1, 2]
    assert steps(a=1, b=50, c=100)[:3] == [1, 2, 4]


def test_weeks_tell_pages_by_the_hours_of_the_persons_day(viewer: FlaskClient, rota: Callable) -> None:
    rota()
    text = page(viewer, "/oncall?period=2026-10")
    head, *weeks = rows_of(text, "Pages by week and hours")
    assert head == ["Week", "Total", "Business", "Off", "Sleep"]
    assert ["Week 40, 2026", "5", "5", "0", "0"] in weeks and len(weeks) == 13
    assert "0 pages in sleep hours in" in text


def test_two_people_are_told_apart_nowhere(viewer: FlaskClient, rota: Callable) -> None:
    rota(names=("Ada", "Ben"))
    text = page(viewer, "/oncall?period=2026-10")
    assert all(week[1] == "no data" for week in rows_of(text, "Pages by week and hours")[1:])
    assert rows_of(text, "Schedules, Oct")[1][1] == "hidden to protect people"
    assert "Ada" not in text and "Ben" not in text


def test_the_loudest_alerts_say_how_many_of_them_were_worth_it(viewer: FlaskClient, rota: Callable) -> None:
    rota()
    assert rows_of(page(viewer, "/oncall?period=2026-10"), "Alerts by how often")[1:] == [
        ["HighLatency", "4", "4", "1 of 4"],
        ["QueueDepth", "1", "1", "0 of 1"],
    ]


def test_a_day_that_nobody_took_is_a_gap(viewer: FlaskClient, rota: Callable) -> None:
    rota(11)
    (schedule,) = rows_of(page(viewer, "/oncall?period=2026-10"), "Schedules, Oct")[1:]
    assert schedule[0] == "primary" and schedule[4] == "around the clock"
    assert schedule[5] == "▲ from 12 Oct 2026 08:00 UTC for 1 day"


def test_managers_see_everybody_and_the_file_has_the_same_lines(app: Flask, sqlite: Engine, rota: Callable) -> None:
    rota()
    manager = sign_in(app.test_client(), sqlite, Role.MANAGER)
    head, *lines = rows_of(page(manager, "/oncall/people?period=2026-10"), "On call by person")
    assert head[:3] == ["Person", "Team", "Hours on call"]
    assert [line[0] for line in lines] == ["Ada", "Ben", "Cy"]
    assert lines[0] == ["Ada", "Search", "240 h", "10", "1", "5", "5", "0", "0", "0.25"]
    answer = manager.get("/oncall/people.csv?period=2026-10")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(row["person"], row["pages"], row["shifts_over"]) for row in rows] == [
        ("Ada", "5", "1"),
        ("Ben", "0", "0"),
        ("Cy", "0", "0"),
    ]


def test_a_person_sees_only_his_own_line(ben: FlaskClient, rota: Callable) -> None:
    rota()
    text = page(ben, "/oncall/people?period=2026-10")
    assert [line[0] for line in rows_of(text, "On call by person")[1:]] == ["Ben"]
    assert "Ada" not in text and "Nobody but you and the managers sees it." in text
    rows = ben.get("/oncall/people.csv?period=2026-10").data.decode("utf-8-sig").splitlines()
    assert len(rows) == 2 and rows[1].startswith("Ben,")


def test_who_was_not_on_call_sees_nobody(viewer: FlaskClient, rota: Callable) -> None:
    rota()
    text = page(viewer, "/oncall/people?period=2026-10")
    assert "You were not on call in Oct 2026." in text and not any(name in text for name in PEOPLE)


def test_a_team_narrows_the_people(admin: FlaskClient, rota: Callable, sqlite: Engine) -> None:
    rota()
    deliver(sqlite, "models", {"external_id": "m1", "name": "ranker", "team": "Search"})
    deliver(sqlite, "models", {"external_id": "m2", "name": "fraud", "team": "Risk"})
    assert len(rows_of(page(admin, "/oncall/people?period=2026-10&scope=team:Search"), "On call by person")) == 4
    assert "Nobody was on call in Oct 2026, Team Risk." in page(admin, "/oncall/people?period=2026-10&scope=team:Risk")


@pytest.mark.parametrize(
    "query", ["scope=team:Search", "scope=tier:1", "period=2026-10-01..2026-10-10", "grain=quarter"]
)
def test_whatever_is_asked_for_is_answered(viewer: FlaskClient, rota: Callable, sqlite: Engine, query: str) -> None:
    rota()
    deliver(sqlite, "models", {"external_id": "m1", "name": "ranker", "team": "Search", "tier": 1})
    assert "When it pages" in page(viewer, f"/oncall?{query}")
    assert "On call by person" in page(viewer, f"/oncall/people?{query}")


def test_before_the_facts_begin_no_page_is_not_claimed(viewer: FlaskClient, rota: Callable) -> None:
    rota()
    text = page(viewer, "/oncall?period=2020-01")
    assert "No page fired" not in text and "facts begin on 1 Oct 2026" in text


def test_pages_that_name_nobody_are_told_beside_the_people(admin: FlaskClient, sqlite: Engine, rota: Callable) -> None:
    rota()
    deliver(sqlite, "alerts", {"external_id": "nobody", "started_at": "2026-10-09T09:00:00Z"})
    assert "1 page named nobody and stands with no person." in page(admin, "/oncall/people?period=2026-10")
