"""`/settings/paved-road`: what is asked of a model, since when, and who said so."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select

from ops_console.core.db import reading
from ops_console.records.criteria import Criterion
from tests.ingest.deliveries import deliver
from tests.web.pages.conftest import page, send

HERE = "/settings/paved-road"
ADD = f"{HERE}/add"
ROAD = "scaffold; ci_workflow; registry; standard_runtime"
ASKED = {"title": "Watched for drift", "kind": "monitors", "required": "yes", "from": "2026-11-01", "reason": "Q4 plan"}


@pytest.fixture(autouse=True)
def catalog(sqlite: Engine) -> None:
    """One model that has all that is usual, and one that has an owner."""
    full = {
        "external_id": "m1",
        "name": "ranker",
        "paved_road": ROAD,
        "runbook_url": "https://r.example",
        "owner": "Ana",
    }
    bare = {"external_id": "m2", "name": "churn", "owner": "Bo"}
    deliver(sqlite, "models", *(each | {"lifecycle": "production"} for each in (full, bare)))
    deliver(sqlite, "slos", {"updated_at": "2026-01-01T00:00:00Z"})


def kept(engine: Engine, key: str) -> list[Criterion]:
    with reading(engine) as session:
        return list(session.scalars(select(Criterion).where(Criterion.key == key).order_by(Criterion.id)))  # type: ignore[arg-type]


def test_the_usual_criteria_stand_with_how_many_models_have_them(viewer: FlaskClient) -> None:
    text = page(viewer, HERE)
    assert "1 of 2 production models have all that is required today." in text
    assert "Attested as scaffold" in text and "An owner is named" in text
    assert text.count("1 of 2</td>") == 6 and text.count("2 of 2</td>") == 1
    assert "the beginning" in text and "Default" in text


def test_before_the_first_model_the_page_says_so(viewer: FlaskClient, sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        connection.exec_driver_sql("DELETE FROM criterion")
    assert "Nothing is asked for." in page(viewer, HERE)


def test_a_viewer_reads_and_changes_nothing(viewer: FlaskClient) -> None:
    text = page(viewer, HERE)
    assert "Add a criterion" not in text and "Managers and administrators can change" in text
    page(viewer, ADD, 403)


def test_the_effect_names_who_would_no_longer_pass_and_sets_nothing(admin: FlaskClient, sqlite: Engine) -> None:
    status, text = send(admin, ADD, ADD, **ASKED, monitors=["drift"], then="look")
    assert status == 200
    assert "0 production models would be on the paved road; without the change 1." in text
    assert 'href="/models/ranker?tab=governance"' in text
    assert 'value="Watched for drift"' in text and 'value="drift" checked' in text
    assert kept(sqlite, "watched_for_drift") == []


def test_a_criterion_is_set_changed_and_withdrawn_each_with_its_date(admin: FlaskClient, sqlite: Engine) -> None:
    assert send(admin, ADD, ADD, **ASKED, monitors=["drift", "service"], then="set") == (303, HERE)
    text = page(admin, HERE)
    assert "Watched for drift, service" in text and "Q4 plan" in text
    one = f"{HERE}/criteria/watched_for_drift"
    changed = ASKED | {"required": "no", "from": "2026-11-03", "reason": "too early"}
    assert send(admin, one, one, **changed, monitors=["drift"], then="set")[0] == 303
    assert send(admin, one, f"{one}/withdraw", until="2026-12-01", why="done")[0] == 303
    first, second, third = kept(sqlite, "watched_for_drift")
    assert (first.required, second.required, third.withdrawn) == (True, False, True)
    assert [first.until_at, second.until_at] == [second.from_at, third.from_at]
    assert (third.set_by, third.reason) == ("admin@example.com", "done")
    text = page(admin, HERE)
    assert "Replaced" in text and "Not yet" in text


def test_an_attested_criterion_looks_for_its_key(admin: FlaskClient, sqlite: Engine) -> None:
    asked = ASKED | {"title": "Uses the feature store", "key": "Feature store", "kind": "attested"}
    send(admin, ADD, ADD, **asked, then="set")
    (found,) = kept(sqlite, "feature_store")
    assert (found.title, found.proof) == ("Uses the feature store", "attested:feature_store")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": " "}, "Give it a title"),
        ({"kind": ""}, "Choose what proves it."),
        ({"kind": "monitors"}, "A criterion needs something that proves it."),
        ({"kind": "monitors", "monitors": ["weather"]}, "is no monitor"),
        ({"kind": "rollback", "rollback": "soon"}, "is no number of days"),
        ({"from": "soon"}, "Write the first day as 2026-11-01."),
        ({"reason": ""}, "Say why"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_the_form_keeps_the_rest(
    admin: FlaskClient, changes: dict[str, str], told: str
) -> None:
    status, text = send(admin, ADD, ADD, **(ASKED | {"key": "kept words"} | changes), then="set")
    assert status == 422
    assert told in text.replace("&#39;", "'")
    assert 'value="kept words"' in text


def test_a_key_that_is_taken_is_not_taken_again(admin: FlaskClient) -> None:
    status, text = send(admin, ADD, ADD, **(ASKED | {"title": "Owner", "kind": "owner"}), then="set")
    assert status == 422 and "There is a criterion owner already" in text


def test_a_withdrawal_needs_a_day(admin: FlaskClient) -> None:
    status, text = send(admin, f"{HERE}/criteria/owner", f"{HERE}/criteria/owner/withdraw", until="")
    assert status == 422 and "Write the first day without the criterion" in text


def test_a_criterion_nobody_knows_is_not_found(admin: FlaskClient) -> None:
    assert "There is no criterion" in page(admin, f"{HERE}/criteria/nothing", 404)
