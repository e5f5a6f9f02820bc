"""`/settings/targets`: what do we hold ourselves to, since when, and who said so?"""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from ops_console.accounts.roles import Role
from ops_console.core.clock import now
from ops_console.core.db import reading
from ops_console.kpis import CATALOGUE
from ops_console.records.targets import Target
from ops_console.scorecard.refresh import rebuild
from tests.web.conftest import sign_in
from tests.web.pages.conftest import page, send

HERE = "/settings/targets"
LEAD_TIME = f"{HERE}/lead_time"
FORM = {"scope": "workspace", "high": "10", "from": "2026-11-01", "reason": "Q4 plan"}


@pytest.fixture
def manager(app: Flask, sqlite: Engine) -> FlaskClient:
    return sign_in(app.test_client(), sqlite, Role.MANAGER)


def test_every_kpi_stands_with_its_default(viewer: FlaskClient) -> None:
    text = page(viewer, HERE)
    for definition in CATALOGUE.values():
        assert definition.title in text
    assert "&lt; 14 days" in text and "2 to 10 a month" in text


def test_viewers_and_editors_read_targets_and_set_none(viewer: FlaskClient, editor: FlaskClient) -> None:
    assert "Set a target" not in page(viewer, HERE)
    page(editor, LEAD_TIME, 403)


def test_the_effect_is_shown_before_anything_is_saved(manager: FlaskClient, sqlite: Engine) -> None:
    status, text = send(manager, LEAD_TIME, LEAD_TIME, then="look", **FORM)
    assert status == 200
    assert "What &lt; 10 days from 2026-11-01 would change" in text
    assert "None of the last twelve complete months would change status." in text
    assert 'value="Q4 plan"' in text
    with reading(sqlite) as session:
        assert session.scalars(select(Target)).all() == []


def test_of_a_target_that_binds_no_month_yet_the_effect_is_what_it_would_have_been(
    manager: FlaskClient, world, sqlite: Engine
) -> None:
    with world() as rows:
        model = rows.model()
        for _ in range(3):
            rows.release(model, at=datetime(2026, 10, 14, 9, tzinfo=UTC))
        rows.delivered(kind="deployments", first_at=datetime(2026, 1, 1, tzinfo=UTC), covers_until=now())
        rebuild(rows.session, now())
    band = f"{HERE}/model_deployments"
    text = send(manager, band, band, then="look", **FORM | {"low": "4", "high": "10"})[1]
    assert "None of the last twelve complete months would change status." in text
    assert "They keep the target they had. Had this one held for all of them:" in text
    assert "Oct 2026 would have been Off target, not On target." in text
    told = send(manager, band, band, then="look", **FORM | {"low": "4", "high": "10", "from": "2026-10-01"})[1]
    assert "Oct 2026 would change from On target to Off target." in told and "Had this one" not in told


def test_a_target_is_kept_in_the_kpis_own_unit_from_midnight_of_its_day(manager: FlaskClient, sqlite: Engine) -> None:
    assert send(manager, LEAD_TIME, LEAD_TIME, then="set", **FORM)[0] == 303
    with reading(sqlite) as session:
        kept = session.scalars(select(Target)).one()
    assert (kept.high, kept.from_at, kept.set_by) == (864_000, datetime(2026, 11, 1, tzinfo=UTC), "manager@example.com")
    text = page(manager, HERE)
    assert "&lt; 10 days" in text and "In force" in text and "Q4 plan" in text


def test_an_older_target_is_replaced_and_a_later_one_waits(manager: FlaskClient) -> None:
    for day, high in (("2026-09-01", "12"), ("2026-10-01", "11"), ("2027-01-01", "9")):
        send(manager, LEAD_TIME, LEAD_TIME, then="set", **FORM | {"from": day, "high": high})
    text = page(manager, HERE)
    places = [text.index(f"&lt; {days} days") for days in (9, 11, 12)]
    assert places == sorted(places)
    assert text.index("Not yet") < text.index("In force") < text.index("Replaced")


def test_a_target_can_be_for_one_tier(manager: FlaskClient, world, sqlite: Engine) -> None:
    with world() as rows:
        rows.model(tier=1)
    send(manager, f"{HERE}/mttr", f"{HERE}/mttr", then="set", **FORM | {"scope": "tier:1", "high": "0.5"})
    with reading(sqlite) as session:
        kept = session.scalars(select(Target)).one()
    assert (kept.scope_kind, kept.scope_key, kept.high) == ("tier", "1", 1800)
    assert "30 min" in page(manager, HERE)


def test_a_target_can_be_withdrawn(manager: FlaskClient) -> None:
    send(manager, LEAD_TIME, LEAD_TIME, then="set", **FORM)
    gone = {"scope": "workspace", "until": "2026-11-04", "why": "No longer agreed"}
    assert send(manager, LEAD_TIME, f"{LEAD_TIME}/withdraw", **gone)[0] == 303
    text = page(manager, HERE)
    assert "No target from then on" in text and "No longer agreed" in text
    gone["until"] = "soon"
    assert send(manager, LEAD_TIME, f"{LEAD_TIME}/withdraw", **gone)[0] == 422


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"high": ""}, "Give the number to meet."),
        ({"high": "1,5"}, "is no number"),
        ({"high": "-3"}, "is no number"),
        ({"from": "tomorrow"}, "Write the first day as 2026-11-01."),
        ({"reason": " "}, "Say why"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(manager: FlaskClient, wrong: dict[str, str], sentence: str) -> None:
    status, text = send(manager, LEAD_TIME, LEAD_TIME, then="set", **FORM | wrong)
    assert status == 422
    assert sentence in text and "<title>Error: " in text


def test_a_band_has_two_ends_in_the_right_order(manager: FlaskClient) -> None:
    band = f"{HERE}/model_deployments"
    upside_down = FORM | {"low": "9", "high": "3"}
    assert "swap them" in send(manager, band, band, then="set", **upside_down)[1]
    assert send(manager, band, band, then="set", **FORM | {"low": "3", "high": "9"})[0] == 303


def test_a_share_is_written_in_per_cent(manager: FlaskClient, sqlite: Engine) -> None:
    rate = f"{HERE}/change_failure_rate"
    assert "more than 100%" in send(manager, rate, rate, then="set", **FORM | {"high": "250"})[1]
    send(manager, rate, rate, then="set", **FORM | {"high": "7.5%"})
    with reading(sqlite) as session:
        assert session.scalars(select(Target.high)).one() == 0.075


def test_a_kpi_nobody_knows_is_not_found(manager: FlaskClient) -> None:
    page(manager, f"{HERE}/happiness", 404)


def test_targets_are_worded_as_the_figures_they_bind(manager: FlaskClient) -> None:
    listed, defined = page(manager, HERE), page(manager, "/help/definitions")
    assert all(word in text for text in (listed, defined) for word in ("all met", "0 over the limit twice in a row"))
